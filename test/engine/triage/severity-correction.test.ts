import { expect, it } from 'vitest';
import { replaceAssets } from '../../../engine/store/entity-lists.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, LEA, listOpen, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

const DAY_MS = 86_400_000;
/** Priority 1 of Suricata is high. */
const loud = (flow: number, at: number, priority = 1) =>
  eve({ flow, at, sid: 7001, signature: 'ET LOUD thing', priority, source: `10.0.1.${flow}` });

const proposal = (more: object = {}) => ({
  statement: statementOf('severity.propose'),
  groupId: 1,
  claimed: 'high' as const,
  corrected: 'low' as const,
  days: 30,
  reason: 'It is an inventory scan that the product calls an attack',
  ...more,
});

async function openLoud(target: Parameters<typeof openSetting>[0]) {
  const setting = await openSetting(target);
  await setting.ingestEve([loud(1, setting.clock.atMs)]);
  return setting;
}

const decideOn = (setting: Setting, who: typeof ANA, correctionId: number, verdict: 'approve' | 'reject' = 'approve') =>
  setting.engine.handlers.rules.decideCorrection(setting.as(who), {
    statement: statementOf('severity.decide'),
    correctionId,
    verdict,
    reason: 'Seen it for months',
  });

const severityOfNewest = async (setting: Setting) => {
  const { items } = await listOpen(setting, CYD);
  return items.toSorted((a, b) => b.id - a.id)[0]?.severity;
};

describeOnBothStores('a corrected severity', (open) => {
  it('takes two people, counts for later alerts, keeps the claim in sight, and ends by the clock', async () => {
    const setting = await openLoud((await open()).target);
    const { rules, queue } = setting.engine.handlers;
    expect(await severityOfNewest(setting)).toBe('high');
    const { correctionId } = await rules.proposeCorrection(setting.as(ANA), proposal());
    await expect(rules.proposeCorrection(setting.as(BEN), proposal())).rejects.toThrow('proposed already');
    await setting.ingestEve([loud(2, setting.clock.atMs)]);
    expect(await severityOfNewest(setting)).toBe('high');
    await expect(decideOn(setting, ANA, correctionId)).rejects.toThrow('second person');
    await expect(decideOn(setting, BEN, correctionId)).rejects.toThrow('tier2');
    await decideOn(setting, CYD, correctionId);
    await expect(decideOn(setting, LEA, correctionId)).rejects.toThrow('approved already');

    await setting.ingestEve([loud(3, setting.clock.atMs)]);
    expect(await severityOfNewest(setting)).toBe('low');
    const { items } = await listOpen(setting, CYD);
    const [old, fresh] = [1, 3].map((id) => items.find((item) => item.id === id));
    expect(old?.severity).toBe('high');
    expect(fresh?.priorityPoints ?? 0).toBeLessThan(old?.priorityPoints ?? 0);
    const detail = await queue.get(setting.as(ANA), { id: 3 });
    expect(detail.alerts[0]).toMatchObject({ severity: 'low', claimedSeverity: 'high' });
    expect(detail.severityCorrections).toMatchObject([
      { claimed: 'high', corrected: 'low', proposedBy: 'Ana Example', decidedBy: 'Cyd Example', state: 'approved' },
    ]);
    // Another claim of the same rule, and the same claim of another, stay what they are.
    await setting.ingestEve([loud(4, setting.clock.atMs, 2)]);
    expect(await severityOfNewest(setting)).toBe('medium');
    await setting.ingestEve([eve({ flow: 5, sid: 7002, signature: 'ET OTHER', priority: 1, source: '10.0.1.5' })]);
    expect(await severityOfNewest(setting)).toBe('high');

    setting.clock.atMs += 30 * DAY_MS;
    await setting.ingestEve([loud(6, setting.clock.atMs)]);
    expect(await severityOfNewest(setting)).toBe('high');
    await setting.engine.tick();
    setting.clock.atMs -= 2 * DAY_MS;
    await setting.engine.tick();
    await setting.ingestEve([loud(7, setting.clock.atMs)]);
    expect(await severityOfNewest(setting)).toBe('high');
    const [shown] = await rules.corrections(setting.as(BEN), {});
    expect(shown).toMatchObject({ state: 'ended', endedBy: null });
    const kinds = await setting.store.read((db) =>
      db.selectFrom('decision').select('kind').where('kind', 'like', 'severity.%').orderBy('seq').execute(),
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['severity.propose', 'severity.decide', 'severity.end']);
    await setting.close();
  });

  it('lets a rule close what guards keep from it as claimed, and not once it is taken back', async () => {
    const setting = await openLoud((await open()).target);
    const { rules } = setting.engine.handlers;
    await setting.store.write((tx) =>
      replaceAssets(tx, [
        { key: '10.0.0.0/8', kind: 'cidr', criticality: 'low', internetFacing: false, owner: null, note: null },
      ]),
    );
    const muted = await rules.mute(setting.as(ANA), {
      statement: statementOf('rule.mute'),
      groupId: 1,
      hours: 8,
      reason: 'Loud all night',
    });
    expect(muted.changed).toBe(1);
    const again = (flow: number) =>
      setting.ingestEve([{ ...loud(flow, setting.clock.atMs), src_ip: '10.0.1.1', flow_id: 900 + flow }]);
    expect((await again(11)).autoClosed).toBe(0);
    const { correctionId } = await rules.proposeCorrection(setting.as(ANA), proposal());
    await decideOn(setting, LEA, correctionId);
    expect((await again(12)).autoClosed).toBe(1);
    const back = { statement: statementOf('severity.end'), correctionId, reason: 'It was an attack after all' };
    await rules.endCorrection(setting.as(BEN), back);
    expect((await again(13)).autoClosed).toBe(0);
    await expect(
      rules.endCorrection(setting.as(BEN), { ...back, statement: statementOf('severity.end') }),
    ).rejects.toThrow('ended already');
    const [shown] = await rules.corrections(setting.as(BEN), {});
    expect(shown).toMatchObject({ state: 'ended', endedBy: 'Ben Example', endedReason: 'It was an attack after all' });
    await setting.close();
  });

  it('is refused for a critical below high, for nothing, and withdrawn only by who proposed it', async () => {
    const setting = await openLoud((await open()).target);
    const { rules } = setting.engine.handlers;
    const ask = (more: object) => rules.proposeCorrection(setting.as(ANA), proposal(more));
    await expect(ask({ claimed: 'critical', corrected: 'medium' })).rejects.toThrow('high and no further');
    await expect(ask({ corrected: 'high' })).rejects.toThrow('already');
    await expect(ask({ groupId: 999 })).rejects.toMatchObject({ code: 'not_found' });
    const { correctionId } = await ask({});
    const withdraw = (who: typeof ANA) =>
      rules.endCorrection(setting.as(who), {
        statement: statementOf('severity.end'),
        correctionId,
        reason: 'Not sure any more',
      });
    await expect(withdraw(LEA)).rejects.toMatchObject({ code: 'forbidden' });
    await withdraw(ANA);
    await expect(decideOn(setting, CYD, correctionId)).rejects.toThrow('withdrawn already');
    const second = await ask({});
    await decideOn(setting, CYD, second.correctionId, 'reject');
    await setting.ingestEve([loud(3, setting.clock.atMs)]);
    expect(await severityOfNewest(setting)).toBe('high');
    await setting.close();
  });
});

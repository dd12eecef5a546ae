import { expect, it } from 'vitest';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, listOpen, statementOf } from '../engine-setting.ts';
import { type AssuranceSetting, openAssurance, RULE_ID } from './assurance-setting.ts';

async function readAll(setting: AssuranceSetting, who: typeof ANA): Promise<string[]> {
  const kinds: string[] = [];
  for (let audit = await setting.take(who); audit !== null; audit = await setting.take(who)) {
    const kind = await setting.kindOf(audit.id);
    kinds.push(kind);
    await setting.answer(who, audit.id, kind === 'known' ? 'true_positive' : 'benign_true_positive', 'beaconing');
  }
  return kinds;
}

describeOnBothStores('audits', (open) => {
  it('mix closures by the rule with those of people and known true positives, and the board adds up', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(40);
    await setting.closeByPerson(30, 'false_positive', 1000);
    await setting.closeByPerson(8, 'true_positive', 2000);
    await setting.tick();
    const kinds = [...(await readAll(setting, BEN)), ...(await readAll(setting, CYD))];
    expect(kinds.filter((kind) => kind === 'rule').length).toBeGreaterThanOrEqual(40);
    expect(new Set(kinds)).toEqual(new Set(['rule', 'person', 'known']));
    expect(kinds.slice(0, 20).some((kind) => kind !== 'rule')).toBe(true);
    await setting.tick();
    const board = await setting.board();
    expect(board.rules).toHaveLength(1);
    expect(board.rules[0]).toMatchObject({
      ruleId: RULE_ID,
      state: 'provisional',
      family: 'scanner',
      closed: 40,
      audited: 40,
      misses: 0,
      maxFalseCloseRate: 0.005,
    });
    expect(board.rules[0]?.bound).toBeLessThan(0.12);
    expect(board.rules[0]?.history.at(-1)).toMatchObject({ audited: 40, misses: 0 });
    expect(board.rules[0]?.rates.falseCloseRate.sentence).toContain('0 of 40 audits');
    expect(board.overall.missShare.n).toBe(40);
    expect(board.sensitivity.shown).toBeGreaterThan(2);
    expect(board.waiting).toBe(0);
    expect(board.budget.isAssumed).toBe(true);
    const named = await setting.store.read((db) =>
      db.selectFrom('audit_item').select(['reader_id', 'second_reader_id', 'excluded_id']).execute(),
    );
    expect(named.every((row) => row.reader_id === null && row.second_reader_id === null)).toBe(true);
    const quiet = await setting.engine.changes.latestSeq();
    await setting.tick();
    expect(await setting.engine.changes.latestSeq()).toBe(quiet);
    await setting.close();
  });

  it('give nothing away, and are not for who closed the item', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(5);
    await setting.closeByPerson(5, 'false_positive', 1000);
    await setting.tick();
    const audit = await setting.take(BEN);
    const text = JSON.stringify(audit);
    expect(audit?.alerts[0]?.fields.length).toBeGreaterThan(3);
    expect(text).toContain('do not act');
    for (const word of ['Scanner noise', RULE_ID, 'false_positive', 'looked at it', 'closed', 'grp_', 'alr_']) {
      expect(text).not.toContain(word);
    }
    expect((await setting.take(BEN))?.id).toBe(audit?.id);
    const kinds = await readAll(setting, ANA);
    expect(kinds.every((kind) => kind === 'rule')).toBe(true);
    await setting.close();
  });

  it('are void for who looks the original up, and go to somebody else', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(1);
    await setting.tick();
    const audit = await setting.take(BEN);
    const [group] = await setting.store.read((db) => db.selectFrom('alert_group').select('id').execute());
    await setting.engine.handlers.queue.get(setting.as(ANA), { id: group?.id ?? 0 });
    expect((await setting.board()).voided).toBe(0);
    await setting.engine.handlers.queue.get(setting.as(BEN), { id: group?.id ?? 0 });
    expect((await setting.board()).voided).toBe(1);
    await expect(setting.answer(BEN, audit?.id ?? 0, 'false_positive')).rejects.toThrow('void');
    expect(await setting.take(BEN)).toBeNull();
    expect((await setting.take(CYD))?.id).toBe(audit?.id);
    await setting.close();
  });

  it('that look like a true positive become a live question at once', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(30);
    await setting.tick();
    const audit = await setting.take(BEN);
    await expect(setting.answer(BEN, audit?.id ?? 0, 'true_positive')).rejects.toThrow('Say what');
    await setting.answer(BEN, audit?.id ?? 0, 'true_positive', 'talks to a known bad address');
    const { items } = await listOpen(setting, CYD);
    expect(items.map(({ title, tier }) => [title, tier])).toMatchObject([
      [expect.stringMatching(/^ET NOISE/), 'tier2'],
    ]);
    const detail = await setting.engine.handlers.queue.get(setting.as(CYD), { id: items[0]?.id ?? 0 });
    expect(detail.escalations[0]?.question).toContain('talks to a known bad address');
    expect((await setting.board()).rules[0]).toMatchObject({ misses: 1 });
    await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
      statement: statementOf('group.dispose'),
      selection: { kind: 'items', items: [{ id: items[0]?.id ?? 0, version: items[0]?.version ?? 0 }] },
      disposition: 'benign_true_positive',
      reason: 'the address is ours',
    });
    await setting.tick();
    expect((await setting.board()).rules[0]).toMatchObject({ audited: 1, misses: 0, state: 'provisional' });
    await setting.close();
  });
});

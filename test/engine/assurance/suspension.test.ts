import { expect, it } from 'vitest';
import { reopenSlice } from '../../../engine/assurance/reopen-closures.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { recount } from '../../../engine/store/counts.ts';
import { ChangeNews, makeTransact } from '../../../engine/writer.ts';
import { DEFAULT_ASSURANCE_POLICY } from '../../../shared/domain/assurance/assurance-policy.ts';
import { fixedRandom } from '../../fixtures/random.ts';
import { describeOnBothStores, quiet } from '../../store/databases.ts';
import { BEN, CYD, itemsOf, LEA, listOpen, statementOf } from '../engine-setting.ts';
import { type AssuranceSetting, lineOf, NOISE, openAssurance, RULE, RULE_ID } from './assurance-setting.ts';

const DAY_MS = 86_400_000;

/** Two suspected misses among few audits: the CUSUM passes its limit. */
async function suspend(setting: AssuranceSetting): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    const audit = await setting.take(BEN);
    await setting.answer(BEN, audit?.id ?? 0, 'true_positive', 'talks to a known bad address');
  }
}

async function closedByRule(setting: AssuranceSetting): Promise<number> {
  const rows = await setting.store.read((db) =>
    db.selectFrom('alert_group').select('id').where('closed_by', '=', RULE_ID).execute(),
  );
  return rows.length;
}

describeOnBothStores('a rule that closes wrongly', (open) => {
  it('is stopped at once, says so, closes nothing more, and what it had closed goes back to people', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(20);
    await setting.tick();
    await suspend(setting);
    const [line] = (await setting.board()).rules;
    expect(line).toMatchObject({ state: 'suspended', suspension: { cause: 'cusum', kind: 'suspended' } });
    await setting.closeByRule(3, 500);
    expect(await closedByRule(setting)).toBe(18);
    await setting.tick();
    expect(await closedByRule(setting)).toBe(0);
    const { items } = await listOpen(setting, CYD);
    expect(items).toHaveLength(23);
    expect((await setting.board()).suspensions).toMatchObject([{ reopened: 18, isReopening: false }]);
    const entries = await setting.store.read((db) =>
      db
        .selectFrom('decision')
        .select(['kind', 'summary'])
        .where('kind', 'like', 'assurance.%')
        .orderBy('seq')
        .execute(),
    );
    expect(entries.map(({ kind }) => kind)).toEqual(['assurance.suspend', 'assurance.reopen']);
    expect(entries.every(({ summary }) => summary.includes('suspension-1'))).toBe(true);
    const order = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const kept = await setting.store.read((db) => db.selectFrom('group_count').selectAll().execute());
    expect(order(kept)).toEqual(order(await setting.store.read(recount)));
    await setting.close();
  });

  it('is reopened in slices that go on after a kill, and not further back than thirty days', async () => {
    const { target } = await open();
    const setting = await openAssurance(target);
    await setting.closeByRule(7);
    setting.clock.atMs += 31 * DAY_MS;
    await setting.closeByRule(230, 100);
    await setting.tick();
    await suspend(setting);
    const news = new ChangeNews();
    const ports = {
      clock: setting.clock,
      random: fixedRandom(1),
      log: quiet,
      secrets: { get: async () => null, set: async () => {} },
    };
    const transact = makeTransact(setting.store, ports, news);
    const actor = { kind: 'system', id: 'assurance' } as const;
    const { sla } = loadPolicies();
    await transact(actor, (context) => reopenSlice(context, DEFAULT_ASSURANCE_POLICY, sla, 50));
    // The limit of a rule on trial is 200 a day; two of them were opened by the audits, 50 by the slice.
    expect(await closedByRule(setting)).toBe(7 + 200 - 2 - 50);
    const before = await closedByRule(setting);
    await expect(
      transact(actor, async (context) => {
        await reopenSlice(context, DEFAULT_ASSURANCE_POLICY, sla, 50);
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');
    expect(await closedByRule(setting)).toBe(before);
    await setting.tick();
    expect(await closedByRule(setting)).toBe(7);
    expect((await setting.board()).suspensions).toMatchObject([{ reopened: 198, isReopening: false }]);
    const entries = await setting.store.read((db) =>
      db.selectFrom('decision').select('summary').where('kind', '=', 'assurance.reopen').execute(),
    );
    expect(entries).toHaveLength(2);
    expect(entries.every(({ summary }) => summary.includes('(suspension-1)'))).toBe(true);
    await setting.close();
  });

  it('is re-armed by another person than its owner, with fresh decisions of people, on trial and from nothing', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(20);
    await setting.tick();
    await suspend(setting);
    await setting.tick();
    const rearm = (who: typeof LEA) =>
      setting.engine.handlers.assurance.rearm(setting.as(who), {
        statement: statementOf('assurance.rearm'),
        ruleId: RULE_ID,
        reason: 'The scanner moved; the rule is narrower now',
      });
    await expect(rearm(LEA)).rejects.toThrow('100 more decisions');
    setting.clock.atMs += 60_000;
    await setting.closeByRule(120, 3000);
    const { items } = await listOpen(setting, CYD);
    await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...items),
      disposition: 'false_positive',
      reason: 'the scanner',
    });
    await setting.tick();
    expect((await setting.board()).rules[0]?.fresh).toMatchObject({ audited: 120, misses: 0 });
    await expect(rearm({ ...LEA, id: 'cyd' })).rejects.toThrow('second person');
    expect((await rearm(LEA)).summary).toContain('on trial');
    await setting.closeByRule(2, 9000);
    await setting.tick();
    expect((await setting.board()).rules[0]).toMatchObject({
      state: 'provisional',
      audited: 0,
      closed: 2,
      suspension: null,
    });
    expect(await closedByRule(setting)).toBe(2);
    await setting.close();
  });

  it('is not re-armed with a text that nobody approved, whomever that text names', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(20);
    await setting.tick();
    await suspend(setting);
    const { rules, assurance } = setting.engine.handlers;
    const wider = RULE.replace('ET NOISE', 'ET');
    expect(wider).toContain('approvedBy:');
    const save = { statement: statementOf('rule.save'), id: RULE_ID, basedOn: 1, document: wider };
    await rules.save(setting.as(BEN), save);
    const status = { statement: statementOf('rule.status'), id: RULE_ID, version: 2, to: 'shadow' as const };
    await rules.setStatus(setting.as(BEN), { ...status, reason: 'A wider one' });
    const rearm = { statement: statementOf('assurance.rearm'), ruleId: RULE_ID, reason: 'The new one is better' };
    await expect(assurance.rearm(setting.as(LEA), rearm)).rejects.toThrow('Nobody has approved version 2');
    await setting.close();
  });

  it('is suspended by a planted true positive that it would have closed, which people get instead', async () => {
    const setting = await openAssurance((await open()).target);
    const plant = (source: string, sid: number) =>
      setting.engine.handlers.assurance.plant(setting.as(LEA), {
        statement: statementOf('assurance.plant'),
        ruleId: RULE_ID,
        record: JSON.stringify(lineOf(source, sid)),
        reason: 'The intrusion of March, with our addresses',
      });
    expect((await setting.board()).rules).toEqual([]);
    await setting.tick();
    expect((await setting.board()).canaries.owed).toMatchObject([{ ruleId: RULE_ID }]);
    expect((await plant('10.9.9.1', 4)).summary).toContain('reached people');
    expect((await setting.board()).canaries.owed).toEqual([]);
    await setting.tick();
    expect((await setting.board()).rules[0]).toMatchObject({ state: 'provisional' });
    await setting.closeByRule(2);
    await setting.tick();
    const runs = () => setting.store.read((db) => db.selectFrom('ingest_run').select('id').execute());
    const before = await runs();
    expect((await plant('10.9.9.2', NOISE)).summary).toContain('suspended');
    expect(await closedByRule(setting)).toBe(2);
    const { items } = await listOpen(setting, BEN);
    const planted = items.find((item) => item.entity.value === '10.9.9.2');
    const detail = await setting.engine.handlers.queue.get(setting.as(BEN), { id: planted?.id ?? 0 });
    expect(detail.rules).toEqual([]);
    // It says that it came from where all others did, and no file or upload was read at that hour.
    const [alert] = detail.alerts;
    const { origin } = await setting.engine.handlers.alert.get(setting.as(BEN), { id: alert?.id ?? 0 });
    const origins = await setting.store.read((db) =>
      db
        .selectFrom('ingest_run')
        .select('origin')
        .where('id', '=', before[0]?.id ?? 0)
        .execute(),
    );
    expect(origins.map((run) => run.origin)).toContain(origin);
    expect(await runs()).toEqual(before);
    const board = await setting.board();
    expect(board.canaries).toMatchObject({ shown: 2, closed: 1 });
    expect(board.suspensions).toMatchObject([{ cause: 'canary' }]);
    await setting.closeByRule(3, 700);
    expect(await closedByRule(setting)).toBe(2);
    await setting.close();
  });

  it('is caught by the readings alone when one in twenty of its closures is a true positive', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(100);
    await setting.tick();
    let readings = 0;
    for (let audit = await setting.take(BEN); audit !== null; audit = await setting.take(BEN)) {
      const isTrue = Number(audit.entity.value.split('.').at(-1)) % 20 === 0;
      await setting.answer(BEN, audit.id, isTrue ? 'true_positive' : 'benign_true_positive', 'what it did shows it');
      readings += 1;
      if ((await setting.board()).rules[0]?.state === 'suspended') break;
    }
    expect(readings).toBeLessThan(90);
    const { rules } = await setting.engine.handlers.automation.summary(setting.as(LEA), { sinceMs: 0 });
    expect(rules[0]).toMatchObject({ status: 'suspended' });
    expect(rules[0]?.problems.join(' ')).toContain('re-arms');
    await setting.close();
  });

  it('stays stopped when somebody writes another version, until it is re-armed', async () => {
    const { target } = await open();
    const setting = await openAssurance(target);
    await setting.closeByRule(20);
    await setting.tick();
    await suspend(setting);
    await setting.close();
    const again = await openAssurance(
      target,
      RULE.replace('The scanner of the lab.', 'The scanner of the lab, moved.'),
    );
    await again.tick();
    await again.closeByRule(3, 600);
    expect(await closedByRule(again)).toBe(0);
    const board = await again.board();
    expect(board.rules[0]).toMatchObject({ version: 2, status: 'suspended', state: 'suspended' });
    await again.close();
  });
});

describeOnBothStores('a certified rule whose bound passes its limit', (open) => {
  it('is suspended by the miss that did it, and what it had closed in thirty days goes back to people', async () => {
    const lenient = `${RULE}assurance:\n  maxFalseCloseRate: 0.15\n`;
    const setting = await openAssurance((await open()).target, lenient);
    await setting.closeByRule(60);
    await setting.tick();
    const stateNow = async () => (await setting.board()).rules[0]?.state;
    while ((await stateNow()) !== 'certified') {
      const audit = await setting.take(BEN);
      if (audit === null) throw new Error('All audits were read and it is not certified');
      await setting.answer(BEN, audit.id, 'false_positive');
      await setting.tick();
    }
    const doubt = await setting.take(BEN);
    await setting.answer(BEN, doubt?.id ?? 0, 'true_positive', 'talks to a known bad address');
    const [line] = (await setting.board()).rules;
    expect(line).toMatchObject({ state: 'suspended', status: 'suspended', suspension: { cause: 'bound' } });
    await setting.tick();
    expect(await closedByRule(setting)).toBe(0);
    expect((await setting.board()).suspensions).toMatchObject([{ reopened: 59, isReopening: false }]);
    await setting.close();
  });
});

describeOnBothStores('a rule that only its file calls certified', (open) => {
  it('is shown as on trial, acts like one on trial, and is certified by its bound alone', async () => {
    const text = RULE.replace('status: provisional', 'status: certified');
    const setting = await openAssurance((await open()).target, `${text}assurance:\n  maxFalseCloseRate: 0.2\n`);
    await setting.tick();
    const seen = async () => {
      const { rules } = await setting.engine.handlers.rules.list(setting.as(BEN), {});
      const [line] = (await setting.board()).rules;
      return { listed: rules[0]?.status, status: line?.status, state: line?.state };
    };
    expect(await seen()).toEqual({ listed: 'provisional', status: 'provisional', state: 'provisional' });
    await setting.closeByRule(203);
    expect(await closedByRule(setting)).toBe(200);
    await setting.tick();
    for (let audit = await setting.take(BEN); audit !== null; audit = await setting.take(BEN)) {
      await setting.answer(BEN, audit.id, 'false_positive');
    }
    await setting.tick();
    expect(await seen()).toEqual({ listed: 'certified', status: 'certified', state: 'certified' });
    await setting.close();
  });

  it('goes back to shadow when its trial is over without proof', async () => {
    const setting = await openAssurance((await open()).target);
    await setting.closeByRule(3);
    setting.clock.atMs += 31 * DAY_MS;
    await setting.tick();
    await setting.closeByRule(3, 500);
    expect(await closedByRule(setting)).toBe(3);
    await setting.close();
  });
});

describeOnBothStores('a rule that closes rightly', (open) => {
  it('is certified once its bound holds, and the limit of a trial is over', async () => {
    const lenient = `${RULE}assurance:\n  maxFalseCloseRate: 0.2\n`;
    const setting = await openAssurance((await open()).target, lenient);
    await setting.closeByRule(203);
    expect(await closedByRule(setting)).toBe(200);
    await setting.tick();
    for (let audit = await setting.take(BEN); audit !== null; audit = await setting.take(BEN)) {
      await setting.answer(BEN, audit.id, 'false_positive');
    }
    await setting.tick();
    const board = await setting.board();
    expect(board.rules[0]).toMatchObject({ state: 'certified', status: 'certified', missing: [], misses: 0 });
    expect(board.minutesSaved).toBeGreaterThan(0);
    expect(board.minutesSavedNet).toBe(board.minutesSaved - board.budget.minutesUsed);
    await setting.closeByRule(4, 1000);
    expect(await closedByRule(setting)).toBe(204);
    await setting.close();
  });
});

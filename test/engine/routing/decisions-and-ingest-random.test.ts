import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyLane } from '../../../engine/ledger/verify.ts';
import { recount } from '../../../engine/store/counts.ts';
import { judgementOf } from '../../../shared/domain/decisions/judgement.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { ANY_OPEN } from '../../../shared/model/queue.ts';
import { DISPOSITIONS, type Disposition } from '../../../shared/model/vocabulary.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, allThatMatch, BEN, itemsOf, LEA, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

const PEOPLE = [ANA, BEN, LEA];

type Step =
  | { kind: 'ingest'; alerts: { flow: number; rule: number; host: number; priority: number; app: number }[] }
  | { kind: 'dispose'; who: number; pick: number; disposition: Disposition }
  | { kind: 'reopen' | 'acknowledge' | 'tag'; who: number; pick: number }
  | { kind: 'bulk'; who: number; disposition: Disposition }
  | { kind: 'undo'; who: number; back: number };

const who = fc.nat(PEOPLE.length - 1);
const pick = fc.nat(5);
const disposition = fc.constantFrom(...DISPOSITIONS);
/** Few flows, so that most alerts come again: as they were, changed, and with another severity. */
const alert = fc.record({
  flow: fc.nat(9),
  rule: fc.nat(1),
  host: fc.nat(1),
  priority: fc.integer({ min: 1, max: 4 }),
  app: fc.nat(2),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ingest' as const), alerts: fc.array(alert, { maxLength: 5 }) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('dispose' as const), who, pick, disposition }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('reopen', 'acknowledge', 'tag'), who, pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bulk' as const), who, disposition }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const), who, back: fc.nat(4) }) },
);

/** Carries one step out; answers the number of the decision that it made. Refusals are part of the game. */
async function take(setting: Setting, what: Step, made: readonly number[]): Promise<number | null> {
  const { handlers } = setting.engine;
  if (what.kind === 'ingest') {
    const records = what.alerts.map(({ flow, rule, host, priority, app }) =>
      eve({ flow, sid: rule, priority, source: `10.0.0.${20 + host}`, extra: { app_proto: `app${app}` } }),
    );
    const report = await setting.ingestEve(records);
    expect(report.read).toBe(report.stored + report.updated + report.duplicates + report.rejected);
    expect(report.stored).toBe(report.autoClosed + report.queued);
    return null;
  }
  const context = setting.as(PEOPLE[what.who] ?? ANA);
  if (what.kind === 'undo') {
    const decisionId = made.at(-1 - what.back);
    if (decisionId === undefined) return null;
    return (await handlers.decisions.undo(context, { statement: statementOf('decision.undo'), decisionId })).decisionId;
  }
  if (what.kind === 'bulk') {
    const { total } = await handlers.queue.list(context, { filter: ANY_OPEN, sort: 'newest', cursor: null, limit: 1 });
    const input = {
      statement: statementOf('group.dispose'),
      selection: allThatMatch({}, total ?? 0),
      reason: 'all of it',
    };
    return (await handlers.decisions.dispose(context, { ...input, disposition: what.disposition })).decisionId;
  }
  const rows = await setting.store.read((db) =>
    db.selectFrom('alert_group').select(['id', 'version']).orderBy('id').execute(),
  );
  const row = rows[what.pick];
  if (row === undefined) return null;
  const selection = itemsOf(row);
  const because = { selection, reason: 'because' };
  switch (what.kind) {
    case 'dispose': {
      const input = { ...because, statement: statementOf('group.dispose'), disposition: what.disposition };
      return (await handlers.decisions.dispose(context, input)).decisionId;
    }
    case 'reopen':
      return (await handlers.decisions.reopen(context, { ...because, statement: statementOf('group.reopen') }))
        .decisionId;
    case 'acknowledge':
      return (await handlers.decisions.acknowledge(context, { selection, statement: statementOf('group.acknowledge') }))
        .decisionId;
    case 'tag': {
      const input = { selection, statement: statementOf('group.tag'), tag: 'seen', remove: false };
      return (await handlers.decisions.tag(context, input)).decisionId;
    }
  }
}

/** Everything that is kept beside the groups, against what the groups say. */
async function expectKept(setting: Setting): Promise<void> {
  const order = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  const { groups, counts, counted, rules, families, alerts } = await setting.store.read(async (db) => ({
    groups: await db.selectFrom('alert_group').selectAll().execute(),
    counts: await db.selectFrom('group_count').selectAll().execute(),
    counted: await recount(db),
    rules: await db.selectFrom('source_rule').select(['id', 'tp', 'btp', 'fp', 'n']).execute(),
    families: await db.selectFrom('family_stat').selectAll().execute(),
    alerts: await db.selectFrom('alert').select(['group_id']).execute(),
  }));
  expect(order(counts)).toEqual(order(counted));
  const judged = groups.map((group) => ({
    group,
    said: judgementOf({ disposition: group.disposition as Disposition | null, closedByKind: group.closed_by_kind }),
  }));
  const sum = (of: typeof judged, key: 'tp' | 'btp' | 'fp' | 'n') => of.reduce((all, { said }) => all + said[key], 0);
  for (const { id, ...kept } of rules) {
    const own = judged.filter(({ group }) => group.source_rule_id === id);
    const said = { tp: sum(own, 'tp'), btp: sum(own, 'btp'), fp: sum(own, 'fp'), n: sum(own, 'n') };
    expect(kept, `rule ${id}`).toEqual(said);
  }
  for (const { product, severity, ...kept } of families) {
    const own = judged.filter(({ group }) => group.product === product && group.severity === severity);
    expect(kept, `family ${product} ${severity}`).toEqual({ tp: sum(own, 'tp'), n: sum(own, 'n') });
  }
  for (const group of groups) {
    expect(alerts.filter(({ group_id }) => group_id === group.id)).toHaveLength(group.count);
    expect(group.is_open === 1, `group ${group.id}`).toBe(group.closed_at_ms === null && group.status !== 'closed');
  }
  expect(await setting.store.read((db) => verifyLane(db, 'main'))).toMatchObject({ kind: 'intact' });
}

describeOnBothStores('people and files at once', (open) => {
  it('keep counts, judgements and the ledger true, whatever they do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const { target } = await open();
        const setting = await openSetting(target);
        try {
          const made: number[] = [];
          for (const what of steps) {
            setting.clock.atMs += 60_000;
            try {
              const decisionId = await take(setting, what, made);
              if (decisionId !== null) made.push(decisionId);
            } catch (error) {
              if (!(error instanceof EngineError) || error.code === 'internal') throw error;
            }
          }
          await expectKept(setting);
        } finally {
          await setting.close();
        }
      }),
      { numRuns: 15 },
    );
  });
});

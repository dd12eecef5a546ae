import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Engine } from '../../../engine/engine.ts';
import { verifyLane } from '../../../engine/ledger/verify.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { recount } from '../../../engine/store/counts.ts';
import { changesSince } from '../../../engine/store/feed.ts';
import { columnsOfState, DECIDED_COLUMNS, stateOf } from '../../../engine/store/group-state.ts';
import type { Tables } from '../../../engine/store/schema.ts';
import { decide, type GroupDecision, type GroupState } from '../../../shared/domain/decisions/group-transition.ts';
import type { DecisionKind } from '../../../shared/model/decision.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Person } from '../../../shared/model/people.ts';
import { ANY_OPEN, type Selection } from '../../../shared/model/queue.ts';
import { DISPOSITIONS } from '../../../shared/model/vocabulary.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, LEA, NOW_MS, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { seedGroup } from '../seed.ts';

/** What closing covers here: the groups of this test have no alerts. */
const NO_ALERTS = { throughAlertId: 0, laterCount: 0 };

const PEOPLE = [ANA, BEN, CYD, LEA];
const GROUPS = 8;
const policy = loadPolicies().sla;

type Row = Tables['alert_group'];
type State = Map<number, { state: GroupState; version: number }>;

type Step =
  | {
      kind: 'decide';
      who: number;
      what: Exclude<GroupDecision, { kind: 'escalate' | 'resume' | 'notNow' }>;
      groups: number[];
      isStale: boolean;
    }
  | { kind: 'bulk'; who: number; disposition: (typeof DISPOSITIONS)[number] }
  | { kind: 'undo'; who: number; back: number }
  | { kind: 'tick' };

const who = fc.nat(PEOPLE.length - 1);
const groups = fc.uniqueArray(fc.nat(GROUPS - 1), { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      who,
      groups,
      isStale: fc.nat(5).map((n) => n === 0),
      what: fc.oneof(
        fc.constant({ kind: 'acknowledge' as const }),
        fc.constant({ kind: 'note' as const }),
        fc.constantFrom('ana', 'ben', 'cyd', null).map((personId) => ({ kind: 'assign' as const, personId })),
        fc
          .constantFrom(...DISPOSITIONS)
          .map((disposition) => ({ kind: 'dispose' as const, disposition, reason: 'why not', covers: NO_ALERTS })),
        fc.constant({ kind: 'reopen' as const }),
        fc.integer({ min: 1, max: 5 }).map((n) => ({ kind: 'hold' as const, untilMs: NOW_MS + n * 7_200_000 })),
        fc.record({ kind: fc.constant('tag' as const), tag: fc.constantFrom('a', 'b'), isRemoved: fc.boolean() }),
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('bulk' as const), who, disposition: fc.constantFrom(...DISPOSITIONS) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const), who, back: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'tick' as const }) },
);

const KINDS: Record<Exclude<GroupDecision['kind'], 'escalate' | 'resume' | 'notNow'>, DecisionKind> = {
  acknowledge: 'group.acknowledge',
  assign: 'group.take',
  dispose: 'group.dispose',
  reopen: 'group.reopen',
  hold: 'group.hold',
  tag: 'group.tag',
  note: 'note.add',
};

interface Past {
  decisionId: number;
  by: string;
  /** What it did, kept by the oracle: state and version before and after. */
  changes: Map<number, { before: GroupState; after: GroupState; versionAfter: number }>;
  isUndone: boolean;
}

/** The product as a slow model: maps in memory and the same pure rules, without any table. */
class Oracle {
  state: State = new Map();
  readonly past: Past[] = [];

  decide(ids: readonly number[], what: GroupDecision, by: Person, nowMs: number): Past['changes'] {
    const changes: Past['changes'] = new Map();
    for (const id of ids) {
      const known = this.state.get(id);
      if (known === undefined) continue;
      const decidedBy = { id: by.id, isLead: by.roles.includes('lead') };
      const outcome = decide(known.state, what, decidedBy, nowMs, policy);
      if (outcome.kind === 'changed') this.#set(id, outcome.state, changes);
    }
    return changes;
  }

  undo(past: Past): Past['changes'] {
    const changes: Past['changes'] = new Map();
    for (const [id, { before, after, versionAfter }] of past.changes) {
      const known = this.state.get(id);
      const isSame = JSON.stringify(columnsOfState(before)) === JSON.stringify(columnsOfState(after));
      if (known === undefined) continue;
      if (isSame) changes.set(id, { before: known.state, after: known.state, versionAfter: known.version });
      else if (known.version === versionAfter) this.#set(id, before, changes);
    }
    return changes;
  }

  #set(id: number, after: GroupState, changes: Past['changes']): void {
    const known = this.state.get(id);
    if (known === undefined) return;
    const isSame = JSON.stringify(columnsOfState(known.state)) === JSON.stringify(columnsOfState(after));
    const version = known.version + (isSame ? 0 : 1);
    changes.set(id, { before: known.state, after, versionAfter: version });
    this.state.set(id, { state: after, version });
  }
}

describeOnBothStores('random decisions of several people', (open) => {
  it('come to what a slow model comes to, with every count kept and every entry in the chain', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    const ids = await setting.store.write(async (tx) => {
      await tx
        .insertInto('source_rule')
        .values({ id: 1, product: 'wazuh', rule_id: 'r', name: 'R', tp: 0, btp: 0, fp: 0, n: 0 })
        .execute();
      const made: number[] = [];
      for (let n = 0; n < GROUPS; n += 1) {
        const more = { severity: n % 2 === 0 ? ('high' as const) : ('low' as const), due_at_ms: NOW_MS + n * 1_000 };
        made.push(await seedGroup(tx, more, NOW_MS));
      }
      return made;
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const oracle = new Oracle();
        for (const row of await rowsOf(setting))
          oracle.state.set(row.id, { state: stateOf(row), version: row.version });
        const fromSeq = await setting.engine.changes.latestSeq();
        for (const one of steps) {
          setting.clock.atMs += 1_800_000;
          await runStep(setting, oracle, one, ids);
          await compare(setting, oracle);
        }
        await checkInvariants(setting, fromSeq);
      }),
      { numRuns: 8 },
    );
    await setting.close();
  });
});

async function rowsOf(setting: Setting): Promise<Row[]> {
  return setting.store.read((db) => db.selectFrom('alert_group').selectAll().orderBy('id').execute());
}

async function compare(setting: Setting, oracle: Oracle): Promise<void> {
  for (const row of await rowsOf(setting)) {
    const known = oracle.state.get(row.id);
    if (known === undefined) throw new Error(`group ${row.id} came from nowhere`);
    const real = Object.fromEntries(DECIDED_COLUMNS.map((column) => [column, row[column]]));
    expect({ id: row.id, version: row.version, ...real }).toEqual({
      id: row.id,
      version: known.version,
      ...columnsOfState(known.state),
    });
  }
}

/** A refusal changes nothing, in the model as in the product. */
async function orRefused<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error) => {
    if (error instanceof EngineError && error.code !== 'internal') return null;
    throw error;
  });
}

async function runStep(setting: Setting, oracle: Oracle, one: Step, ids: readonly number[]): Promise<void> {
  const { engine, clock } = setting;
  if (one.kind === 'tick') {
    const held = [...oracle.state].filter(
      ([, { state }]) => state.status === 'on_hold' && state.closed === null && (state.holdUntilMs ?? 0) <= clock.atMs,
    );
    oracle.decide(
      held.map(([id]) => id),
      { kind: 'resume' },
      { ...LEA, id: 'clock', roles: [] },
      clock.atMs,
    );
    await engine.tick();
    return;
  }
  const person = PEOPLE[one.who] ?? ANA;
  if (one.kind === 'undo') return undo(setting, oracle, person, one.back);
  if (one.kind === 'bulk') {
    const open = [...oracle.state].filter(([, { state }]) => state.closed === null).map(([id]) => id);
    const selection: Selection = { kind: 'matching', filter: ANY_OPEN, exceptIds: [], expectedCount: open.length };
    const what = { kind: 'dispose' as const, disposition: one.disposition, reason: 'all of them', covers: NO_ALERTS };
    await runDecision(engine, setting, oracle, person, what, selection, open);
    return;
  }
  const chosen = one.groups.flatMap((n) => ids[n] ?? []);
  const versionOf = (id: number, n: number) => (oracle.state.get(id)?.version ?? 1) - (one.isStale && n === 0 ? 1 : 0);
  const selection: Selection = { kind: 'items', items: chosen.map((id, n) => ({ id, version: versionOf(id, n) })) };
  const { what } = one;
  if (
    what.kind === 'assign' &&
    what.personId !== null &&
    what.personId !== person.id &&
    !person.roles.includes('lead')
  ) {
    return;
  }
  const current = one.isStale ? chosen.slice(1) : chosen;
  await runDecision(engine, setting, oracle, person, what, selection, current);
}

async function runDecision(
  engine: Engine,
  setting: Setting,
  oracle: Oracle,
  person: Person,
  what: Exclude<GroupDecision, { kind: 'escalate' | 'resume' | 'notNow' }>,
  selection: Selection,
  ids: readonly number[],
): Promise<void> {
  const context = setting.as(person);
  const kind = what.kind === 'assign' && what.personId === null ? 'group.release' : KINDS[what.kind];
  const base = { statement: statementOf(kind), selection };
  const { decisions } = engine.handlers;
  const call = () => {
    switch (what.kind) {
      case 'acknowledge':
        return decisions.acknowledge(context, base);
      case 'note':
        return decisions.note(context, { ...base, text: 'a note' });
      case 'assign':
        return decisions.assign(context, { ...base, personId: what.personId });
      case 'dispose':
        return decisions.dispose(context, { ...base, disposition: what.disposition, reason: what.reason });
      case 'reopen':
        return decisions.reopen(context, { ...base, reason: 'look again' });
      case 'hold':
        return decisions.hold(context, { ...base, untilMs: what.untilMs });
      case 'tag':
        return decisions.tag(context, { ...base, tag: what.tag, remove: what.isRemoved });
    }
  };
  if (what.kind === 'hold' && what.untilMs <= setting.clock.atMs) {
    await expect(call()).rejects.toMatchObject({ code: 'invalid_input' });
    return;
  }
  const changes = oracle.decide(ids, what, person, setting.clock.atMs);
  const result = await orRefused(call());
  expect(result?.changed ?? 0).toBe(changes.size);
  if (result?.decisionId == null) return;
  oracle.past.push({ decisionId: result.decisionId, by: person.id, changes, isUndone: false });
}

async function undo(setting: Setting, oracle: Oracle, person: Person, back: number): Promise<void> {
  const past = oracle.past.at(-1 - back);
  if (past === undefined) return;
  const call = setting.engine.handlers.decisions.undo(setting.as(person), {
    statement: statementOf('decision.undo'),
    decisionId: past.decisionId,
  });
  const may = past.by === person.id || person.roles.includes('lead');
  if (!may) {
    await expect(call).rejects.toMatchObject({ code: 'forbidden' });
    return;
  }
  if (past.isUndone) {
    await expect(call).rejects.toMatchObject({ code: 'conflict' });
    return;
  }
  const changes = oracle.undo(past);
  if (changes.size === 0) {
    await expect(call).rejects.toMatchObject({ code: 'conflict' });
    return;
  }
  const result = await call;
  expect(result.changed).toBe(changes.size);
  past.isUndone = true;
  oracle.past.push({ decisionId: result.decisionId ?? 0, by: person.id, changes, isUndone: false });
}

async function checkInvariants(setting: Setting, fromSeq: number): Promise<void> {
  const rows = await rowsOf(setting);
  const order = (counts: object[]) => counts.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  const kept = await setting.store.read((db) => db.selectFrom('group_count').selectAll().execute());
  expect(order(kept)).toEqual(order(await setting.store.read(recount)));
  const judged = (disposition: string) =>
    rows.filter((row) => row.closed_by_kind === 'person' && row.disposition === disposition).length;
  const [tp, btp, fp] = [judged('true_positive'), judged('benign_true_positive'), judged('false_positive')];
  const rule = await setting.store.read((db) => db.selectFrom('source_rule').selectAll().executeTakeFirstOrThrow());
  expect(rule).toMatchObject({ tp, btp, fp, n: tp + btp + fp });
  const families = await setting.store.read((db) => db.selectFrom('family_stat').selectAll().execute());
  expect(families.reduce((sum, family) => sum + family.n, 0)).toBe(tp + btp + fp);
  expect(await setting.store.read((db) => verifyLane(db, 'main'))).toMatchObject({ kind: 'intact' });
  // Every change is in the feed, one row for each transaction, without a gap.
  const changes = await setting.store.read((db) => changesSince(db, fromSeq, 1_000));
  if (changes.kind !== 'rows') throw new Error('the feed has a gap');
  expect(changes.rows.map((row) => row.seq)).toEqual(changes.rows.map((_, i) => fromSeq + 1 + i));
}

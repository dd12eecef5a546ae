import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type AuditRow = Tables['audit_item'];
export type NewAudit = Pick<
  AuditRow,
  | 'group_id'
  | 'closed_at_ms'
  | 'kind'
  | 'rule_id'
  | 'rule_version'
  | 'class'
  | 'stratum'
  | 'probability'
  | 'severity'
  | 'drawn_at_ms'
  | 'due_at_ms'
  | 'place'
  | 'needs_second'
>;

const WAITING = ['open', 'second'];
/** A settled audit names nobody. */
export const NOBODY = { reader_id: null, second_reader_id: null, excluded_id: null } as const;

/** Adds drawn closures. One that is in already stays as it is. */
export async function insertAudits(tx: Write, audits: readonly NewAudit[]): Promise<void> {
  if (audits.length === 0) return;
  const firstId = await reserveIds(tx, 'audit_item', audits.length);
  for (const [index, audit] of audits.entries()) {
    await tx
      .insertInto('audit_item')
      .values({
        ...audit,
        id: firstId + index,
        state: 'open',
        reader_id: null,
        verdict: null,
        second_reader_id: null,
        second_verdict: null,
        excluded_id: null,
        voids: 0,
        outcome: null,
        truth: null,
        settled_seq: null,
      })
      .onConflict((conflict) => conflict.columns(['group_id', 'closed_at_ms']).doNothing())
      .execute();
  }
}

export async function auditById(db: Read, id: number): Promise<AuditRow | null> {
  return (await db.selectFrom('audit_item').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** What a person has before them and has not answered; null when nothing. */
export async function auditBefore(db: Read, readerId: string): Promise<AuditRow | null> {
  const row = await db
    .selectFrom('audit_item')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'open'), eb('reader_id', '=', readerId)]),
        eb.and([eb('state', '=', 'second'), eb('second_reader_id', '=', readerId)]),
      ]),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * The next audits that this person may read: nobody has them, and they did not close the item, nor read it first.
 * In the order of the draw, which says nothing of what they are.
 */
export async function nextAudits(db: Read, readerId: string, limit: number): Promise<AuditRow[]> {
  return db
    .selectFrom('audit_item as a')
    .innerJoin('alert_group as g', 'g.id', 'a.group_id')
    .selectAll('a')
    .where('a.state', 'in', WAITING)
    .where((eb) =>
      eb.or([
        eb.and([eb('a.state', '=', 'open'), eb('a.reader_id', 'is', null)]),
        eb.and([eb('a.state', '=', 'second'), eb('a.reader_id', '!=', readerId), eb('a.second_reader_id', 'is', null)]),
      ]),
    )
    .where((eb) => eb.or([eb('a.excluded_id', 'is', null), eb('a.excluded_id', '!=', readerId)]))
    .where((eb) => eb.or([eb('g.closed_by', 'is', null), eb('g.closed_by', '!=', readerId)]))
    .where('g.is_open', '=', 0)
    .orderBy('a.place')
    .orderBy('a.id')
    .limit(limit)
    .execute();
}

export type AuditChange = Partial<
  Pick<
    AuditRow,
    | 'state'
    | 'reader_id'
    | 'verdict'
    | 'second_reader_id'
    | 'second_verdict'
    | 'excluded_id'
    | 'voids'
    | 'outcome'
    | 'truth'
    | 'settled_seq'
  >
>;

export async function changeAudit(tx: Write, id: number, change: AuditChange): Promise<void> {
  await tx.updateTable('audit_item').set(change).where('id', '=', id).execute();
}

/** The next number in the order in which readings were settled. */
export function nextSettledSeq(tx: Write): Promise<number> {
  return reserveIds(tx, 'audit_settled', 1);
}

/** Readings of one version of a rule that count, in the order in which they were settled. */
export async function readingsOfRule(
  db: Read,
  ruleId: string,
  version: number,
  drawnSinceMs: number,
): Promise<Pick<AuditRow, 'stratum' | 'severity' | 'outcome' | 'truth'>[]> {
  return db
    .selectFrom('audit_item')
    .select(['stratum', 'severity', 'outcome', 'truth'])
    .where('rule_id', '=', ruleId)
    .where('rule_version', '=', version)
    .where('drawn_at_ms', '>=', drawnSinceMs)
    .where('settled_seq', 'is not', null)
    .where('outcome', 'in', ['right', 'missed'])
    .orderBy('settled_seq')
    .execute();
}

/** How often readings of the present regime of each rule came to each end, by the stratum in which they were drawn. */
export async function readingsByStratum(
  db: Read,
): Promise<{ ruleId: string; stratum: string; outcome: string | null; truth: string | null; n: number }[]> {
  const rows = await db
    .selectFrom('audit_item as a')
    .innerJoin('rule_assurance as r', (join) =>
      join.onRef('r.rule_id', '=', 'a.rule_id').onRef('r.rule_version', '=', 'a.rule_version'),
    )
    .select((eb) => ['r.rule_id', 'a.stratum', 'a.outcome', 'a.truth', eb.fn.countAll<number>().as('n')])
    .whereRef('a.drawn_at_ms', '>=', 'r.regime_since_ms')
    .where('a.settled_seq', 'is not', null)
    .where('a.outcome', 'in', ['right', 'missed'])
    .groupBy(['r.rule_id', 'a.stratum', 'a.outcome', 'a.truth'])
    .execute();
  return rows.map(({ rule_id, n, ...row }) => ({ ...row, ruleId: rule_id, n: Number(n) }));
}

/** How many audits of each kind there are in each state, drawn since a time. */
export async function auditCounts(
  db: Read,
  sinceMs: number,
): Promise<{ kind: string; state: string; outcome: string | null; n: number }[]> {
  const rows = await db
    .selectFrom('audit_item')
    .select((eb) => ['kind', 'state', 'outcome', eb.fn.countAll<number>().as('n')])
    .where('drawn_at_ms', '>=', sinceMs)
    .groupBy(['kind', 'state', 'outcome'])
    .execute();
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** Audits that wait to be read, by kind. */
export async function waitingAudits(db: Read): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('audit_item')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('n')])
    .where('state', 'in', WAITING)
    .groupBy('kind')
    .execute();
  return new Map(rows.map((row) => [row.kind, Number(row.n)]));
}

/** Second looks at closures by people that are settled, by class of alert. Deliberately without who closed or read. */
export async function humanReadings(
  db: Read,
  sinceMs: number,
): Promise<{ class: string; outcome: string | null; truth: string | null }[]> {
  return db
    .selectFrom('audit_item')
    .select(['class', 'outcome', 'truth'])
    .where('kind', '=', 'person')
    .where('drawn_at_ms', '>=', sinceMs)
    .where('outcome', 'in', ['right', 'missed'])
    .execute();
}

/** Pairs of verdicts on the same items by two people. */
export async function verdictPairs(db: Read, sinceMs: number): Promise<{ verdict: string; second: string }[]> {
  const rows = await db
    .selectFrom('audit_item')
    .select(['verdict', 'second_verdict'])
    .where('second_verdict', 'is not', null)
    .where('drawn_at_ms', '>=', sinceMs)
    .execute();
  return rows.flatMap(({ verdict, second_verdict }) =>
    verdict === null || second_verdict === null ? [] : [{ verdict, second: second_verdict }],
  );
}

/** Suspected misses whose group a person has closed since, with what it turned out to be. */
export async function doubtsResolved(
  db: Read,
): Promise<{ id: number; rule_id: string | null; disposition: string | null }[]> {
  return db
    .selectFrom('audit_item as a')
    .innerJoin('alert_group as g', 'g.id', 'a.group_id')
    .select(['a.id', 'a.rule_id', 'g.disposition'])
    .where('a.truth', '=', 'pending')
    .where('g.is_open', '=', 0)
    .where('g.closed_by_kind', '=', 'person')
    .where('g.disposition', '!=', 'undetermined')
    .orderBy('a.id')
    .limit(500)
    .execute();
}

/** Takes out what nobody read in time, and what was opened again meanwhile: there is nothing left to judge blind. */
export async function expireAudits(tx: Write, drawnBeforeMs: number): Promise<number> {
  const old = await tx
    .updateTable('audit_item')
    .set({ state: 'stale', ...NOBODY })
    .where('state', 'in', WAITING)
    .where('drawn_at_ms', '<', drawnBeforeMs)
    .executeTakeFirst();
  const reopened = await tx
    .updateTable('audit_item')
    .set({ state: 'stale', ...NOBODY })
    .where('state', 'in', WAITING)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('alert_group as g')
          .select('g.id')
          .whereRef('g.id', '=', 'audit_item.group_id')
          .where('g.is_open', '=', 1),
      ),
    )
    .executeTakeFirst();
  return Number(old.numUpdatedRows) + Number(reopened.numUpdatedRows);
}

/** Gives back what somebody took up and did not read in time. */
export async function releaseOverdue(tx: Write, nowMs: number): Promise<number> {
  const released = await tx
    .updateTable('audit_item')
    .set({ reader_id: null })
    .where('state', '=', 'open')
    .where('reader_id', 'is not', null)
    .where('due_at_ms', '<', nowMs)
    .executeTakeFirst();
  const second = await tx
    .updateTable('audit_item')
    .set({ second_reader_id: null })
    .where('state', '=', 'second')
    .where('second_reader_id', 'is not', null)
    .where('due_at_ms', '<', nowMs)
    .executeTakeFirst();
  return Number(released.numUpdatedRows) + Number(second.numUpdatedRows);
}

/** Readings that were voided because the original was looked up, of audits drawn since a time. */
export async function voidedReadings(db: Read, sinceMs: number): Promise<number> {
  const row = await db
    .selectFrom('audit_item')
    .select((eb) => eb.fn.sum<number>('voids').as('n'))
    .where('drawn_at_ms', '>=', sinceMs)
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}

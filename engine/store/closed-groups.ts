import { sql } from 'kysely';
import { DECIDABLE_COLUMNS, type DecidableRow } from './group-state.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

const CLOSURE_COLUMNS = [
  'id',
  'closed_at_ms',
  'closed_by_kind',
  'closed_by',
  'closing_rule_version',
  'disposition',
  'severity',
  'product',
  'source_rule_id',
  'entity_value',
  'cves_json',
] as const satisfies readonly (keyof Tables['alert_group'])[];

/** A closed group as sampling sees it. */
export type ClosureRow = Pick<Tables['alert_group'], (typeof CLOSURE_COLUMNS)[number]>;

/** A place in the order in which groups were closed. Of one instant the later id comes first, as in the index. */
export interface ClosurePlace {
  atMs: number;
  id: number;
}

/** Groups that were closed after a place and up to a time, in that order. By whom is asked of each: the index has it not. */
export async function closuresAfter(
  db: Read,
  after: ClosurePlace,
  untilMs: number,
  limit: number,
): Promise<ClosureRow[]> {
  return db
    .selectFrom('alert_group')
    .select(CLOSURE_COLUMNS)
    .where('is_open', '=', sql.lit(0))
    .where('closed_at_ms', '>=', after.atMs)
    .where('closed_at_ms', '<=', untilMs)
    .where((eb) => eb.or([eb('closed_at_ms', '>', after.atMs), eb('id', '<', after.id)]))
    .orderBy('closed_at_ms')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Whether a rule had closed something of the same source rule on the same entity before. */
export async function hasClosedItsLike(db: Read, closure: ClosureRow): Promise<boolean> {
  const row = await db
    .selectFrom('alert_group')
    .select('id')
    .where('entity_value', '=', closure.entity_value)
    .where('id', '<', closure.id)
    .where('source_rule_id', '=', closure.source_rule_id)
    .where('closed_by', '=', closure.closed_by)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Groups that a rule closed since a time and that are closed still, the newest first. */
export async function closedByRuleSince(
  db: Read,
  ruleId: string,
  sinceMs: number,
  limit: number,
): Promise<DecidableRow[]> {
  return db
    .selectFrom('alert_group')
    .select(DECIDABLE_COLUMNS)
    .where('is_open', '=', sql.lit(0))
    .where('closed_by', '=', ruleId)
    .where('closed_by_kind', '=', 'rule')
    .where('closed_at_ms', '>=', sinceMs)
    .orderBy('closed_at_ms', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** What people decided since a time on groups that a version of a rule, in shadow, would have closed. */
export async function decidedInShadow(
  db: Read,
  ruleId: string,
  version: number,
  sinceMs: number,
): Promise<{ audited: number; misses: number }> {
  const rows = await db
    .selectFrom('alert_group as g')
    .innerJoin('group_rule as r', 'r.group_id', 'g.id')
    .select((eb) => ['g.disposition', eb.fn.count<number>('g.id').distinct().as('n')])
    .where('g.is_open', '=', sql.lit(0))
    .where('g.closed_by_kind', '=', 'person')
    .where('g.closed_at_ms', '>=', sinceMs)
    .where('r.rule_id', '=', ruleId)
    .where('r.rule_version', '=', version)
    .where('r.mode', '=', 'shadow')
    .where('g.disposition', '!=', 'undetermined')
    .groupBy('g.disposition')
    .execute();
  const of = (isMiss: boolean): number =>
    rows.filter((row) => (row.disposition === 'true_positive') === isMiss).reduce((sum, row) => sum + Number(row.n), 0);
  return { audited: of(true) + of(false), misses: of(true) };
}

/** The same for all rules in shadow together, by rule and version. */
export async function decidedInShadowByRule(
  db: Read,
  sinceMs: number,
): Promise<{ ruleId: string; version: number; isMiss: boolean; n: number }[]> {
  const rows = await db
    .selectFrom('alert_group as g')
    .innerJoin('group_rule as r', 'r.group_id', 'g.id')
    .select((eb) => ['r.rule_id', 'r.rule_version', 'g.disposition', eb.fn.countAll<number>().as('n')])
    .where('g.is_open', '=', sql.lit(0))
    .where('g.closed_by_kind', '=', 'person')
    .where('g.closed_at_ms', '>=', sinceMs)
    .where('r.mode', '=', 'shadow')
    .where('g.disposition', '!=', 'undetermined')
    .groupBy(['r.rule_id', 'r.rule_version', 'g.disposition'])
    .execute();
  return rows.map((row) => ({
    ruleId: row.rule_id,
    version: row.rule_version,
    isMiss: row.disposition === 'true_positive',
    n: Number(row.n),
  }));
}

/** True positives that people found since a time in what no rule had closed. */
export async function caughtSince(db: Read, sinceMs: number): Promise<number> {
  const row = await db
    .selectFrom('alert_group')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('is_open', '=', sql.lit(0))
    .where('disposition', '=', 'true_positive')
    .where('closed_at_ms', '>=', sinceMs)
    .where('closed_by_kind', '=', 'person')
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

/** What a walk over all that is stored needs of an alert before its original is read. */
export type HistoryAlert = Pick<
  Tables['alert'],
  'id' | 'group_id' | 'observed_at_ms' | 'severity' | 'format' | 'block_id' | 'slot' | 'closed_at_source'
> & {
  /** Null for an alert whose group has no row of its own any more. */
  source_rule_id: number | null;
  product: string | null;
};

/** Alerts by rising id after one of them, with the product and the rule that their items have. */
export async function alertsAfter(db: Read, afterId: number, limit: number): Promise<HistoryAlert[]> {
  return db
    .selectFrom('alert as a')
    .leftJoin('alert_group as g', 'g.id', 'a.group_id')
    .select([
      'a.id',
      'a.group_id',
      'a.observed_at_ms',
      'a.severity',
      'a.format',
      'a.block_id',
      'a.slot',
      'a.closed_at_source',
      'g.source_rule_id',
      'g.product',
    ])
    .where('a.id', '>', afterId)
    .orderBy('a.id')
    .limit(limit)
    .execute();
}

/** The id of the newest alert; 0 when there is none. */
export async function newestAlertId(db: Read): Promise<number> {
  const row = await db
    .selectFrom('alert')
    .select((eb) => eb.fn.max<number | null>('id').as('id'))
    .executeTakeFirstOrThrow();
  return Number(row.id ?? 0);
}

/** Products' own ids of all rules, by our id. */
export async function sourceRuleIds(db: Read): Promise<Map<number, string>> {
  const rows = await db.selectFrom('source_rule').select(['id', 'rule_id']).execute();
  return new Map(rows.map((row) => [row.id, row.rule_id]));
}

export type HistoryGroup = Pick<
  Tables['alert_group'],
  | 'id'
  | 'title'
  | 'severity'
  | 'product'
  | 'entity_value'
  | 'count'
  | 'disposition'
  | 'is_open'
  | 'closed_by_kind'
  | 'first_observed_at_ms'
  | 'last_observed_at_ms'
>;

const CHUNK = 500;

/** These items, in no order. */
export async function groupsOfHistory(db: Read, ids: readonly number[]): Promise<HistoryGroup[]> {
  const groups: HistoryGroup[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .selectFrom('alert_group')
      .select([
        'id',
        'title',
        'severity',
        'product',
        'entity_value',
        'count',
        'disposition',
        'is_open',
        'closed_by_kind',
        'first_observed_at_ms',
        'last_observed_at_ms',
      ])
      .where('id', 'in', ids.slice(from, from + CHUNK))
      .execute();
    groups.push(...rows);
  }
  return groups;
}

/** Product and rule of the storm that each of these was folded into. */
export async function stormsOf(
  db: Read,
  ids: readonly number[],
): Promise<{ from_id: number; product: string; source_rule_id: number }[]> {
  const storms: { from_id: number; product: string; source_rule_id: number }[] = [];
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .selectFrom('group_link as l')
      .innerJoin('alert_group as g', 'g.id', 'l.to_id')
      .select(['l.from_id', 'g.product', 'g.source_rule_id'])
      .where('l.kind', '=', 'folded')
      .where('l.from_id', 'in', ids.slice(from, from + CHUNK))
      .execute();
    storms.push(...rows);
  }
  return storms;
}

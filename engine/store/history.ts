import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

/** What a walk over all that is stored needs of an alert before its original is read. */
export type HistoryAlert = Pick<
  Tables['alert'],
  'id' | 'group_id' | 'observed_at_ms' | 'severity' | 'format' | 'block_id' | 'slot' | 'closed_at_source'
> & { source_rule_id: number; product: string };

/** Alerts by rising id after one of them, with the product and the rule that their items have. */
export async function alertsAfter(db: Read, afterId: number, limit: number): Promise<HistoryAlert[]> {
  return db
    .selectFrom('alert as a')
    .innerJoin('alert_group as g', 'g.id', 'a.group_id')
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

/** Where items that were joined or folded live now: one step each. */
export async function livingIds(db: Read, ids: readonly number[]): Promise<Map<number, number>> {
  const links = new Map<number, number>();
  for (let from = 0; from < ids.length; from += CHUNK) {
    const rows = await db
      .selectFrom('group_link')
      .select(['from_id', 'to_id'])
      .where('kind', 'in', ['joined', 'folded'])
      .where('from_id', 'in', ids.slice(from, from + CHUNK))
      .execute();
    for (const { from_id, to_id } of rows) links.set(from_id, to_id);
  }
  return links;
}

import { type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { QueueSort } from '../../shared/model/queue.ts';
import { type Cursor, decodeCursor, encodeCursor } from './queue-cursor.ts';
import { filterConditions, type ResolvedFilter, stateCondition } from './queue-filter.ts';
import { ITEM_COLUMNS, type ItemRow } from './queue-items.ts';
import { keptTotals, type Lead, type PagePlan, planPage, type SortPlan } from './queue-plan.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

export interface QueuePage {
  rows: ItemRow[];
  nextCursor: string | null;
  total: number | null;
}

/** Where a filter goes beyond the kept counts, at most so many rows are counted. */
const COUNTED_MAX = 10_000;

/** One page of groups in a total order, by keyset: cost does not grow with the page's number. */
export async function readPage(
  db: Read,
  filter: ResolvedFilter,
  request: { sort: QueueSort; cursor: string | null; limit: number },
): Promise<QueuePage> {
  const kept = await keptTotals(db, filter);
  const plan = planPage(filter, request.sort, kept);
  const orderName = `${filter.state}:${plan.order.sort}`;
  const cursor = decodeCursor(orderName, request.cursor);
  if (kept.total === 0) return { rows: [], nextCursor: null, total: 0 };
  const found: ItemRow[] = [];
  for (const lead of plan.leads) found.push(...(await readBranch(db, filter, plan, lead, cursor, request.limit + 1)));
  if (plan.leads.length > 1) found.sort((a, b) => compareRows(a, b, plan.order));
  const rows = found.slice(0, request.limit);
  const last = rows.at(-1);
  const hasMore = found.length > request.limit && last !== undefined;
  return {
    rows,
    nextCursor: hasMore ? encodeCursor(orderName, { value: last[plan.order.column] ?? 0, id: last.id }) : null,
    total: kept.total ?? (cursor === null ? await countMatching(db, filter, plan, COUNTED_MAX) : null),
  };
}

/** Ids of all groups that match, in rising order; null when there are more than `max`. */
export async function matchingIds(db: Read, filter: ResolvedFilter, max: number): Promise<number[] | null> {
  const plan = planPage(filter, 'newest', await keptTotals(db, filter));
  const ids: number[] = [];
  for (const lead of plan.leads) {
    const rows = await matching(db, filter, plan, lead)
      .select('id')
      .limit(max + 1 - ids.length)
      .execute();
    for (const row of rows) ids.push(row.id);
    if (ids.length > max) return null;
  }
  return ids.sort((a, b) => a - b);
}

/**
 * How many match; null when that would take looking at more than `max` rows. What is looked at is bounded, rather
 * than what is found: a condition that few rows meet would otherwise cost a walk over all of them.
 */
async function countMatching(db: Read, filter: ResolvedFilter, plan: PagePlan, max: number): Promise<number | null> {
  let found = 0;
  let left = max;
  for (const lead of plan.leads) {
    const looked = withLead(
      db.selectFrom('alert_group').where((eb) => eb.and(stateCondition(eb, filter.state))),
      lead,
    )
      .$if(filter.groupIds !== null, (query) => query.where('id', 'in', idsOrNone(filter)))
      .$if(filter.tag !== null, (query) => query.where(sql<SqlBool>`tags_json <> '[]'`))
      .select((eb) =>
        eb
          .case()
          .when(eb.and(filterConditions(eb, filter, plan.except)))
          .then(sql.lit(1))
          .else(sql.lit(0))
          .end()
          .as('hit'),
      )
      .limit(left + 1);
    const row = await db
      .selectFrom(looked.as('looked'))
      .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.sum<number | null>('hit').as('hits')])
      .executeTakeFirst();
    left -= Number(row?.n ?? 0);
    found += Number(row?.hits ?? 0);
    if (left < 0) return null;
  }
  return found;
}

/** An empty list of ids is no SQL; no group has this one. */
function idsOrNone(filter: ResolvedFilter): number[] {
  return filter.groupIds === null || filter.groupIds.length === 0 ? [0] : filter.groupIds;
}

function matching(db: Read, filter: ResolvedFilter, plan: PagePlan, lead: Lead | null) {
  const query = db
    .selectFrom('alert_group')
    .where((eb) => eb.and([...stateCondition(eb, filter.state), ...filterConditions(eb, filter, plan.except)]));
  return withLead(query, lead);
}

/** Adds the one plain condition that picks the index. */
function withLead<O>(query: SelectQueryBuilder<Tables, 'alert_group', O>, lead: Lead | null) {
  if (lead === null) return query;
  return query.where(lead.column, lead.value === null ? 'is' : '=', lead.value);
}

/**
 * Rows of one lead after the cursor. First those that share the cursor's sort value, then those beyond it: each is
 * one range of the index, where a single "or" would walk all rows of that value again.
 */
async function readBranch(
  db: Read,
  filter: ResolvedFilter,
  plan: PagePlan,
  lead: Lead | null,
  cursor: Cursor | null,
  limit: number,
): Promise<ItemRow[]> {
  const { column, direction, idDirection } = plan.order;
  // Without the plain column no index can give the order, so that the lead's index is used.
  const key = plan.isOrderIndexed ? sql<number>`${sql.ref(column)}` : sql<number>`${sql.ref(column)} + 0`;
  const page = () =>
    matching(db, filter, plan, lead).select(ITEM_COLUMNS).orderBy(key, direction).orderBy('id', idDirection);
  if (cursor === null) return page().limit(limit).execute();
  const ties = await page()
    .where(key, '=', cursor.value)
    .where('id', idDirection === 'asc' ? '>' : '<', cursor.id)
    .limit(limit)
    .execute();
  if (ties.length >= limit) return ties;
  const beyond = await page()
    .where(key, direction === 'asc' ? '>' : '<', cursor.value)
    .limit(limit - ties.length)
    .execute();
  return [...ties, ...beyond];
}

function compareRows(a: ItemRow, b: ItemRow, order: SortPlan): number {
  const byKey = (a[order.column] ?? 0) - (b[order.column] ?? 0);
  if (byKey !== 0) return order.direction === 'asc' ? byKey : -byKey;
  return order.idDirection === 'asc' ? a.id - b.id : b.id - a.id;
}

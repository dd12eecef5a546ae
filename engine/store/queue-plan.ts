import type { QueueSort } from '../../shared/model/queue.ts';
import { PRIORITY_LEVELS } from '../../shared/model/vocabulary.ts';
import { dimensionValues, type OpenDimension, type ResolvedFilter } from './queue-filter.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

export type SortColumn = 'priority_points' | 'last_received_at_ms' | 'first_received_at_ms' | 'closed_at_ms';

/** The order of a page. Every order is total: it ends with the id. */
export interface SortPlan {
  sort: QueueSort;
  column: SortColumn;
  direction: 'asc' | 'desc';
  idDirection: 'asc' | 'desc';
}

/** The plain condition of one query of a page: it picks the index. */
export interface Lead {
  column: OpenDimension | 'closed_by_kind' | 'closed_by' | 'disposition' | 'source_rule_id' | 'entity_value';
  value: string | number | null;
}

export interface PagePlan {
  order: SortPlan;
  /** One query for each; their rows are merged. Null walks the whole order. */
  leads: (Lead | null)[];
  /** False: few rows meet the lead, so they are sorted rather than walked in the order of another index. */
  isOrderIndexed: boolean;
  /** Conditions on this dimension are in the leads already. */
  except: OpenDimension | null;
}

/** So many rows are read and sorted within a few milliseconds. */
const SORTED_MAX = 5_000;
const DIMENSIONS: readonly OpenDimension[] = ['assignee_id', 'tier', 'severity', 'status', 'product'];
const ALL_TIERS = ['tier1', 'tier2', 'tier3', 'lead'];

/** Work order exists for open items only; looking back, `priority` means the newest, and `closedAt` needs closed items. */
export function sortPlan(state: ResolvedFilter['state'], sort: QueueSort): SortPlan {
  if (state === 'open' && (sort === 'priority' || sort === 'closedAt')) {
    return { sort: 'priority', column: 'priority_points', direction: 'desc', idDirection: 'asc' };
  }
  if (state === 'closed' && (sort === 'closedAt' || sort === 'priority')) {
    return { sort: 'closedAt', column: 'closed_at_ms', direction: 'desc', idDirection: 'asc' };
  }
  if (sort !== 'oldest')
    return { sort: 'newest', column: 'last_received_at_ms', direction: 'desc', idDirection: 'asc' };
  if (state === 'open') return { sort, column: 'first_received_at_ms', direction: 'asc', idDirection: 'asc' };
  return { sort, column: 'last_received_at_ms', direction: 'asc', idDirection: 'desc' };
}

export interface KeptTotals {
  /** How many groups match; null when the filter asks for more than the kept counts know. */
  total: number | null;
  /** How many groups have one of the wanted values of a dimension, whatever else they are. */
  byDimension: ReadonlyMap<OpenDimension, number>;
}

/** Sums of the kept counts for a filter, in one pass over a table of a few hundred rows. */
export async function keptTotals(db: Read, filter: ResolvedFilter): Promise<KeptTotals> {
  const rows = await db
    .selectFrom('group_count')
    .selectAll()
    .$if(filter.state !== 'all', (query) => query.where('is_open', '=', filter.state === 'open' ? 1 : 0))
    .execute();
  const values = dimensionValues(filter);
  const wanted = DIMENSIONS.filter((dimension) => values[dimension].length > 0);
  const byDimension = new Map<OpenDimension, number>(wanted.map((dimension) => [dimension, 0]));
  let total = 0;
  for (const row of rows) {
    let isMatch = matchesRest(row, filter);
    for (const dimension of wanted) {
      const isOne = values[dimension].some((value) => (value ?? '') === row[dimension]);
      if (isOne) byDimension.set(dimension, (byDimension.get(dimension) ?? 0) + row.n);
      isMatch &&= isOne;
    }
    if (isMatch) total += row.n;
  }
  return { total: isCounted(filter) ? total : null, byDimension };
}

function matchesRest(row: Tables['group_count'], filter: ResolvedFilter): boolean {
  const level = PRIORITY_LEVELS[row.priority_level - 1];
  if (filter.priorityLevels.length > 0 && !filter.priorityLevels.some((wanted) => wanted === level)) return false;
  return filter.closedByKinds.length === 0 || filter.closedByKinds.some((kind) => kind === row.closed_by_kind);
}

/** Owners are counted for open groups only. */
function isCounted(filter: ResolvedFilter): boolean {
  return (
    filter.dispositions.length === 0 &&
    filter.closingRuleId === null &&
    filter.sourceRuleKeys === null &&
    filter.entityValue === null &&
    filter.tag === null &&
    filter.site === null &&
    filter.groupIds === null &&
    (filter.assignee === null || filter.state === 'open')
  );
}

/** Which index answers a page with the least reading. */
export function planPage(filter: ResolvedFilter, sort: QueueSort, kept: KeptTotals): PagePlan {
  const order = sortPlan(filter.state, sort);
  const sorted = (column: Lead['column'], values: Lead['value'][]): PagePlan => ({
    order,
    leads: values.map((value) => ({ column, value })),
    isOrderIndexed: false,
    except: null,
  });
  // Few groups are tagged, and an index holds those alone.
  if (filter.groupIds !== null || filter.tag !== null) {
    return { order, leads: [null], isOrderIndexed: false, except: null };
  }
  if (filter.entityValue !== null) return sorted('entity_value', [filter.entityValue]);
  if (filter.sourceRuleKeys !== null) {
    const plan = sorted('source_rule_id', filter.sourceRuleKeys);
    return { ...plan, isOrderIndexed: order.column === 'closed_at_ms' };
  }
  return filter.state === 'open' ? planOpen(filter, order, kept) : planClosed(filter, order);
}

function planOpen(filter: ResolvedFilter, order: SortPlan, kept: KeptTotals): PagePlan {
  const values = dimensionValues(filter);
  const [smallest] = [...kept.byDimension].sort((a, b) => a[1] - b[1]);
  const leadBy = (column: OpenDimension, from: Lead['value'][], isOrderIndexed: boolean): PagePlan => ({
    order,
    leads: from.map((value) => ({ column, value })),
    isOrderIndexed,
    except: column,
  });
  if (smallest !== undefined) {
    const [dimension, n] = smallest;
    if (order.column === 'priority_points') return leadBy(dimension, values[dimension], true);
    if (n <= SORTED_MAX) return leadBy(dimension, values[dimension], false);
  }
  if (order.column === 'first_received_at_ms') {
    return leadBy('tier', filter.tiers.length > 0 ? filter.tiers : ALL_TIERS, true);
  }
  return { order, leads: [null], isOrderIndexed: true, except: null };
}

function planClosed(filter: ResolvedFilter, order: SortPlan): PagePlan {
  const isByClosing = order.column === 'closed_at_ms';
  const plan = (leads: (Lead | null)[]): PagePlan => ({ order, leads, isOrderIndexed: true, except: null });
  if (isByClosing && filter.closingRuleId !== null) return plan([{ column: 'closed_by', value: filter.closingRuleId }]);
  if (isByClosing && filter.dispositions.length > 0) {
    return plan(filter.dispositions.map((value) => ({ column: 'disposition', value })));
  }
  if (isByClosing && filter.closedByKinds.length > 0) {
    return plan(filter.closedByKinds.map((value) => ({ column: 'closed_by_kind', value })));
  }
  return plan([null]);
}

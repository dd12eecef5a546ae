import {
  ANY_OPEN,
  type QueueFilter,
  type QueueSort,
  queueFilterSchema,
  queueSortSchema,
} from '../../../shared/model/queue.ts';
import { hashOf, type Route } from '../../frame/route.ts';

/** What the queue's address says: which items, in which order. An address that cannot be read is the open queue. */
export function filterOf(route: Route | null): { filter: QueueFilter; sort: QueueSort } {
  if (route === null || route.screen !== 'queue') return { filter: ANY_OPEN, sort: 'priority' };
  const filter = readFilter(route.params.get('f'));
  const sort = queueSortSchema.safeParse(route.params.get('sort'));
  return { filter, sort: sortFor(filter.state, sort.success ? sort.data : 'priority') };
}

/** The orders that exist for what is looked at, the usual one first: a work order is for what is still open. */
export const SORTS_OF: Readonly<Record<QueueFilter['state'], readonly [QueueSort, ...QueueSort[]]>> = {
  open: ['priority', 'newest', 'oldest'],
  closed: ['closedAt', 'newest', 'oldest'],
  all: ['newest', 'oldest'],
};

/** The wanted order where it exists for this state, else the usual one. */
export function sortFor(state: QueueFilter['state'], wanted: QueueSort): QueueSort {
  return SORTS_OF[state].includes(wanted) ? wanted : SORTS_OF[state][0];
}

function readFilter(text: string | null): QueueFilter {
  if (text === null) return ANY_OPEN;
  try {
    const parsed = queueFilterSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : ANY_OPEN;
  } catch {
    return ANY_OPEN;
  }
}

/** The order when another state is looked at: one that somebody chose stays, the usual one gives way to the usual one. */
export function carrySort(from: QueueFilter['state'], to: QueueFilter['state'], sort: QueueSort): QueueSort {
  return from !== to && sort === SORTS_OF[from][0] ? SORTS_OF[to][0] : sortFor(to, sort);
}

/** The address of the queue with this filter, and of one item in it. Only what differs from the open queue is written. */
export function queueHash(filter: QueueFilter, sort: QueueSort = 'priority', itemRef: string | null = null): string {
  const params = new URLSearchParams();
  const said = differences(filter);
  if (Object.keys(said).length > 0) params.set('f', JSON.stringify(said));
  if (sortFor(filter.state, sort) !== SORTS_OF[filter.state][0]) params.set('sort', sort);
  return hashOf('queue', itemRef === null ? [] : [itemRef], params);
}

function differences(filter: QueueFilter): Partial<QueueFilter> {
  const entries = Object.entries(filter).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(ANY_OPEN[key as keyof QueueFilter]),
  );
  return Object.fromEntries(entries);
}

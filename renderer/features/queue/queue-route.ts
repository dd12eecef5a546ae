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
  const sort = queueSortSchema.safeParse(route.params.get('sort') ?? 'priority');
  return { filter: readFilter(route.params.get('f')), sort: sort.success ? sort.data : 'priority' };
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

/** The address of the queue with this filter, and of one item in it. Only what differs from the open queue is written. */
export function queueHash(filter: QueueFilter, sort: QueueSort = 'priority', itemRef: string | null = null): string {
  const params = new URLSearchParams();
  const said = differences(filter);
  if (Object.keys(said).length > 0) params.set('f', JSON.stringify(said));
  if (sort !== 'priority') params.set('sort', sort);
  return hashOf('queue', itemRef === null ? [] : [itemRef], params);
}

function differences(filter: QueueFilter): Partial<QueueFilter> {
  const entries = Object.entries(filter).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(ANY_OPEN[key as keyof QueueFilter]),
  );
  return Object.fromEntries(entries);
}

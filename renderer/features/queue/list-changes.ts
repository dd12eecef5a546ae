import type { QueueItem } from '../../../shared/model/queue.ts';

export interface ListChanges {
  /** Items that a fresh page has and the shown list has not. */
  fresh: number;
  /** Shown items that a fresh page of the same stretch no longer has: decided elsewhere, or moved. */
  gone: Set<number>;
  /** Newer states of shown items, by id. */
  newer: Map<number, QueueItem>;
}

/**
 * Compares a freshly read page with the stretch of the shown list that it belongs to, so that rows can be
 * brought up to date in place and what is new can wait in a bar: the list never moves by itself.
 *
 * @param shown the whole shown list, in its order.
 * @param from index in `shown` where the page's stretch begins.
 * @param page the fresh page; `isLast` when no page follows it.
 */
export function compareWithPage(
  shown: readonly QueueItem[],
  from: number,
  page: readonly QueueItem[],
  isLast: boolean,
): ListChanges {
  const places = new Map(shown.map((item, at) => [item.id, at]));
  const onPage = new Set(page.map((item) => item.id));
  const newer = new Map<number, QueueItem>();
  let lastKnownAt = -1;
  let lastKnownPlace = from - 1;
  page.forEach((item, at) => {
    const place = places.get(item.id);
    if (place === undefined) return;
    newer.set(item.id, item);
    lastKnownAt = at;
    lastKnownPlace = Math.max(lastKnownPlace, place);
  });
  // What follows the last known item merely moved up to fill the page, unless the page is the end of the list.
  const reach = isLast ? page.length : lastKnownAt + 1;
  const fresh = page.slice(0, lastKnownAt < 0 ? page.length : reach).filter((item) => !places.has(item.id)).length;
  const until = isLast ? shown.length - 1 : lastKnownPlace;
  const gone = new Set<number>();
  for (const item of shown.slice(from, until + 1)) if (!onPage.has(item.id)) gone.add(item.id);
  return { fresh, gone, newer };
}

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { QueueFilter, QueueItem, QueueSort } from '../../../shared/model/queue.ts';
import { useEngine } from '../../state/engine.tsx';
import { keys } from '../../state/query-keys.ts';
import { compareWithPage } from './list-changes.ts';

export const PAGE_SIZE = 200;
const NOTHING: readonly QueueItem[] = [];

export interface QueueList {
  items: readonly QueueItem[];
  /** How many match in all; null beyond what is counted. */
  total: number | null;
  /** False until the list was read: nothing is known of how many match. */
  isCounted: boolean;
  /** Items that came since the list was read, waiting in the bar. */
  newAbove: number;
  gone: ReadonlySet<number>;
  hasMore: boolean;
  isLoading: boolean;
  isLoadingMore: boolean;
  error: unknown;
  loadMore: () => void;
  /** Reads the list anew from the top. */
  refresh: () => Promise<void>;
  /** True when the row is among those that were read, shown or hidden. */
  knows: (id: number) => boolean;
  /** Takes rows away at once, before the engine has answered; `show` puts them back where they were. */
  hide: (ids: readonly number[]) => void;
  show: (ids: readonly number[]) => void;
  /** Tells which rows are looked at, so that these are kept fresh. */
  look: (index: number) => void;
}

/** The list as it is shown: pages read on demand, kept fresh in place, never reordered under the hand. */
export function useQueueList(filter: QueueFilter, sort: QueueSort): QueueList {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const [pageAt, setPageAt] = useState(0);
  const pagesKey = keys.queuePages(filter, sort);
  const pages = useInfiniteQuery({
    queryKey: pagesKey,
    queryFn: ({ pageParam, signal }) =>
      engine.queue.list({ filter, sort, cursor: pageParam, limit: PAGE_SIZE }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  });
  const loaded = pages.data?.pages;
  const cursor = pageAt === 0 ? null : (loaded?.[pageAt - 1]?.nextCursor ?? null);
  // The stretch that is looked at, read again whenever something changed.
  const live = useQuery({
    queryKey: [...keys.queueHead(filter, sort), cursor],
    queryFn: ({ signal }) => engine.queue.list({ filter, sort, cursor, limit: PAGE_SIZE }, { signal }),
    enabled: loaded !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    initialData: () => (pageAt === 0 ? loaded?.[0] : undefined),
  });
  const all = useMemo(() => (loaded === undefined ? NOTHING : loaded.flatMap((page) => page.items)), [loaded]);
  const changes = useMemo(() => {
    const page = live.data;
    if (page === undefined) return { fresh: 0, gone: new Set<number>(), newer: new Map<number, QueueItem>() };
    const from = cursor === null ? 0 : pageAt * PAGE_SIZE;
    return compareWithPage(all, from, page.items, page.nextCursor === null);
  }, [all, live.data, cursor, pageAt]);
  const items = useMemo(
    () =>
      hidden.size === 0 && changes.newer.size === 0
        ? all
        : all.filter((item) => !hidden.has(item.id)).map((item) => changes.newer.get(item.id) ?? item),
    [all, hidden, changes.newer],
  );
  const gone = useMemo(() => new Set([...changes.gone].filter((id) => !hidden.has(id))), [changes.gone, hidden]);
  const refresh = useCallback(async () => {
    setHidden(new Set());
    setPageAt(0);
    await queryClient.resetQueries({ queryKey: keys.queuePages(filter, sort) });
    await queryClient.invalidateQueries({ queryKey: keys.queueHead(filter, sort) });
  }, [queryClient, filter, sort]);
  const identity = JSON.stringify(pagesKey);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts with nothing hidden
  useEffect(() => {
    setHidden(new Set());
    setPageAt(0);
  }, [identity]);
  return {
    items,
    total: (live.data ?? loaded?.[0])?.total ?? null,
    isCounted: (live.data ?? loaded?.[0]) !== undefined,
    newAbove: pageAt === 0 ? changes.fresh : 0,
    gone,
    hasMore: pages.hasNextPage,
    isLoading: pages.isPending,
    isLoadingMore: pages.isFetchingNextPage,
    error: pages.error,
    loadMore: () => {
      if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage({ cancelRefetch: false });
    },
    refresh,
    knows: (id) => all.some((item) => item.id === id),
    hide: useCallback((ids) => setHidden((known) => new Set([...known, ...ids])), []),
    show: useCallback((ids) => setHidden((known) => new Set([...known].filter((id) => !ids.includes(id)))), []),
    look: (index) => setPageAt(Math.max(0, Math.min((loaded?.length ?? 1) - 1, Math.floor(index / PAGE_SIZE)))),
  };
}

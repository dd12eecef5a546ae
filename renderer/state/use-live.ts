import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { followChanges } from '../client/changes.ts';
import { useEngine } from './engine.tsx';
import { STALE_AFTER } from './query-keys.ts';

/** Under a flood of changes the screens refresh at most this often. */
const REFRESH_EVERY_MS = 1000;

/** Keeps what is on the screen fresh from `fromSeq` on: the feed says what changed, and that is read again. */
export function useLive(fromSeq: number | null): void {
  const engine = useEngine();
  const queryClient = useQueryClient();
  const isReady = fromSeq !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: followed from the first seq; later ones are its own business
  useEffect(() => {
    if (!isReady) return;
    const stop = new AbortController();
    const stale = staleMarker(queryClient, stop.signal);
    const listener = {
      onRows: (rows: readonly { kinds: readonly (keyof typeof STALE_AFTER)[] }[]) => {
        for (const row of rows) for (const kind of row.kinds) for (const key of STALE_AFTER[kind]) stale.add(key);
      },
      onResync: () => {
        for (const list of Object.values(STALE_AFTER)) for (const key of list) stale.add(key);
      },
    };
    void followChanges(engine, fromSeq, listener, stop.signal);
    return () => stop.abort();
  }, [engine, queryClient, isReady]);
}

function staleMarker(queryClient: QueryClient, signal: AbortSignal): { add: (key: string) => void } {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastMs = 0;
  const flush = () => {
    timer = null;
    lastMs = Date.now();
    for (const key of waiting) void queryClient.invalidateQueries({ queryKey: [key] });
    waiting.clear();
  };
  signal.addEventListener('abort', () => {
    if (timer !== null) clearTimeout(timer);
  });
  return {
    add: (key) => {
      waiting.add(key);
      if (timer === null && !signal.aborted) {
        timer = setTimeout(flush, Math.max(0, lastMs + REFRESH_EVERY_MS - Date.now()));
      }
    },
  };
}

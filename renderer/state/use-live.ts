import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useConnection } from './connection.ts';
import { type EngineClient, useEngine } from './engine.tsx';
import { STALE_AFTER } from './query-keys.ts';

const BACKOFF_MS = [500, 1000, 2000, 5000, 10_000];
/** Under a flood of changes the screens refresh at most this often. */
const REFRESH_EVERY_MS = 1000;

/** Keeps what is on the screen fresh: a poke says that something changed, the feed says what, and that is read again. */
export function useLive(): void {
  const engine = useEngine();
  const queryClient = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    void follow(engine, queryClient, stop.signal);
    return () => stop.abort();
  }, [engine, queryClient]);
}

async function follow(engine: EngineClient, queryClient: QueryClient, signal: AbortSignal): Promise<void> {
  const stale = staleMarker(queryClient, signal);
  let seq = -1;
  let failures = 0;
  while (!signal.aborted) {
    try {
      if (seq < 0) seq = (await engine.workspace.get({})).seq;
      const pokes = await engine.changes.subscribe({}, { signal });
      useConnection.getState().setState('live');
      if (failures > 0) stale.everything();
      failures = 0;
      seq = await pull(engine, seq, stale);
      for await (const poke of pokes) if (poke.seq > seq) seq = await pull(engine, seq, stale);
    } catch {
      // Told by the connection state; the loop tries again.
    }
    if (signal.aborted) return;
    failures += 1;
    if (failures > 1) useConnection.getState().setState('lost');
    await wait(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length) - 1] ?? 10_000, signal);
  }
}

async function pull(engine: EngineClient, from: number, stale: StaleMarker): Promise<number> {
  let seq = from;
  for (;;) {
    const answer = await engine.changes.since({ seq, limit: 1000 });
    if (answer.kind === 'resync') {
      stale.everything();
      return answer.seq;
    }
    for (const row of answer.rows) for (const kind of row.kinds) for (const key of STALE_AFTER[kind]) stale.add(key);
    if (answer.rows.length < 1000) return Math.max(seq, answer.seq);
    seq = answer.rows.at(-1)?.seq ?? answer.seq;
  }
}

interface StaleMarker {
  add: (key: string) => void;
  everything: () => void;
}

function staleMarker(queryClient: QueryClient, signal: AbortSignal): StaleMarker {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let lastMs = 0;
  const flush = () => {
    timer = null;
    lastMs = Date.now();
    for (const key of waiting) void queryClient.invalidateQueries({ queryKey: [key] });
    waiting.clear();
  };
  const schedule = () => {
    if (timer !== null || signal.aborted) return;
    timer = setTimeout(flush, Math.max(0, lastMs + REFRESH_EVERY_MS - Date.now()));
  };
  signal.addEventListener('abort', () => {
    if (timer !== null) clearTimeout(timer);
  });
  return {
    add: (key) => {
      waiting.add(key);
      schedule();
    },
    everything: () => {
      for (const list of Object.values(STALE_AFTER)) for (const key of list) waiting.add(key);
      schedule();
    },
  };
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

import { AsyncIteratorClass } from '@orpc/server';
import type { Handlers } from './handlers.ts';
import { changesSince, newestSeq } from './store/feed.ts';
import type { Store } from './store/store.ts';

/** At most ten pokes a second, however fast the writer commits. */
const POKE_EVERY_MS = 100;

export interface ChangesDeps {
  store: Store;
  onChange(listener: (seq: number) => void): () => void;
  /** Waits in real time: pokes are paced for the client's sake, whatever the engine's clock says. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export function changeHandlers({ store, onChange, sleep }: ChangesDeps): Pick<Handlers, 'changes'> {
  return {
    changes: {
      since: (_context, { seq, limit }) => store.read((db) => changesSince(db, seq, limit)),
      subscribe: async () => pokes(await store.read(newestSeq), onChange, sleep),
    },
  };
}

/** The newest number first, then one poke for whatever came since the last. Ends when its reader goes. */
function pokes(
  firstSeq: number,
  onChange: ChangesDeps['onChange'],
  sleep: ChangesDeps['sleep'],
): AsyncIteratorClass<{ seq: number }, unknown, void> {
  const stop = new AbortController();
  let newest = firstSeq;
  let told = -1;
  let wake: (() => void) | null = null;
  const unsubscribe = onChange((seq) => {
    newest = Math.max(newest, seq);
    wake?.();
  });
  const next = async (): Promise<IteratorResult<{ seq: number }, unknown>> => {
    if (told >= 0) await sleep(POKE_EVERY_MS, stop.signal);
    while (newest === told && !stop.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      wake = null;
    }
    if (stop.signal.aborted) return { done: true, value: undefined };
    told = newest;
    return { done: false, value: { seq: told } };
  };
  return new AsyncIteratorClass(next, async () => {
    unsubscribe();
    stop.abort();
    wake?.();
  });
}

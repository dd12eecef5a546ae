import type { EngineClient } from './client.ts';
import { retryDelayMs } from './connection.ts';

type ChangesAnswer = Awaited<ReturnType<EngineClient['changes']['since']>>;
export type ChangeRow = Extract<ChangesAnswer, { kind: 'rows' }>['rows'][number];

export interface ChangesListener {
  /** What changed, in order, each row once. */
  onRows(rows: readonly ChangeRow[], seq: number): void;
  /** The feed no longer reaches back: read everything anew. */
  onResync(seq: number): void;
}

const PAGE = 500;

/**
 * Follows the change feed from `fromSeq` until the signal aborts: pokes say that there is something, `changes.since`
 * says what. After a break it subscribes again and pulls from the last seq that it saw, so nothing is missed.
 */
export async function followChanges(
  client: EngineClient,
  fromSeq: number,
  listener: ChangesListener,
  signal: AbortSignal,
): Promise<void> {
  let seq = fromSeq;
  let failures = 0;
  const pull = async (): Promise<void> => {
    for (;;) {
      const answer = await client.changes.since({ seq, limit: PAGE }, { signal });
      if (answer.kind === 'resync') {
        seq = answer.seq;
        listener.onResync(seq);
        return;
      }
      seq = Math.max(seq, answer.seq);
      if (answer.rows.length > 0) listener.onRows(answer.rows, seq);
      if (answer.rows.length < PAGE) return;
    }
  };
  while (!signal.aborted) {
    try {
      const pokes = await client.changes.subscribe({}, { signal });
      await pull();
      for await (const poke of pokes) {
        failures = 0;
        if (poke.seq > seq) await pull();
      }
    } catch {
      // The connection's own status says what is wrong; here it only matters to ask again.
    }
    if (signal.aborted) return;
    const delayMs = retryDelayMs(failures, Math.random());
    failures += 1;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
  }
}

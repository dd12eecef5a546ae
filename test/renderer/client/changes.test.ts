import { describe, expect, it } from 'vitest';
import { type ChangeRow, followChanges } from '../../../renderer/client/changes.ts';
import type { EngineClient } from '../../../renderer/client/client.ts';

const row = (seq: number): ChangeRow => ({ seq, kinds: ['group'], firstId: seq, lastId: seq });

/** A feed of `top` rows that grows with each poke, whose subscription breaks after each list of pokes. */
function feed(start: number, subscriptions: number[][], resyncBelow = 0): EngineClient {
  let top = start;
  const newest = () => top;
  const changes = {
    since: async ({ seq, limit }: { seq: number; limit: number }) => {
      if (seq < resyncBelow) return { kind: 'resync' as const, seq: newest() };
      const rows = Array.from({ length: Math.min(limit, newest() - seq) }, (_, at) => row(seq + at + 1));
      return { kind: 'rows' as const, rows, seq: rows.at(-1)?.seq ?? seq };
    },
    subscribe: async () => {
      const pokes = subscriptions.shift();
      if (pokes === undefined) return new Promise<never>(() => {});
      return (async function* () {
        for (const seq of pokes) {
          top = Math.max(top, seq);
          yield { seq };
        }
        throw new Error('The connection closed.');
      })();
    },
  };
  // Only the feed is asked here.
  return { changes } as unknown as EngineClient;
}

async function follow(client: EngineClient, fromSeq: number, until: number) {
  const stop = new AbortController();
  const seen: number[] = [];
  const resyncs: number[] = [];
  await new Promise<void>((resolve) => {
    const note = (seq: number): void => {
      if (seq < until) return;
      stop.abort();
      resolve();
    };
    void followChanges(
      client,
      fromSeq,
      {
        onRows: (rows, seq) => {
          seen.push(...rows.map((each) => each.seq));
          note(seq);
        },
        onResync: (seq) => {
          resyncs.push(seq);
          note(seq);
        },
      },
      stop.signal,
    );
  });
  return { seen, resyncs };
}

describe('following the change feed', () => {
  it('gives each row once and in order, over broken subscriptions', async () => {
    const client = feed(3, [[4, 4, 5], [], [9]]);
    const { seen } = await follow(client, 1, 9);
    expect(seen).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('pulls everything that happened before it subscribed, page by page', async () => {
    const { seen } = await follow(feed(1234, [[1]]), 0, 1234);
    expect(seen).toHaveLength(1234);
  });

  it('says so when the feed no longer reaches back', async () => {
    const { seen, resyncs } = await follow(feed(50, [[50]], 10), 3, 50);
    expect(seen).toEqual([]);
    expect(resyncs).toEqual([50]);
  });
});

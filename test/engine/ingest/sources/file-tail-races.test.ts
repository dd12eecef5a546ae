import { appendFileSync, copyFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { startTailWith } from '../../../../engine/ingest/sources/file-tail.ts';
import type { StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import type { TailTiming } from '../../../../engine/ingest/sources/tail-timing.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { Deliveries, makeFolder, removeFolders, type Started, startOn } from './delivery-setting.ts';

const TIMING: TailTiming = { pollMs: 10, leastMs: 1, settleMs: 60, lingerMs: 90, missingMs: 60, noticeMs: 60_000 };
/** More than a tick of the times that files bear. */
const TICK_MS = 12;
const line = (n: number) => `${JSON.stringify({ n })}\n`;

const running: Started[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
  removeFolders();
});

/** A log, and a moment that comes while the delivery of a record is refused: nothing else goes on meanwhile. */
function setUp() {
  const path = join(makeFolder(), 'eve.json');
  const deliveries = new Deliveries();
  let turns = 0;
  let onLook: (() => Promise<void>) | null = null;
  const beforeLook = (work: () => Promise<void>) => {
    onLook = work;
  };
  const product = {
    path,
    write: (...numbers: number[]) => appendFileSync(path, numbers.map(line).join('')),
    copyAndEmpty: () => {
      turns += 1;
      copyFileSync(path, `${path}.${turns}`);
      truncateSync(path);
    },
  };
  const begin = async () => {
    const start: StartSource<'file'> = (context) => {
      const allowedPath = async (asked: string) => {
        const work = onLook;
        onLook = null;
        await work?.();
        return context.allowedPath(asked);
      };
      return startTailWith({ ...context, allowedPath }, TIMING);
    };
    const source = await startOn(deliveries, start, { kind: 'file', path });
    running.push(source);
  };
  const stop = async () => {
    await running.pop()?.stop();
  };
  const whileRefused = (n: number, work: () => Promise<void> | void) => {
    let isDone = false;
    deliveries.before = async ({ records }) => {
      if (isDone || records === null || records.kind !== 'text') return;
      if (!Buffer.from(records.bytes).toString().includes(line(n).trim())) return;
      isDone = true;
      await work();
      throw new EngineError('unavailable', 'The engine restarts.');
    };
  };
  const until = (...numbers: number[]) =>
    vi.waitFor(() => expect(deliveries.values()).toEqual(numbers), { timeout: 5_000 });
  return { deliveries, product, begin, stop, beforeLook, whileRefused, until };
}

it('reads what was copied and emptied after the last look, before what was written then', async () => {
  const { product, begin, stop, whileRefused, until } = setUp();
  product.write(1, 2);
  await begin();
  await until(1, 2);
  await stop();
  product.write(3);
  product.copyAndEmpty();
  await delay(TICK_MS);
  product.write(4);
  // The new content was looked at, and nothing of it was read: the rest of the old comes first, and is refused.
  whileRefused(3, async () => {
    product.write(5);
    product.copyAndEmpty();
    await delay(TICK_MS);
    product.write(6);
  });
  await begin();
  await until(1, 2, 3, 4, 5, 6);
});

it('reads two copies that were made while one delivery was refused', async () => {
  const { product, begin, whileRefused, until } = setUp();
  product.write(1);
  await begin();
  await until(1);
  whileRefused(2, async () => {
    for (const n of [3, 4]) {
      product.write(n);
      product.copyAndEmpty();
      await delay(TICK_MS);
    }
    product.write(5);
  });
  product.write(2);
  await until(1, 2, 3, 4, 5);
});

it('reads what was written into an emptied file before that was renamed, all between two looks', async () => {
  const { deliveries, product, begin, beforeLook, until } = setUp();
  product.write(1, 2);
  await begin();
  await until(1, 2);
  beforeLook(async () => {
    product.write(3);
    product.copyAndEmpty();
    await delay(TICK_MS);
    product.write(4, 5, 6);
    renameSync(product.path, `${product.path}.2`);
    await delay(TICK_MS);
    product.write(7);
  });
  // The copy is read twice, which the store knows.
  const all = new Set([1, 2, 3, 4, 5, 6, 7]);
  await vi.waitFor(() => expect(new Set(deliveries.values())).toEqual(all), { timeout: 5_000 });
});

it('says what it missed when the copy is gone that held it, and reads the later copies', async () => {
  const { deliveries, product, begin, whileRefused, until } = setUp();
  product.write(1);
  await begin();
  await until(1);
  whileRefused(2, async () => {
    for (const n of [3, 4]) {
      product.write(n);
      product.copyAndEmpty();
      await delay(TICK_MS);
    }
    rmSync(`${product.path}.1`);
    product.write(5);
  });
  product.write(2);
  await until(1, 2, 4, 5);
  expect(deliveries.problem).toContain(`more than its first ${line(1).length + line(2).length} bytes`);
});

it('says what was emptied of a file of which nothing had been read', async () => {
  const { deliveries, product, begin, until } = setUp();
  writeFileSync(product.path, '{"n":');
  await begin();
  await vi.waitFor(() => expect(deliveries.state.behind).toBe('{"n":'.length));
  truncateSync(product.path);
  await vi.waitFor(() => expect(deliveries.problem).toContain('emptied before its last 5 bytes were read'));
  product.write(1);
  await until(1);
});

import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { startTailWith } from '../../../../engine/ingest/sources/file-tail.ts';
import { FollowedFiles } from '../../../../engine/ingest/sources/followed-files.ts';
import type { StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import { startPosition } from '../../../../engine/ingest/sources/read-position.ts';
import { closeAll, openTurnsSince } from '../../../../engine/ingest/sources/reopened-files.ts';
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

it('finds a file again that is compressed after it was found and before it is opened', async () => {
  const { product } = setUp();
  product.write(1);
  product.copyAndEmpty();
  const turned = `${product.path}.1`;
  let names = 0;
  const name = () => {
    names += 1;
    if (names === 1) {
      writeFileSync(`${turned}.gz`, gzipSync(readFileSync(turned)));
      utimesSync(`${turned}.gz`, 1_000, 1_000);
      rmSync(turned);
    }
    return `f${names}`;
  };
  const { files, unreadable } = await openTurnsSince(product.path, 0n, [], { name, nowMs: 0 });
  expect(files.map(({ isCompressed }) => isCompressed)).toEqual([true]);
  expect(unreadable).toEqual([]);
  const piece = await files[0]?.reader.next(true);
  expect(Buffer.from(piece?.records.bytes ?? []).toString()).toBe(line(1).trim());
  await closeAll(files);
});

it('takes a compressed file whose time lost its last digits for as late as it was', async () => {
  const { product } = setUp();
  const turned = `${product.path}.1.gz`;
  writeFileSync(turned, gzipSync(line(1)));
  utimesSync(turned, 1_000.002, 1_000.002);
  const found = async (sinceNs: bigint) => {
    const { files } = await openTurnsSince(product.path, sinceNs, [], { name: () => 'f1', nowMs: 0 });
    await closeAll(files);
    return files.length;
  };
  expect(await found(1_000_002_900_000n)).toBe(1);
  expect(await found(1_000_005_000_000n)).toBe(0);
});

it('reads a rotated file that got the number which the newest cursor names', async () => {
  const { product } = setUp();
  product.write(1);
  const { dev, ino } = statSync(product.path, { bigint: true });
  renameSync(product.path, `${product.path}.1`);
  product.write(2);
  const nowhere = { headLength: 4, head: 'nowhere', tailLength: 4, tail: 'nowhere' };
  const unread = { dev: '0', ino: '0', position: startPosition(null), fingerprint: nowhere, changedNs: '0' };
  // What this cursor was kept of is compressed or gone by now, and its number belongs to the file that was rotated.
  const newest = { ...unread, dev: String(dev), ino: String(ino), position: { ...startPosition(null), offset: 900 } };
  const files = new FollowedFiles({ nowMs: () => 0, note: () => {} });
  await files.restore(
    product.path,
    new Map([
      ['f1', unread],
      ['f2', newest],
    ]),
  );
  expect(files.all.map(({ identity }) => identity.ino)).toEqual([String(ino)]);
  await files.close();
});

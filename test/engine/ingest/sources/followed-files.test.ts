import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { openPlainFile } from '../../../../engine/ingest/sources/byte-source.ts';
import { FollowedFiles } from '../../../../engine/ingest/sources/followed-files.ts';
import { searchLog } from '../../../../engine/ingest/sources/log-search.ts';
import type { Json } from '../../../../shared/model/json.ts';
import { makeFolder, removeFolders } from './delivery-setting.ts';

const open: FollowedFiles[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((files) => files.close()));
  removeFolders();
});

const BEGIN_SECONDS = 1_767_000_000.25;
const pad = 'x'.repeat(400);
const lines = (...numbers: number[]) => numbers.map((n) => `${JSON.stringify({ n, pad })}\n`).join('');

/** A log whose files bear times that are told, in seconds after it began, and who follows it. */
function setUp() {
  const path = join(makeFolder(), 'eve.json');
  const notes: string[] = [];
  const stamp = (file: string, at: number) => utimesSync(file, BEGIN_SECONDS + at, BEGIN_SECONDS + at);
  const write = (at: number, ...numbers: number[]) => {
    appendFileSync(path, lines(...numbers));
    stamp(path, at);
  };
  const rename = (turn: number) => renameSync(path, `${path}.${turn}`);
  /** Compresses a file, which bears the time `at` from then on. */
  const pack = (turn: number, at: number) => {
    writeFileSync(`${path}.${turn}.gz`, gzipSync(readFileSync(`${path}.${turn}`)));
    stamp(`${path}.${turn}.gz`, at);
    rmSync(`${path}.${turn}`);
  };
  /** A start, over what was stored by then; `asked` is the path that the source is set to. */
  const begin = (cursors: ReadonlyMap<string, Json>, asked = path) => {
    const parts = { path: asked, cursors, nowMs: () => 0, note: (text: string) => void notes.push(text) };
    const files = new FollowedFiles(parts);
    open.push(files);
    return files;
  };
  const place = async (files: FollowedFiles, startsAtEnd = false) => {
    const { current } = files;
    if (current !== null) current.isGone = true;
    const handle = await openPlainFile(path);
    if ((await files.place(path, handle, startsAtEnd)) === 'later') await handle.close();
  };
  return { path, notes, stamp, write, rename, pack, begin, place };
}

/** Reads up to `most` pieces of a file, and answers the numbers of what it read. */
async function read(files: FollowedFiles, at: number, most = 100): Promise<number[]> {
  const file = files.all[at];
  const numbers: number[] = [];
  for (let pieces = 0; file !== undefined && pieces < most; pieces += 1) {
    const piece = await file.reader.next(file.isGone);
    if (piece === null) break;
    file.reader.take(piece);
    numbers.push(
      ...[
        ...Buffer.from(piece.records.bytes)
          .toString()
          .matchAll(/"n":(\d+)/g),
      ].map(([, n]) => Number(n)),
    );
  }
  return numbers;
}

async function readAll(files: FollowedFiles): Promise<number[]> {
  const numbers: number[] = [];
  for (let at = 0; at < files.all.length; at += 1) numbers.push(...(await read(files, at)));
  return numbers;
}

/** Read up to line 2, and stored so. */
async function setUpRead() {
  const setting = setUp();
  setting.write(0, 1, 2);
  const first = setting.begin(new Map());
  await setting.place(first);
  expect(await readAll(first)).toEqual([1, 2]);
  return { ...setting, first, stored: first.cursors() };
}

it('reads what was rotated behind a file that was compressed only later, and bears the later time', async () => {
  const { write, rename, pack, begin, place, stored } = await setUpRead();
  write(10, 3);
  rename(1);
  write(20, 4);
  rename(2);
  write(30, 5);
  pack(1, 25);
  const files = begin(stored);
  await place(files);
  expect(await readAll(files)).toEqual([3, 4, 5]);
});

it('finds what waits to be read after a restart, when only something behind it was read and stored', async () => {
  const { write, rename, begin, place, first } = await setUpRead();
  write(10, 3);
  rename(1);
  write(20, 4);
  rename(2);
  write(30, 5);
  await place(first);
  // The last one alone, out of its order.
  expect(await read(first, first.all.length - 1)).toEqual([5]);
  const files = begin(first.cursors());
  await place(files);
  expect((await readAll(files)).sort()).toEqual([3, 4]);
});

it('finds what waits to be read when it is compressed meanwhile, with a time of whole seconds', async () => {
  const { write, rename, pack, begin, place, first } = await setUpRead();
  rename(1);
  write(10, 3);
  rename(2);
  write(10.1, 4);
  await place(first);
  expect(await read(first, first.all.length - 1)).toEqual([4]);
  const stored = first.cursors();
  pack(2, 9.75);
  const files = begin(stored);
  await place(files);
  expect(await readAll(files)).toEqual([3]);
});

it('opens what it found and nothing else, when all numbers move up by one meanwhile', async () => {
  const { path, write, rename } = setUp();
  write(0, 1);
  rename(1);
  write(10, 2);
  rename(2);
  write(20, 3);
  let names = 0;
  const name = () => {
    names += 1;
    if (names === 1) for (const n of [2, 1]) renameSync(`${path}.${n}`, `${path}.${n + 1}`);
    return `f${names}`;
  };
  const nothing = { sought: [], fresh: null, held: [], done: [], settled: new Set<string>() };
  const { unseen } = await searchLog({ ...nothing, path, sinceNs: 0n, name, nowMs: 0 });
  const numbers: string[] = [];
  for (const { reader } of unseen) {
    const piece = await reader.next(true);
    numbers.push(/"n":(\d+)/.exec(Buffer.from(piece?.records.bytes ?? []).toString())?.[1] ?? '');
  }
  expect(numbers).toEqual(['1', '2']);
  await Promise.all(unseen.map((file) => file.close()));
});

it('finds a file again that is compressed after it was found and before it is opened', async () => {
  const { path, write, rename, pack } = setUp();
  write(0, 1);
  rename(1);
  let names = 0;
  const name = () => {
    names += 1;
    if (names === 1) pack(1, 0);
    return `f${names}`;
  };
  const nothing = { sought: [], fresh: null, held: [], done: [], settled: new Set<string>() };
  const { unseen } = await searchLog({ ...nothing, path, sinceNs: 0n, name, nowMs: 0 });
  expect(unseen.map(({ isCompressed }) => isCompressed)).toEqual([true]);
  await Promise.all(unseen.map((file) => file.close()));
});

it('leaves alone what is being compressed in place, and reads what it is made of', async () => {
  const { path, write, rename, stamp, begin, place, stored } = await setUpRead();
  rename(1);
  write(10, 3, 4);
  rename(2);
  write(20, 5);
  const packed = gzipSync(readFileSync(`${path}.2`));
  writeFileSync(`${path}.2.gz`, packed.subarray(0, packed.length / 2));
  stamp(`${path}.2.gz`, 20);
  const files = begin(stored);
  await place(files);
  expect(await readAll(files)).toEqual([3, 4, 5]);
  writeFileSync(`${path}.2.gz`, packed);
  rmSync(`${path}.2`);
  stamp(`${path}.2.gz`, 30);
  rename(3);
  write(40, 6);
  await place(files);
  expect(await readAll(files)).toEqual([6]);
});

it('does not read what was read and let go again, whatever time it bears, and reads what came behind it', async () => {
  const { path, stamp, write, rename, pack, place, first, begin } = await setUpRead();
  rename(1);
  write(10, 3);
  rename(2);
  write(20, 4);
  await place(first);
  expect(await readAll(first)).toEqual([3, 4]);
  for (const file of first.all.slice(0, 2)) await first.finish(file);
  const stored = first.cursors();
  pack(1, 30);
  appendFileSync(`${path}.2`, lines(33));
  stamp(`${path}.2`, 30);
  const files = begin(stored);
  await place(files);
  expect(await readAll(files)).toEqual([33]);
});

it('does not read a copy while what it was made of is there, and reads its rest once that was emptied', async () => {
  const { path, write, stamp, begin, place, stored } = await setUpRead();
  write(10, 3, 4, 5);
  copyFileSync(path, `${path}.1`);
  stamp(`${path}.1`, 11);
  const files = begin(stored);
  await place(files);
  expect(files.all.length).toBe(1);
  expect(await read(files, 0)).toEqual([3, 4, 5]);
  truncateSync(path);
  write(20, 6);
  const { current } = files;
  if (current === null) throw new Error('It is followed');
  await files.beginAnew(path, current);
  expect(await readAll(files)).toEqual([6]);
});

it('reads a copy of a file of which nothing was read, though the copy is older than what was written last', async () => {
  const { path, write, rename, stamp, begin, place, stored } = await setUpRead();
  rename(1);
  write(10, 3, 4, 5);
  copyFileSync(path, `${path}.2`);
  stamp(`${path}.2`, 10);
  write(60, 6);
  const files = begin(stored);
  await place(files);
  truncateSync(path);
  write(70, 7);
  const { current } = files;
  if (current === null) throw new Error('It is followed');
  expect(await files.findUnseen(path, current, 'now')).toBe(true);
  expect(await readAll(files)).toEqual([3, 4, 5, 7]);
});

it('reads hundreds of rotated files, some of them at a time, and goes on wherever it ends', async () => {
  const { write, rename, begin, place, stored } = await setUpRead();
  const all = Array.from({ length: 100 }, (_, i) => i + 3);
  for (const n of all) {
    write(n * 10, n);
    rename(n);
  }
  write(2_000, 1_000);
  let cursors = stored;
  const numbers: number[] = [];
  let mostOpen = 0;
  for (let starts = 0; starts < 20 && !numbers.includes(1_000); starts += 1) {
    const files = begin(cursors);
    await place(files);
    mostOpen = Math.max(mostOpen, files.all.length);
    if (starts % 2 === 0) {
      expect(files.isCatchingUp || files.current !== null).toBe(true);
      for (let at = 0; at < 7; at += 1) numbers.push(...(await read(files, at)));
    } else numbers.push(...(await readAll(files)));
    for (const file of [...files.all.slice(0, -5)]) {
      if (file.reader.position.offset > 0) await files.finish(file);
    }
    cursors = files.cursors();
    await files.close();
  }
  expect(numbers).toEqual([...all, 1_000]);
  expect(mostOpen).toBeLessThan(50);
});

it('tells a file by its content, and not by its number that another has by now', async () => {
  const { path, write, rename, begin, place, stored } = await setUpRead();
  rename(1);
  write(10, 3);
  rename(2);
  write(20, 4);
  // As if the second file had got the number of the first, which is compressed and has another.
  const { ino } = (await import('node:fs')).statSync(`${path}.2`, { bigint: true });
  const cursor = stored.get('f1');
  if (cursor === null || typeof cursor !== 'object' || Array.isArray(cursor)) throw new Error('It was read');
  const files = begin(new Map([...stored, ['f1', { ...cursor, ino: String(ino) }]]));
  await place(files);
  expect(await readAll(files)).toEqual([3, 4]);
});

it('says what is gone that was not read to its end, and nothing of what was', async () => {
  const { path, notes, write, rename, begin, place, first } = await setUpRead();
  write(10, 3);
  rename(1);
  write(20, 4);
  await place(first);
  const unread = first.cursors();
  await readAll(first);
  const readToEnd = first.cursors();
  rmSync(`${path}.1`);
  await place(begin(readToEnd));
  expect(notes).toEqual([]);
  await place(begin(unread));
  expect(notes).toEqual([expect.stringContaining('was replaced while nobody followed it')]);
});

it('says that a file is gone of which nothing was read', async () => {
  const { path, notes, write, begin, place } = setUp();
  appendFileSync(path, '{"n":');
  const first = begin(new Map());
  await place(first);
  const stored = first.cursors();
  // Its number is not given out anew as long as this is there.
  renameSync(path, `${path}~`);
  write(10, 1);
  const files = begin(stored);
  await place(files);
  expect(await readAll(files)).toEqual([1]);
  expect(notes).toEqual([expect.stringContaining('more than its first 0 bytes')]);
});

it('takes a path that it is set to for the first time for a fresh log, from its end when that is asked for', async () => {
  const { path, notes, write, stored, begin, place } = await setUpRead();
  const other = join(makeFolder(), 'other.json');
  expect(existsSync(other)).toBe(false);
  const fromStart = begin(stored, other);
  await place(fromStart);
  expect(await readAll(fromStart)).toEqual([1, 2]);
  expect([...fromStart.cursors().values()]).toContainEqual(expect.objectContaining({ path: other }));
  const fromEnd = begin(stored, other);
  await place(fromEnd, true);
  write(10, 3);
  expect(await readAll(fromEnd)).toEqual([3]);
  expect(notes).toEqual([]);
  expect(path).not.toBe(other);
});

it('goes on from cursors of the time when only files had one', async () => {
  const { write, rename, begin, place, stored } = await setUpRead();
  const old = new Map([...stored].filter(([name]) => name !== 'log'));
  write(10, 3);
  rename(1);
  write(20, 4);
  rename(2);
  write(30, 5);
  const files = begin(old);
  await place(files, true);
  expect(await readAll(files)).toEqual([3, 4, 5]);
});

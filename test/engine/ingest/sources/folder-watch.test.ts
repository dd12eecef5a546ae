import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { type FolderTiming, namesLike, startFolderWith } from '../../../../engine/ingest/sources/folder-watch.ts';
import type { StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { Deliveries, makeFolder, removeFolders, type Started, startOn } from './delivery-setting.ts';

const TIMING: FolderTiming = { pollMs: 20, leastMs: 2, settleMs: 60, restingMs: 10_000, forgetMs: 200 };
/** Nothing is told by how long it takes: the machine may be busy. */
const PATIENT = { timeout: 10_000 };
const start: StartSource<'folder'> = (context) => startFolderWith(context, TIMING);

const running: Started[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
  removeFolders();
});

const line = (n: number) => `${JSON.stringify({ n })}\n`;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const lines = (from: number, to: number) => range(from, to).map(line).join('');
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function setUp(pattern = '*') {
  const path = makeFolder();
  const deliveries = new Deliveries();
  const begin = async () => {
    const source = await startOn(deliveries, start, { kind: 'folder', path, pattern });
    running.push(source);
    return {
      stop: async () => {
        running.splice(running.indexOf(source), 1);
        await source.stop();
      },
    };
  };
  const until = (values: unknown[]) => vi.waitFor(() => expect(deliveries.values()).toEqual(values), PATIENT);
  const file = (name: string) => join(path, name);
  return { path, file, deliveries, begin, until };
}

it('takes files whole, the oldest first, whatever they are packed in', async () => {
  const { path, file, begin, until } = await setUp();
  const put = (name: string, content: string | Uint8Array, ageSeconds: number) => {
    writeFileSync(file(name), content);
    utimesSync(file(name), new Date(), new Date(Date.now() - ageSeconds * 1_000));
  };
  put('a.json', '[{"n":3},\n{"n":4}]', 20);
  put('b.gz', gzipSync(lines(1, 2)), 30);
  put('c.csv', 'n,title,host\n5,x,y\n', 15);
  put('d.json', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"n":6}\n{"n":7}', 'utf16le')]), 12);
  put('e.json', JSON.stringify({ value: [{ n: 8 }, { n: 9 }] }, null, 1), 11);
  mkdirSync(file('sub'));
  writeFileSync(join(path, 'sub', 'x.json'), line(99));
  await begin();
  await until([1, 2, 3, 4, '5', 6, 7, 8, 9]);
  expect(readdirSync(path).sort()).toEqual(['a.json', 'b.gz', 'c.csv', 'd.json', 'e.json', 'sub']);
});

it('takes a file once it stands still, leaves unfinished names alone, and reads nothing twice after a restart', async () => {
  const { file, deliveries, begin, until } = await setUp();
  const source = await begin();
  for (const n of range(1, 5)) {
    appendFileSync(file('slow.json'), line(n));
    await rest(20);
    expect(deliveries.values()).toEqual([]);
  }
  await until([1, 2, 3, 4, 5]);
  writeFileSync(file('.hidden.json'), line(90));
  writeFileSync(file('up.json.part'), line(6));
  await rest(150);
  expect(deliveries.values()).toEqual([1, 2, 3, 4, 5]);
  renameSync(file('up.json.part'), file('up.json'));
  await until([1, 2, 3, 4, 5, 6]);
  await source.stop();
  await begin();
  await rest(150);
  expect(deliveries.values()).toEqual([1, 2, 3, 4, 5, 6]);
});

it('reads on in a file that grew, and again from its start what was changed', async () => {
  const { file, begin, until } = await setUp();
  writeFileSync(file('a.json'), lines(1, 40));
  await begin();
  await until(range(1, 40));
  appendFileSync(file('a.json'), line(41));
  await until(range(1, 41));
  writeFileSync(file('a.json'), lines(70, 75));
  await until([...range(1, 41), ...range(70, 75)]);
});

it('takes up a line again whose second half was slow to come', async () => {
  const { file, begin, until } = await setUp();
  writeFileSync(file('a.json'), `${line(1)}{"n":`);
  await begin();
  await until([1, 'truncated']);
  appendFileSync(file('a.json'), `2}\n${line(3)}`);
  await until([1, 'truncated', 1, 2, 3]);
});

it('does not read again what was only renamed', async () => {
  const { file, deliveries, begin, until } = await setUp();
  writeFileSync(file('eve.json.1'), lines(1, 2));
  await begin();
  await until([1, 2]);
  renameSync(file('eve.json.1'), file('eve.json.2'));
  writeFileSync(file('eve.json.1'), lines(3, 4));
  await until([1, 2, 3, 4]);
  await vi.waitFor(() => expect([...deliveries.cursors.keys()].sort()).toEqual(['eve.json.1', 'eve.json.2']), PATIENT);
});

it('goes on in the middle of a large file after a restart, compressed or a single list too', async () => {
  const { file, deliveries, begin, until } = await setUp();
  const pad = 'x'.repeat(500);
  const text = (from: number, to: number) => range(from, to).map((n) => JSON.stringify({ n, pad }));
  writeFileSync(file('a.json.gz'), gzipSync(text(1, 10_000).join('\n')));
  writeFileSync(file('b.json'), `[${text(10_001, 20_000).join(',')}]`);
  writeFileSync(file('c.json'), JSON.stringify({ value: range(20_001, 30_000).map((n) => ({ n, pad })), next: 'x' }));
  for (let round = 0; round < 4; round += 1) {
    let left = round;
    const source = await begin();
    deliveries.before = async () => {
      left -= 1;
      if (left < 0) throw new EngineError('unavailable', 'The engine restarts.');
    };
    await vi.waitFor(() => expect(left).toBeLessThan(0), PATIENT);
    await source.stop();
  }
  deliveries.before = () => {};
  await begin();
  await until(range(1, 30_000));
});

it('names a file that it cannot read, and goes on with the others', async () => {
  const { file, deliveries, begin } = await setUp();
  const packed = gzipSync(lines(1, 2_000));
  writeFileSync(file('a.json.gz'), packed.subarray(0, packed.length / 2));
  writeFileSync(file('b.json'), line(5_000));
  symlinkSync('/etc/hostname-that-is-not-there', file('c.json'));
  const source = await begin();
  await vi.waitFor(() => expect(deliveries.values().at(-1)).toBe(5_000), PATIENT);
  expect(deliveries.problem).toMatch(/^a\.json\.gz could not be read: the gzip file ends too early/);
  await source.stop();
  await begin();
  await rest(100);
  expect(deliveries.problem).toMatch(/^a\.json\.gz/);
  deliveries.records.length = 0;
  writeFileSync(file('a.json.gz'), packed);
  await vi.waitFor(() => expect(deliveries.values().at(-1)).toBe(2_000), PATIENT);
  await vi.waitFor(() => expect(deliveries.problem).toBeNull(), PATIENT);
});

if (process.getuid?.() === 0)
  console.warn('Skipped: a file of a folder without permission, because root may read everything.');
it.skipIf(process.getuid?.() === 0)('says which file may not be read', async () => {
  const { file, deliveries, begin } = await setUp();
  writeFileSync(file('a.json'), line(1));
  chmodSync(file('a.json'), 0);
  await begin();
  await vi.waitFor(() => expect(deliveries.problem).toContain('no permission'), PATIENT);
});

it('says in one sentence why a file is not read that leads out of what may be read', async () => {
  const { path, deliveries } = await setUp();
  writeFileSync(join(path, 'a.json'), line(1));
  const refusing: StartSource<'folder'> = (context) =>
    start({
      ...context,
      allowedPath: async (asked) => {
        if (asked !== path) throw new EngineError('forbidden', 'It is in no folder that sources may read.');
        return asked;
      },
    });
  running.push(await startOn(deliveries, refusing, { kind: 'folder', path }));
  await vi.waitFor(
    () => expect(deliveries.problem).toBe('a.json could not be read: It is in no folder that sources may read.'),
    PATIENT,
  );
});

it('says when the folder is gone, and goes on when it is there again', async () => {
  const { path, file, deliveries, begin, until } = await setUp();
  await begin();
  rmSync(path, { recursive: true });
  await vi.waitFor(() => expect(deliveries.problem).toContain('could not be read'), PATIENT);
  mkdirSync(path);
  writeFileSync(file('a.json'), line(1));
  await until([1]);
  expect(deliveries.problem).toBeNull();
});

it('takes many files, and forgets those that are gone for long', async () => {
  const { file, deliveries, begin } = await setUp('*.json');
  for (const n of range(1, 600)) writeFileSync(file(`${n}.json`), line(n));
  writeFileSync(file('other.txt'), line(9_999));
  await begin();
  await vi.waitFor(() => expect(deliveries.records).toHaveLength(600), PATIENT);
  expect(new Set(deliveries.values())).toEqual(new Set(range(1, 600)));
  for (const n of range(1, 599)) rmSync(file(`${n}.json`));
  await vi.waitFor(() => expect([...deliveries.cursors.keys()]).toEqual(['600.json']), PATIENT);
});

it('knows names by a pattern, in a moment for any pattern', () => {
  expect(['a.json', '.a.json', 'a.json.tmp', 'b.jsonl', 'a.JSON~'].filter(namesLike('*.json*'))).toEqual([
    'a.json',
    'b.jsonl',
  ]);
  expect(namesLike('eve-?.json')('eve-1.json')).toBe(true);
  expect(namesLike('eve-?.json')('eve-10.json')).toBe(false);
  expect(namesLike('a.c')('abc')).toBe(false);
  expect(namesLike('*a*')('xax')).toBe(true);
  expect(namesLike('a*')('a')).toBe(true);
  expect(namesLike('a?')('a')).toBe(false);
  expect(namesLike(`${'*a'.repeat(100)}*b`)('a'.repeat(255))).toBe(false);
});

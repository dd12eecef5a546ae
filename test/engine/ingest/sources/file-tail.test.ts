import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import { startTailWith } from '../../../../engine/ingest/sources/file-tail.ts';
import type { StartSource } from '../../../../engine/ingest/sources/live-source.ts';
import type { TailTiming } from '../../../../engine/ingest/sources/tail-timing.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { Deliveries, makeFolder, removeFolders, type Started, startOn } from './delivery-setting.ts';

const TIMING: TailTiming = { pollMs: 20, leastMs: 2, settleMs: 120, lingerMs: 250, missingMs: 60, noticeMs: 60_000 };
const start: StartSource<'file'> = (context) => startTailWith(context, TIMING);

const running: Started[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
  removeFolders();
});

const pad = 'x'.repeat(60);
const line = (n: number) => `${JSON.stringify({ n, pad })}\n`;
const lines = (from: number, to: number) => range(from, to).map(line).join('');
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

async function setUp(more: { fromStart?: boolean; name?: string } = {}) {
  const { name = 'eve.json', fromStart = true } = more;
  const folder = makeFolder();
  const path = join(folder, name);
  const deliveries = new Deliveries();
  const begin = async () => {
    const source = await startOn(deliveries, start, { kind: 'file', path, fromStart });
    running.push(source);
    return {
      stop: async () => {
        running.splice(running.indexOf(source), 1);
        await source.stop();
      },
    };
  };
  const until = (values: unknown[]) =>
    vi.waitFor(() => expect(deliveries.values()).toEqual(values), { timeout: 5_000 });
  return { folder, path, deliveries, begin, until };
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('delivers only whole lines, each once, with the number of its line', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  await begin();
  await until([1, 2, 3]);
  appendFileSync(path, '{"n":');
  await rest(60);
  appendFileSync(path, '4}\n{"n":5}\n{"n"');
  await until([1, 2, 3, 4, 5]);
  await rest(60);
  expect(deliveries.values()).toEqual([1, 2, 3, 4, 5]);
  expect(deliveries.lines).toEqual([1, 2, 3, 4, 5]);
  expect(deliveries.state.behind).toBe('{"n"'.length);
});

it('goes on after a restart where it was, at any point of a line', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, '');
  const text = lines(1, 12);
  for (let at = 0; at < text.length; at += 37) {
    const source = await begin();
    appendFileSync(path, text.slice(at, at + 37));
    await rest(8);
    await source.stop();
  }
  await begin();
  await until(range(1, 12));
});

it('takes a last line without a line break once it stands still, when it is whole JSON', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, `${line(1)}{"n":2}`);
  await begin();
  await until([1, 2]);
  appendFileSync(path, `\n${line(3)}a line of text`);
  await until([1, 2, 3]);
  await rest(200);
  expect(deliveries.values()).toEqual([1, 2, 3]);
});

it('reads a file that was renamed to its end, what is written into it later too, and then the new one', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, lines(1, 2));
  await begin();
  await until([1, 2]);
  appendFileSync(path, lines(3, 4));
  renameSync(path, `${path}.1`);
  writeFileSync(path, lines(6, 7));
  await until([1, 2, 3, 4, 6, 7]);
  // The program has not been told yet and writes on into what it has open.
  appendFileSync(`${path}.1`, `${line(5)}{"n":55`);
  await until([1, 2, 3, 4, 6, 7, 5, 'truncated']);
  appendFileSync(path, line(8));
  await until([1, 2, 3, 4, 6, 7, 5, 'truncated', 8]);
});

it('keeps of a file that was rotated away and is done by what its content is told again', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 2));
  await begin();
  await until([1, 2]);
  renameSync(path, `${path}.1`);
  writeFileSync(path, lines(3, 4));
  await until([1, 2, 3, 4]);
  const state = (name: string) => deliveries.cursors.get(name);
  await vi.waitFor(() => expect(state('f1')).toMatchObject({ state: 'done' }), { timeout: 3_000 });
  expect(state('f2')).toMatchObject({ state: 'open' });
  expect([...deliveries.cursors.keys()].sort()).toEqual(['f1', 'f2', 'log']);
});

it('reads what was deleted to its end, and what was made in its place', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, lines(1, 2));
  await begin();
  await until([1, 2]);
  appendFileSync(path, line(3));
  unlinkSync(path);
  await rest(30);
  writeFileSync(path, line(4));
  await until([1, 2, 3, 4]);
});

it('begins anew after a truncation, also when the file has grown past the old place meanwhile', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, lines(1, 5));
  await begin();
  await until([1, 2, 3, 4, 5]);
  truncateSync(path);
  await rest(60);
  appendFileSync(path, lines(11, 12));
  await until([1, 2, 3, 4, 5, 11, 12]);
  writeFileSync(path, lines(21, 29));
  await until([1, 2, 3, 4, 5, 11, 12, ...range(21, 29)]);
});

it('reads the rest of a file that was copied and truncated out of its copy', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  const source = await begin();
  await until([1, 2, 3]);
  await source.stop();
  appendFileSync(path, lines(4, 5));
  copyFileSync(path, `${path}.1`);
  writeFileSync(path, lines(6, 20));
  await begin();
  await until(range(1, 20));
  expect(deliveries.problem).toBeNull();
});

it('passes the NUL bytes that a program leaves which writes on at its old place after a truncation', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  await begin();
  await until([1, 2, 3]);
  const size = readFileSync(path).length;
  truncateSync(path);
  truncateSync(path, size + 3_000_000);
  await rest(60);
  appendFileSync(path, lines(4, 5));
  await until([1, 2, 3, 4, 5]);
});

it('finds after a restart what was renamed, and what was rotated in between, plain and compressed', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  utimesSync(path, new Date(Date.now() - 5_000), new Date(Date.now() - 5_000));
  const source = await begin();
  await until([1, 2, 3]);
  await source.stop();
  appendFileSync(path, lines(4, 5));
  // Three turns: the first is compressed by now, with another number and the time of the file that it was made of.
  writeFileSync(`${path}.3.gz`, gzipSync(readFileSync(path)));
  utimesSync(`${path}.3.gz`, new Date(Date.now() - 2_000), new Date(Date.now() - 2_000));
  unlinkSync(path);
  writeFileSync(`${path}.2.gz`, gzipSync(lines(6, 7)));
  utimesSync(`${path}.2.gz`, new Date(Date.now() - 1_500), new Date(Date.now() - 1_500));
  writeFileSync(`${path}.1`, lines(8, 9));
  utimesSync(`${path}.1`, new Date(Date.now() - 1_000), new Date(Date.now() - 1_000));
  writeFileSync(`${path}.0.gz`, gzipSync(lines(80, 90)));
  utimesSync(`${path}.0.gz`, new Date(0), new Date(0));
  writeFileSync(`${path}.bak`, lines(91, 92));
  writeFileSync(path, lines(10, 11));
  await begin();
  await until(range(1, 11));
  expect(deliveries.problem).toBeNull();
});

it('reads what was rotated away while nobody followed it, also when nothing is under the path yet', async () => {
  const { path, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  const source = await begin();
  await until([1, 2, 3]);
  await source.stop();
  appendFileSync(path, lines(4, 5));
  renameSync(path, `${path}.1`);
  await begin();
  await until([1, 2, 3, 4, 5]);
  writeFileSync(path, line(6));
  await until([1, 2, 3, 4, 5, 6]);
});

it('takes another path for another log, and begins at its end when it is told to', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  const source = await begin();
  await until([1, 2, 3]);
  await source.stop();
  const other = `${path}.other`;
  writeFileSync(other, lines(4, 6));
  running.push(await startOn(deliveries, start, { kind: 'file', path: other, fromStart: false }));
  await vi.waitFor(() => expect(deliveries.cursors.get('log')).toMatchObject({ path: other }));
  appendFileSync(other, line(7));
  await until([1, 2, 3, 7]);
  expect(deliveries.problem).toBeNull();
});

it('says in words what it cannot find any more', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  const source = await begin();
  await until([1, 2, 3]);
  await source.stop();
  unlinkSync(path);
  writeFileSync(path, lines(6, 7));
  await begin();
  await until([1, 2, 3, 6, 7]);
  expect(deliveries.problem).toContain('was replaced while nobody followed it');
});

it('goes on in the same content under another number', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 30));
  const source = await begin();
  await until(range(1, 30));
  writeFileSync(`${path}~`, lines(1, 31));
  renameSync(`${path}~`, path);
  await until(range(1, 31));
  await source.stop();
  writeFileSync(`${path}~`, lines(1, 32));
  renameSync(`${path}~`, path);
  await begin();
  await until(range(1, 32));
  expect(deliveries.problem).toBeNull();
});

it('waits for a file that is not there, or is a folder, and says so', async () => {
  const { path, deliveries, begin, until } = await setUp();
  await begin();
  await vi.waitFor(() => expect(deliveries.problem).toContain('there is no such file'));
  writeFileSync(path, line(1));
  await until([1]);
  await vi.waitFor(() => expect(deliveries.problem).toBeNull());
  unlinkSync(path);
  mkdirSync(path);
  await vi.waitFor(() => expect(deliveries.problem).toContain('directory'));
  rmdirSync(path);
  writeFileSync(path, lines(2, 3));
  await until([1, 2, 3]);
  await vi.waitFor(() => expect(deliveries.problem).toBeNull());
});

it('begins at the end when it is told to, and reads everything that comes from then on', async () => {
  const { path, deliveries, begin, until } = await setUp({ fromStart: false });
  writeFileSync(path, `${lines(1, 5)}{"n":`);
  const source = await begin();
  // It has found the end once that is stored.
  await vi.waitFor(() => expect(deliveries.cursors.get('log')).toBeDefined());
  appendFileSync(path, `6}\n${line(7)}`);
  await until([7]);
  await source.stop();
  renameSync(path, `${path}.1`);
  writeFileSync(path, line(8));
  await begin();
  await until([7, 8]);
});

it('follows UTF-16 and a byte order mark', async () => {
  const { path, begin, until } = await setUp();
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  writeFileSync(path, Buffer.concat([Buffer.from([0xff, 0xfe]), wide('{"n":"é 😀"}\n{"n"')]));
  const source = await begin();
  await until(['é 😀']);
  await source.stop();
  appendFileSync(path, wide(':2}\n').subarray(0, 5));
  await begin();
  await rest(40);
  appendFileSync(path, wide(':2}\n').subarray(5));
  await until(['é 😀', 2]);
  const other = await setUp();
  writeFileSync(other.path, `\ufeff${line(1)}`);
  await other.begin();
  await other.until([1]);
});

it('keeps the head of a table for the rows that come later, after a restart and a truncation too', async () => {
  const zeek = await setUp({ name: 'notice.log' });
  const head =
    '#separator \\x09\n#set_separator\t,\n#path\tnotice\n#fields\tts\tnote\tn\n#types\ttime\tstring\tcount\n';
  writeFileSync(zeek.path, `${head}1.5\tScan\t1\n`);
  const source = await zeek.begin();
  await zeek.until([1]);
  await source.stop();
  appendFileSync(
    zeek.path,
    '1.5\tScan\t2\n#close\t2026\n#separator \\x09\n#fields\tn\tts\n#types\tcount\ttime\n3\t1.5\n',
  );
  await zeek.begin();
  await zeek.until([1, 2, 3]);
  appendFileSync(zeek.path, '4\t1.5\nno such row\n');
  await zeek.until([1, 2, 3, 4, 'invalid_record']);
  expect(zeek.deliveries.lines).toEqual([6, 7, 12, 13, 14]);

  const csv = await setUp({ name: 'export.csv' });
  writeFileSync(csv.path, 'n,title,host\n1,"two\nlines",web\n2,"not yet');
  await csv.begin();
  await csv.until(['1']);
  appendFileSync(csv.path, ' done",web\n');
  await csv.until(['1', '2']);
  writeFileSync(csv.path, '3,after,web\n');
  await csv.until(['1', '2', '3']);
});

it('waits for a record that is printed over several lines, and goes on after one that never ends', async () => {
  const { path, deliveries, begin, until } = await setUp();
  const printed = JSON.stringify({ n: 1, list: [{ a: 1 }, { b: [] }] }, null, 2);
  writeFileSync(path, printed.slice(0, 20));
  await begin();
  await rest(200);
  expect(deliveries.values()).toEqual([]);
  appendFileSync(path, `${printed.slice(20)}\n`);
  await until([1]);
  appendFileSync(path, `{"n": 2, "cut\n${line(3)}`);
  await until([1, 'invalid_json', 3]);
  appendFileSync(path, '[{"n":4},\n{"n":5},\n');
  await until([1, 'invalid_json', 3, 4, 5]);
  appendFileSync(path, `{"n":6}\n]\n${line(7)}`);
  await until([1, 'invalid_json', 3, 4, 5, 6, 7]);
});

it('does not take a line for what the whole file is', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, line(1));
  await begin();
  await until([1]);
  appendFileSync(
    path,
    Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 10]), Buffer.from(`n,title,host\n${line(2)}${line(3)}`)]),
  );
  await vi.waitFor(() => expect(deliveries.values().slice(-2)).toEqual([2, 3]));
  appendFileSync(path, `n,title,host\n${line(4)}`);
  await vi.waitFor(() => expect(deliveries.values().at(-1)).toBe(4));
});

it('reads much at once in small deliveries, in order, and waits while the store is slow', async () => {
  const { path, deliveries, begin, until } = await setUp();
  const text = lines(1, 60_000);
  writeFileSync(path, text);
  let atOnce = 0;
  let seenBehind = 0;
  deliveries.before = async () => {
    atOnce += 1;
    expect(atOnce).toBe(1);
    await rest(5);
    seenBehind = Math.max(seenBehind, deliveries.state.behind ?? 0);
    atOnce -= 1;
  };
  await begin();
  await until(range(1, 60_000));
  expect(deliveries.largest).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(seenBehind).toBeGreaterThan(text.length / 2);
  expect(deliveries.lines.at(-1)).toBe(60_000);
});

it('delivers the same again while the store cannot take it, and does not twice what was stored unheard', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, lines(1, 3));
  let refusals = 2;
  deliveries.before = () => {
    refusals -= 1;
    if (refusals >= 0) throw new EngineError('unavailable', 'The disk is full.');
  };
  let unheard = 1;
  deliveries.after = () => {
    unheard -= 1;
    if (unheard === 0) throw new EngineError('unavailable', 'The engine restarts.');
  };
  await begin();
  await until([1, 2, 3]);
  appendFileSync(path, line(4));
  await until([1, 2, 3, 4]);
  await vi.waitFor(() => expect(deliveries.state.isHeld).toBe(false));
});

it('gives up a line that is too long, and goes on behind it', async () => {
  const { path, deliveries, begin, until } = await setUp();
  writeFileSync(path, `${line(1)}{"n":"${'y'.repeat(17 * 1024 * 1024)}`);
  await begin();
  await until([1, 'too_long']);
  appendFileSync(path, `${'y'.repeat(2_000_000)}"}\n${line(2)}`);
  await until([1, 'too_long', 2]);
  expect(deliveries.problem).toBeNull();
});

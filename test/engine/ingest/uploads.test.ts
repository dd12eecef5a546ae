import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { safeName, Uploads } from '../../../engine/ingest/uploads.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import { quiet } from '../../store/databases.ts';

const HOUR = 3_600_000;
let dir = '';
let nowMs = 0;
let drawn = 0;
const ports = {
  clock: { nowMs: () => nowMs },
  random: { bytes: (length: number) => new Uint8Array(length).fill(++drawn) },
  log: quiet,
};
const FILE = { name: 'eve.json', format: 'auto', isHistory: false };
const base64 = (text: string) => Buffer.from(text).toString('base64');

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'evenwatch-uploads-')), 'uploads');
});
afterEach(() => rmSync(dirname(dir), { recursive: true, force: true }));

async function refusal(work: Promise<unknown>): Promise<EngineError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`Expected a refusal, got ${String(thrown)}`);
  return thrown;
}

test('a file in pieces arrives whole, and is gone when it was taken in', async () => {
  const uploads = new Uploads(dir, ports);
  const id = await uploads.begin('ana', { ...FILE, name: '../../etc/eve 1.json' });
  expect(await uploads.append('ana', id, 0, base64('hello '))).toBe(6);
  expect(await uploads.append('ana', id, 6, base64('world'))).toBe(11);
  const text = await uploads.finish('ana', id, async ({ path, format, isHistory }) => {
    expect([format, isHistory, basename(path)]).toEqual(['auto', false, 'upload-eve_1.json']);
    return readFileSync(path, 'utf8');
  });
  expect(text).toBe('hello world');
  expect(readdirSync(dir)).toEqual([]);
  expect((await refusal(uploads.finish('ana', id, async () => {}))).code).toBe('not_found');
});

test('pieces that come twice or at once change nothing; a gap says where to go on', async () => {
  const uploads = new Uploads(dir, ports);
  const id = await uploads.begin('ana', FILE);
  await Promise.all([
    uploads.append('ana', id, 0, base64('abc')),
    uploads.append('ana', id, 0, base64('abc')),
    uploads.append('ana', id, 3, base64('def')),
  ]);
  expect((await refusal(uploads.append('ana', id, 9, base64('x')))).message).toBe(
    '6 bytes have arrived. Go on from there.',
  );
  expect((await refusal(uploads.append('ana', id, 4, base64('efgh')))).code).toBe('conflict');
  expect(await uploads.finish('ana', id, async ({ path }) => readFileSync(path, 'utf8'))).toBe('abcdef');
});

test('limits of size, of a piece and of how many at once', async () => {
  const uploads = new Uploads(dir, ports, { maxBytes: 10, maxPieceBytes: 6 });
  const id = await uploads.begin('ana', FILE);
  await uploads.append('ana', id, 0, base64('123456'));
  expect((await refusal(uploads.append('ana', id, 6, base64('12345')))).code).toBe('too_large');
  expect((await refusal(uploads.append('ana', id, 6, base64('1234567')))).code).toBe('too_large');
  expect(await refusal(uploads.append('ana', id, 6, 'not base64!'))).toMatchObject({ code: 'invalid_input' });
  for (let index = 0; index < 3; index++) await uploads.begin('ana', FILE);
  expect((await refusal(uploads.begin('ana', FILE))).code).toBe('conflict');
  await uploads.begin('ben', FILE);
});

test('somebody else’s upload is not there', async () => {
  const uploads = new Uploads(dir, ports);
  const id = await uploads.begin('ana', FILE);
  expect((await refusal(uploads.append('ben', id, 0, base64('x')))).code).toBe('not_found');
  expect((await refusal(uploads.finish('ben', id, async () => {}))).code).toBe('not_found');
});

test('what was abandoned is removed: by an earlier process, and after an hour', async () => {
  mkdirSync(join(dir, 'old'), { recursive: true });
  writeFileSync(join(dir, 'old', 'upload-x'), 'x');
  const uploads = new Uploads(dir, ports);
  nowMs = 0;
  const idle = await uploads.begin('ana', FILE);
  expect(existsSync(join(dir, 'old'))).toBe(false);
  nowMs = HOUR;
  const busy = await uploads.begin('ana', FILE);
  nowMs = HOUR + 1;
  await uploads.begin('ana', FILE);
  expect((await refusal(uploads.append('ana', idle, 0, base64('x')))).code).toBe('not_found');
  expect(await uploads.append('ana', busy, 0, base64('x'))).toBe(1);
  expect(readdirSync(dir)).toHaveLength(2);
});

test('a failed ingest removes the file too', async () => {
  const uploads = new Uploads(dir, ports);
  const id = await uploads.begin('ana', FILE);
  await expect(
    uploads.finish('ana', id, async () => {
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(readdirSync(dir)).toEqual([]);
});

test.each([
  ['eve.json', 'upload-eve.json'],
  ['C:\\logs\\eve.json.gz', 'upload-eve.json.gz'],
  ['-rf', 'upload--rf'],
  ['a\u0000b\u202Ec.json', 'upload-a_b_c.json'],
  ['', 'upload-file'],
  ['CON', 'upload-CON'],
  [`${'x'.repeat(300)}.json`, `upload-${'x'.repeat(95)}.json`],
])('%j is kept as %s', (name, expected) => {
  expect(safeName(name)).toBe(expected);
});

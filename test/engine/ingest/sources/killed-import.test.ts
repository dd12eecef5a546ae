import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { WORTH_A_THREAD_BYTES } from '../../../../engine/ingest/ahead/open-files.ts';
import { ownPath } from '../../../../engine/own-workspace.ts';
import { seededRandom } from '../../../../engine/sample/random.ts';
import { openStore } from '../../../../engine/store/open.ts';
import type { Store } from '../../../../engine/store/store.ts';
import { quiet, stillClock } from '../../../store/databases.ts';
import { bundleHost, type HostBundle } from './killed-bundle.ts';
import { expectWhole, type Host, killed, setUp, startHost, titlesIn } from './killed-run.ts';
import { alertLine, titleOf } from './killed-senders.ts';

const RECORDS = 9_000;
/** Of each record, so that the file is stored in several transactions. */
const PADDING = 'x'.repeat(4_000);
const KILLS = process.env.EVENWATCH_LONG === '1' ? 40 : 6;
const LATER_MS = 60;

let bundle: HostBundle;
beforeAll(async () => {
  bundle = await bundleHost();
});
afterAll(() => bundle.remove());

let dataDir = '';
let host: Host | null = null;
afterEach(async () => {
  if (host !== null) await killed(host);
  host = null;
  rmSync(dataDir, { recursive: true, force: true });
});

async function looked<T>(look: (store: Store) => Promise<T>): Promise<T> {
  const target = { kind: 'sqlite' as const, path: ownPath(dataDir) };
  const store = await openStore({ target, log: quiet, clock: stillClock, readOnly: true });
  try {
    return await look(store);
  } finally {
    await store.close();
  }
}

const countIn = (store: Store) => titlesIn(store).then(({ length }) => length);

it('stores each alert of a large file once, which a thread reads ahead, however often it is killed and begun again', async () => {
  const random = seededRandom('killed while a file is read ahead');
  dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'evenwatch-killed-import-')));
  await setUp(dataDir, []);
  const file = join(dataDir, 'history.json');
  const lines = Array.from({ length: RECORDS }, (_, n) => `${alertLine('file', n, { payload: PADDING })}\n`);
  writeFileSync(file, lines.join(''));
  expect(statSync(file).size).toBeGreaterThan(WORTH_A_THREAD_BYTES * 4);
  const atKills: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    host = await startHost(bundle.script, [dataDir, file], null);
    if (host === null) throw new Error('The host ended while it started');
    const before = atKills.at(-1) ?? 0;
    // Half of them die before anything more is stored, wherever the two threads are by then.
    const isWaiting = random.int(0, 1) === 1 && before < RECORDS;
    while (isWaiting && (await looked(countIn)) === before) await delay(20);
    await delay(random.int(0, LATER_MS));
    await killed(host);
    const titles = await looked(titlesIn);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.length).toBeGreaterThanOrEqual(before);
    atKills.push(titles.length);
  }
  // Otherwise none came in the middle.
  expect(atKills.some((count) => count > 0 && count < RECORDS)).toBe(true);
  host = await startHost(bundle.script, [dataDir, file], null);
  const expected = Array.from({ length: RECORDS }, (_, n) => titleOf('file', n)).sort();
  await expect.poll(() => looked(countIn), { timeout: 60_000, interval: 100 }).toBe(RECORDS);
  expect((await looked(titlesIn)).sort()).toEqual(expected);
  if (host !== null) await killed(host);
  await looked(expectWhole);
}, 240_000);

import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../engine/store/open.ts';
import type { Store } from '../../../engine/store/store.ts';
import { quiet, stillClock } from '../../store/databases.ts';
import { eve, NOW_MS, settingOn } from '../ingest/pipeline-setting.ts';
import { DAY_MS, everyOriginal, indexProblems } from './storage-setting.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenwatch-killed-upkeep-'));
const base = join(folder, 'base.db');
const openAt = (path: string) => openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
let before = new Map<string, string | null>();

beforeAll(async () => {
  const store = await openAt(base);
  const setting = settingOn(store);
  for (let batch = 0; batch < 250; batch += 1) {
    // Most are closed by a rule; every seventh batch stays open and is referred to.
    const signature = batch % 7 === 0 ? 'ET POLICY open' : 'ET SCAN closed';
    await setting.take([1, 2, 3, 4].map((n) => eve({ flow: batch * 10 + n, signature })));
  }
  // Changed contents of alerts of before, with places of their own.
  await setting.take(
    [11, 12, 73].map((flow) => eve({ flow, signature: 'ET SCAN closed', extra: { app_proto: 'tls' } })),
  );
  before = await everyOriginal(store);
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs upkeep in a process of its own and kills it after so many slices; it ends by itself when there are fewer. */
function run(database: string, nowMs: number, killAfterSlices: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'killed-upkeep.ts');
    const child = spawn(process.execPath, [script, database, String(nowMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      if (said.split('slice').length > killAfterSlices) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => resolve(said.includes('done')));
  });
}

async function problemsOf(store: Store): Promise<string[]> {
  const problems = await indexProblems(store);
  const after = await everyOriginal(store);
  const { openIds, dropped } = await store.read(async (db) => {
    const open = await db
      .selectFrom('alert')
      .innerJoin('alert_group', 'alert_group.id', 'alert.group_id')
      .where('alert_group.is_open', '=', 1)
      .select('alert.id')
      .execute();
    const tombstones = await db.selectFrom('dropped_block').select('block_id').execute();
    return { openIds: new Set(open.map(({ id }) => id)), dropped: tombstones.length };
  });
  let gone = 0;
  for (const [key, text] of before) {
    const now = after.get(key);
    if (now === text) continue;
    gone += 1;
    if (now !== null) problems.push(`${key} reads otherwise`);
    else if (openIds.has(Number(key.split('/')[0]))) problems.push(`${key} was open and is gone`);
  }
  if (gone > dropped * 64) problems.push(`${gone} originals gone, ${dropped} blocks dropped`);
  return problems;
}

describe('a process killed in the middle of upkeep', () => {
  it.each([
    ['merging', NOW_MS + 3_600_000, 1],
    ['merging', NOW_MS + 3_600_000, 3],
    ['dropping', NOW_MS + 3 * DAY_MS, 1],
    ['dropping', NOW_MS + 3 * DAY_MS, 4],
    ['dropping', NOW_MS + 3 * DAY_MS, 8],
  ])(
    'while %s (%d) after %d slices loses nothing, and the next one completes the work',
    async (_what, nowMs, slices) => {
      const path = join(folder, `${nowMs}-${slices}.db`);
      copyFileSync(base, path);
      await run(path, nowMs, slices);
      const killed = await openAt(path);
      expect(await problemsOf(killed)).toEqual([]);
      await killed.close();
      expect(await run(path, nowMs, Number.POSITIVE_INFINITY)).toBe(true);
      const whole = await openAt(path);
      expect(await problemsOf(whole)).toEqual([]);
      const left = await whole.read((db) => db.selectFrom('original_index').select('block_id').execute());
      // 1,003 contents fill 16 blocks; 37 small ones hold something that is open.
      expect(left.length).toBeLessThanOrEqual(nowMs > NOW_MS + DAY_MS ? 37 : 16);
      await whole.close();
    },
    30_000,
  );
});

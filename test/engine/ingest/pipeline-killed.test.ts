import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createIngest } from '../../../engine/ingest/pipeline.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { openAlertFile } from '../../../engine/ingest/sources/file.ts';
import { generateEveFile } from '../../../engine/sample/generate-eve.ts';
import { recount } from '../../../engine/store/counts.ts';
import { openStore } from '../../../engine/store/open.ts';
import type { Store } from '../../../engine/store/store.ts';
import { stillClock } from '../../store/databases.ts';
import { quiet, systemTriage } from './killed-setting.ts';

const RECORDS = 4_000;
const KILLS = 6;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const openAt = (path: string) => openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });

/** Kills the child without warning after it has said `lines` lines; answers how many alerts it said were stored. */
function killAfter(database: string, file: string, lines: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'killed-ingest.ts');
    const child = spawn(process.execPath, [script, database, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      if (said.split('\n').length > lines) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () => resolve(Number(said.trim().split('\n').at(-1) ?? 0)));
  });
}

async function facts(store: Store) {
  return store.read(async (db) => {
    const groups = await db.selectFrom('alert_group').selectAll().execute();
    const alerts = await db.selectFrom('alert').select(['id', 'group_id', 'stable_id']).execute();
    const known = await db
      .selectFrom('dedupe')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    const kept = await db.selectFrom('group_count').selectAll().execute();
    const shape = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    return { groups, alerts, known: Number(known.n), kept: shape(kept), counted: shape(await recount(db)) };
  });
}

const groupFacts = (groups: Awaited<ReturnType<typeof facts>>['groups']) =>
  groups
    .map(
      (group) => `${group.window_start_ms} ${Buffer.from(group.key).toString('hex')} ${group.count} ${group.severity}`,
    )
    .sort();

it('leaves a whole state wherever it is killed, and reading the file again completes it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-killed-'));
  folders.push(folder);
  const file = join(folder, 'eve.json');
  await generateEveFile(file, {
    records: RECORDS,
    seed: 'killed',
    endsAtMs: stillClock.nowMs(),
    entities: 50,
    days: 2,
  });
  writeFileSync(join(folder, 'never.db'), '');
  const database = join(folder, 'killed.db');
  for (let round = 0; round < KILLS; round += 1) {
    // Every kill comes somewhere else: in a transaction, between two, or while the file is opened.
    await killAfter(database, file, 1 + ((round * 2) % 5));
    const store = await openAt(database);
    const { groups, alerts, known, kept, counted } = await facts(store);
    expect(alerts.length).toBe(known);
    expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(alerts.length);
    expect(kept).toEqual(counted);
    expect(alerts.length).toBeGreaterThan(0);
    await store.close();
  }
  const store = await openAt(database);
  const parts = { ports: { clock: stillClock, log: quiet }, triage: () => systemTriage, append: async () => {} };
  const options = { origin: file, format: 'auto', isHistory: false };
  const before = (await facts(store)).alerts.length;
  expect(before).toBeLessThan(RECORDS);
  const report = await createIngest({ store, ...parts }).ingest(readRecords(openAlertFile(file)), options);
  expect(report).toMatchObject({ read: RECORDS, duplicates: before, stored: RECORDS - before });
  const undisturbed = await openAt(join(folder, 'never.db'));
  await createIngest({ store: undisturbed, ...parts }).ingest(readRecords(openAlertFile(file)), options);
  expect(groupFacts((await facts(store)).groups)).toEqual(groupFacts((await facts(undisturbed)).groups));
  await store.close();
  await undisturbed.close();
}, 60_000);

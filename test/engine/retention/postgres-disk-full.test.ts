import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { generateEveFile } from '../../../engine/sample/generate-eve.ts';
import { mountSmallDisk } from '../../store/small-disk.ts';
import { ANA, itemsOf, listOpen, NOW_MS, openSetting, statementOf } from '../engine-setting.ts';
import { everyOriginal } from './storage-setting.ts';

const FULL = {
  code: 'unavailable',
  message: expect.stringMatching(/disk .*of the PostgreSQL server is full.*Make room/),
};
const MEGABYTES = 96;

const serverUrl = inject('postgresUrl') ?? null;
const disk = serverUrl === null ? null : mountSmallDisk(MEGABYTES);
if (serverUrl === null) console.warn('Skipped: the full disk of PostgreSQL, because no server could be started');
else if (disk === null)
  console.warn('Skipped: the full disk of PostgreSQL, because no small file system may be mounted');

const files = mkdtempSync(join(tmpdir(), 'evenwatch-full-'));
let made = 0;
afterAll(async () => {
  if (serverUrl !== null && disk !== null) {
    await asServer(async (client) => {
      for (let i = 1; i <= made; i += 1)
        await client.query(`drop database if exists small_${process.pid}_${i} with (force)`);
      await client.query(`drop tablespace if exists small_${process.pid}`);
    });
  }
  disk?.remove();
  rmSync(files, { recursive: true });
});

async function asServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl ?? '' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A database of its own whose tables lie on the small disk; the server's journal lies elsewhere, as it should. */
async function databaseOnSmallDisk(path: string): Promise<string> {
  made += 1;
  const name = `small_${process.pid}_${made}`;
  // The server runs as this user where the tests run as root.
  execFileSync('chown', ['postgres', path]);
  execFileSync('chmod', ['700', path]);
  await asServer(async (client) => {
    if (made === 1) await client.query(`create tablespace small_${process.pid} location '${path}'`);
    await client.query(`create database ${name} tablespace small_${process.pid}`);
  });
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

describe.skipIf(disk === null)('a disk under PostgreSQL that is full and gets room again', () => {
  it('loses nothing of an ingest that was acknowledged, lets people read, and goes on without a restart', async () => {
    if (disk === null) return;
    const url = await databaseOnSmallDisk(disk.path);
    const setting = await openSetting({ kind: 'postgres', url });
    const written = async (name: string, records: number) => {
      const path = join(files, name);
      await generateEveFile(path, { records, seed: name, endsAtMs: NOW_MS, entities: 300, days: 3 });
      return { paths: [path], format: 'auto', isHistory: false, site: null };
    };
    const [first, second] = [await written('first.json', 2_000), await written('second.json', 8_000)];
    await setting.engine.writer.ingest(first);
    disk.fill(2 * 1024 * 1024);
    let told = 0;
    const onProgress = (_bytes: number, report: { stored: number }) => {
      told = report.stored;
    };
    await expect(setting.engine.writer.ingest(second, onProgress)).rejects.toMatchObject(FULL);
    expect(told).toBeLessThan(8_000);
    const stored = async () => (await everyOriginal(setting.store)).size;
    expect(await stored()).toBe(2_000 + told);
    await expect(setting.engine.writer.ingest(second)).rejects.toMatchObject(FULL);
    expect(await stored()).toBe(2_000 + told);
    const [item] = (await listOpen(setting, ANA)).items;
    expect(item?.id).toBeGreaterThan(0);

    disk.free();
    expect(await setting.engine.writer.ingest(second)).toMatchObject({ duplicates: told, stored: 8_000 - told });
    expect([...(await everyOriginal(setting.store)).values()].filter((text) => text === null)).toEqual([]);
    const [now] = (await listOpen(setting, ANA)).items;
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(now ?? { id: 0, version: 0 }),
      disposition: 'false_positive',
      reason: 'There is room again',
    });
    await setting.engine.tick();
    expect(await setting.engine.search.lag()).toBe(0);
    await setting.close();
  });
});

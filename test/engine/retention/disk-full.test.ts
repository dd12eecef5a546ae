import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { generateEveFile } from '../../../engine/sample/generate-eve.ts';
import { migrateSqlite } from '../../../engine/store/migrate-sqlite.ts';
import { MIGRATIONS } from '../../../engine/store/migrations/index.ts';
import { openStore } from '../../../engine/store/open.ts';
import { quiet, stillClock } from '../../store/databases.ts';
import { mountSmallDisk, type SmallDisk } from '../../store/small-disk.ts';
import { ANA, itemsOf, listOpen, NOW_MS, openSetting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { DAY_MS, everyOriginal, indexProblems, openStorageSetting } from './storage-setting.ts';

const FULL = { code: 'unavailable', message: expect.stringMatching(/disk is full.*(free|make) .*(space|room)/i) };

const probe = mountSmallDisk(1);
probe?.remove();
if (probe === null) console.warn('Skipped: the full disk, because no small file system may be mounted here');

describe.skipIf(probe === null)('a disk that is full and gets room again', () => {
  const disks: SmallDisk[] = [];
  afterEach(() => {
    for (const disk of disks.splice(0)) disk.remove();
  });
  const smallDisk = (megabytes: number): SmallDisk => {
    const disk = mountSmallDisk(megabytes);
    if (disk === null) throw new Error('The disk could be mounted a moment ago');
    disks.push(disk);
    return disk;
  };

  it('loses nothing of an ingest that was acknowledged, and the rest comes in without a restart', async () => {
    const disk = smallDisk(48);
    const setting = await openSetting({ kind: 'sqlite', path: join(disk.path, 'evenwatch.db') });
    const written = async (name: string, records: number) => {
      const path = join(disk.path, name);
      await generateEveFile(path, { records, seed: name, endsAtMs: NOW_MS, entities: 300, days: 3 });
      return { paths: [path], format: 'auto', isHistory: false, site: null };
    };
    const [first, second] = [await written('first.json', 2_000), await written('second.json', 9_000)];
    await setting.engine.writer.ingest(first);
    disk.fill(6 * 1024 * 1024);
    let told = 0;
    await expect(
      setting.engine.writer.ingest(second, (_bytes, report) => {
        told = report.stored;
      }),
    ).rejects.toMatchObject(FULL);
    const stored = async () => (await everyOriginal(setting.store)).size;
    expect(await stored()).toBe(2_000 + told);
    await expect(setting.engine.writer.ingest(second)).rejects.toMatchObject(FULL);
    expect(await stored()).toBe(2_000 + told);
    disk.free();
    expect(await setting.engine.writer.ingest(second)).toMatchObject({ duplicates: told, stored: 9_000 - told });
    expect([...(await everyOriginal(setting.store)).values()].filter((text) => text === null)).toEqual([]);
    await setting.engine.tick();
    expect(await setting.engine.search.lag()).toBe(0);
    await setting.close();
  });

  it('refuses a decision with a sentence, changes nothing, and takes the same decision afterwards', async () => {
    const disk = smallDisk(16);
    const setting = await openSetting({ kind: 'sqlite', path: join(disk.path, 'evenwatch.db') });
    await setting.ingestEve(Array.from({ length: 50 }, (_, i) => eve({ flow: i, source: `10.0.0.${i}` })));
    const before = (await listOpen(setting, ANA)).items;
    const input = {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...before),
      disposition: 'false_positive' as const,
      reason: 'x'.repeat(3_900),
    };
    disk.fill();
    const dispose = () => setting.engine.handlers.decisions.dispose(setting.as(ANA), input);
    await expect(dispose()).rejects.toMatchObject(FULL);
    expect((await listOpen(setting, ANA)).items).toEqual(before);
    disk.free();
    expect(await dispose()).toMatchObject({ changed: before.length });
    await setting.close();
  });

  it('fills the search where it stopped', async () => {
    const disk = smallDisk(24);
    const setting = await openSetting({ kind: 'sqlite', path: join(disk.path, 'evenwatch.db') });
    // What else is due of the periodic work is done before.
    await setting.engine.tick();
    await setting.ingestEve(Array.from({ length: 3_000 }, (_, i) => eve({ flow: i, source: `10.0.${i % 200}.7` })));
    disk.fill();
    await expect(setting.engine.tick()).rejects.toMatchObject(FULL);
    expect(await setting.engine.search.lag()).toBeGreaterThan(0);
    expect(await setting.engine.search.query('10.0.3.7', { limit: 9 })).toEqual([]);
    disk.free();
    await setting.engine.tick();
    expect(await setting.engine.search.lag()).toBe(0);
    expect(await setting.engine.search.query('10.0.3.7', { limit: 9 })).toHaveLength(1);
    await setting.close();
  });

  it('loses no original while blocks are merged or dropped', async () => {
    const disk = smallDisk(24);
    const setting = await openStorageSetting({ kind: 'sqlite', path: join(disk.path, 'evenwatch.db') }, (policy) => {
      policy.originals.keepDays.medium = 1;
    });
    const lines = (from: number, count: number) =>
      Array.from({ length: count }, (_, i) => eve({ flow: from + i, source: `10.0.0.${i % 3}` }));
    for (let n = 0; n < 60; n += 1) await setting.ingestEve(lines(100 * n, 3));
    const before = await everyOriginal(setting.store);
    disk.fill();
    await expect(setting.tidyAll()).rejects.toMatchObject(FULL);
    expect(await everyOriginal(setting.store)).toEqual(before);
    disk.free();
    // A slice may have been merged before the disk was full.
    expect((await setting.tidyAll()).mergedBlocks).toBeGreaterThan(1);
    expect(await everyOriginal(setting.store)).toEqual(before);
    const { items } = await listOpen(setting, ANA);
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...items),
      disposition: 'false_positive',
      reason: 'noise',
    });
    setting.clock.atMs += 2 * DAY_MS;
    disk.fill();
    await expect(setting.tidyAll()).rejects.toMatchObject(FULL);
    expect(await everyOriginal(setting.store)).toEqual(before);
    disk.free();
    expect(await setting.tidyAll()).toMatchObject({ droppedRecords: 180 });
    expect(await indexProblems(setting.store)).toEqual([]);
    await setting.close();
  });

  it('says before a migration how much room its copy needs, and leaves no half copy', async () => {
    const disk = smallDisk(16);
    const path = join(disk.path, 'evenwatch.db');
    const nowMs = stillClock.nowMs();
    const db = new Database(path);
    db.pragma('journal_mode = wal');
    await migrateSqlite(db, path, quiet, nowMs, MIGRATIONS.slice(0, 1));
    const insert = db.prepare('insert into meta values (?, ?)');
    for (let i = 0; i < 400; i += 1) insert.run(`key ${i}`, 'x'.repeat(8_000));
    db.close();
    disk.fill(1024 * 1024);
    const open = () => openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/disk is full.*copied.*Make room for \d+ MB/),
    });
    // The room that a half copy would take is there.
    writeFileSync(join(disk.path, 'other'), Buffer.alloc(900 * 1024));
    disk.free();
    const store = await open();
    expect(await store.read((db) => db.selectFrom('meta').selectAll().execute())).toHaveLength(400);
    await store.close();
  });
});

import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { dropSlice } from '../../../engine/store/original-drop.ts';
import { readOriginals } from '../../../engine/store/originals.ts';
import { severityRank } from '../../../shared/model/vocabulary.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, itemsOf, listOpen, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { DAY_MS, everyOriginal, indexProblems, openStorageSetting, type StorageSetting } from './storage-setting.ts';

async function closeAll(setting: StorageSetting): Promise<void> {
  const { items } = await listOpen(setting, ANA);
  await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
    statement: statementOf('group.dispose'),
    selection: itemsOf(...items),
    disposition: 'false_positive',
    reason: 'noise',
  });
}

const noise = (n: number) => Array.from({ length: 60 }, (_, i) => ((n * 7919 + i * 104_729) ** 2 % 1e12).toString(36));

describeOnBothStores('upkeep beside people who read', (open) => {
  it('lets a reader go on with the places that it has read', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target);
    for (let n = 0; n < 80; n += 1) await setting.ingestEve([eve({ flow: n })]);
    const whole = await everyOriginal(setting.store);
    await setting.store.read(async (db) => {
      const rows = await db.selectFrom('alert').select(['id', 'block_id', 'slot']).orderBy('id').execute();
      expect((await setting.tidyAll()).mergedBlocks).toBe(80);
      const places = rows.map(({ block_id, slot }) => ({ blockId: block_id, slot }));
      const texts = (await readOriginals(db, places)).map((bytes) => bytes && Buffer.from(bytes).toString('utf8'));
      expect(texts).toEqual([...whole.values()]);
    });
    expect(await everyOriginal(setting.store)).toEqual(whole);
    await setting.close();
  });

  it('takes in alerts and changes between the slices, and counts what it did once', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target);
    for (let n = 0; n < 40; n += 1) await setting.ingestEve([eve({ flow: n })]);
    const changed = [3, 17, 30].map((flow) => eve({ flow, extra: { app_proto: 'tls' } }));
    const [run, report] = await Promise.all([
      setting.tidyAll(),
      setting.ingestEve([...changed, ...Array.from({ length: 100 }, (_, i) => eve({ flow: 500 + i }))]),
    ]);
    expect(report).toMatchObject({ updated: 3, stored: 100 });
    expect(run.isDone).toBe(true);
    await setting.tidyAll();
    const all = await everyOriginal(setting.store);
    expect(all.size).toBe(143);
    expect([...all.values()].filter((text) => text?.includes('app_proto'))).toHaveLength(3);
    expect([...all.values()].filter((text) => text === null)).toEqual([]);
    expect(await indexProblems(setting.store)).toEqual([]);
    await setting.close();
  });

  it('holds a block whole when it cannot say whose every record is', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target);
    await setting.ingestEve([eve({ flow: 1 }), eve({ flow: 2 })]);
    await closeAll(setting);
    await setting.store.write((tx) => tx.updateTable('original_index').set({ alerts: '1' }).execute());
    const request = { severity: severityRank('medium'), throughDay: 99_999, today: 99_999, nowMs: 0 };
    const done = await setting.store.write((tx) => dropSlice(tx, request));
    expect(done).toMatchObject({ droppedBlocks: 0, heldBlocks: 1 });
    expect([...(await everyOriginal(setting.store)).values()].every((text) => text !== null)).toBe(true);
    await setting.close();
  });

  it('gives room back to the disk while somebody reads, and all of it when nobody does', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = 1;
    });
    await setting.ingestEve(Array.from({ length: 4_000 }, (_, n) => eve({ flow: n, extra: { noise: noise(n) } })));
    await closeAll(setting);
    await setting.tidyAll();
    const before = (await setting.store.space()).bytes;
    setting.clock.atMs += 2 * DAY_MS;
    if (target.kind === 'sqlite') {
      const reader = new Database(target.path, { readonly: true });
      reader.exec('begin');
      reader.prepare('select count(*) from alert').get();
      const run = await setting.tidyAll();
      expect(run).toMatchObject({ droppedRecords: 4_000, isDone: true });
      expect(reader.prepare('select count(*) as n from original_block').get()).toEqual({ n: 63 });
      reader.exec('rollback');
      reader.close();
      await setting.tidyAll();
      await setting.store.settle();
      expect(run.freedBytes).toBeGreaterThan(before / 4);
      expect(statSync(target.path).size).toBe((await setting.store.space()).bytes);
      expect(await setting.store.space()).toMatchObject({ freeBytes: 0 });
    } else {
      expect(await setting.tidyAll()).toMatchObject({ droppedRecords: 4_000, isDone: true });
    }
    expect((await setting.store.space()).bytes).toBeLessThan(before);
    await setting.close();
  });
});

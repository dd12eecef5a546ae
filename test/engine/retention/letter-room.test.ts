import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, it } from 'vitest';
import { packFrames } from '../../../engine/ingest/delivery.ts';
import { columnTypes } from '../../../engine/store/dialect.ts';
import { letterBytes } from '../../../engine/store/letter-room.ts';
import { insertSource } from '../../../engine/store/live-sources.ts';
import { mappingVersions } from '../../../engine/store/migrations/0009-mapping-versions.ts';
import { EVERY_DEAD_LETTER } from '../../../engine/store/sources.ts';
import type { Store } from '../../../engine/store/store.ts';
import { sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, LEA, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { openStorageSetting, type StorageSetting } from './storage-setting.ts';

const EVERY = { ...EVERY_DEAD_LETTER, mayReadNow: false };
const LIMIT = 100_000;
const BROKEN_BYTES = 900;

const folder = mkdtempSync(join(tmpdir(), 'evenwatch-letters-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The kept sums as they would be counted. */
const recounted = async (store: Store) =>
  store.read(async (db) => {
    const rows = await db.selectFrom('dead_letter').select(['origin', 'bytes']).orderBy('id').execute();
    return [...Map.groupBy(rows, ({ origin }) => origin)]
      .map(([origin, letters]) => ({
        origin,
        letters: letters.length,
        bytes: letters.reduce((sum, { bytes }) => sum + letterBytes(bytes), 0),
      }))
      .toSorted((a, b) => (a.origin < b.origin ? -1 : 1));
  });
const kept = async (store: Store) =>
  store.read(async (db) => {
    const rows = await db.selectFrom('letter_room').select(['origin', 'letters', 'bytes']).execute();
    return rows.filter(({ letters }) => letters > 0).toSorted((a, b) => (a.origin < b.origin ? -1 : 1));
  });

function over(setting: StorageSetting) {
  let made = 0;
  const broken = () => {
    made += 1;
    return Buffer.from(`{"n":${made},"x":`.padEnd(BROKEN_BYTES, '.'));
  };
  const { sources } = setting.engine.handlers;
  return {
    addSource: (name: string) =>
      setting.store.write((tx) =>
        insertSource(
          tx,
          sourceDraftSchema.parse({
            name,
            settings: { kind: 'syslog', transport: 'udp', port: 0 },
            format: 'suricata-eve',
          }),
          1,
        ),
      ),
    flood: async (sourceId: number, deliveries: number, each: number) => {
      for (let i = 0; i < deliveries; i += 1) {
        const records = packFrames(Array.from({ length: each }, broken));
        await setting.engine.writer.deliver({ sourceId, records, cursors: [], dropped: 0 });
      }
    },
    file: async (name: string, records: number) => {
      const path = join(folder, name);
      writeFileSync(path, Buffer.concat(Array.from({ length: records }, () => [broken(), Buffer.from('\n')]).flat()));
      await setting.engine.writer.ingest({ paths: [path], format: 'auto', isHistory: false, site: null, origin: name });
    },
    health: async (name: string) =>
      (await sources.list(setting.as(ANA), {})).find(({ source }) => source.name === name)?.health,
    letters: () => sources.deadLetters(setting.as(ANA), { filter: EVERY, cursor: null, limit: 500 }),
  };
}

describeOnBothStores('room for what could not be read', (open) => {
  it('is bounded for each source while it comes in, and the source says how many went and why', async () => {
    const { target, store } = await open();
    const setting = await openStorageSetting(target, ({ purged }) => {
      purged.dead_letter.maxBytesOfSource = LIMIT;
    });
    const { addSource, flood, health, letters } = over(setting);
    const [rubbish, quietOne] = [await addSource('Open port'), await addSource('Firewall')];
    await flood(quietOne, 1, 3);
    await flood(rubbish, 12, 100);
    const fit = Math.floor(LIMIT / letterBytes(BROKEN_BYTES));
    expect(await kept(store)).toEqual(await recounted(store));
    const { items, letGo } = await letters();
    const left = items.filter(({ origin }) => origin === 'Open port');
    expect(left.length).toBe(fit);
    expect(items.filter(({ origin }) => origin === 'Firewall').length).toBe(3);
    // The newest are left, none between them is missing.
    expect(left.map(({ text }) => Number(/"n":(\d+)/.exec(text)?.[1]))).toEqual(
      Array.from({ length: fit }, (_, i) => 1_203 - i),
    );
    const found = await health('Open port');
    expect(found?.counts).toMatchObject({ read: 1_200, rejected: 1_200, stored: 0 });
    expect(found?.letGo).toEqual({
      letters: 1_200 - fit,
      atMs: setting.clock.atMs,
      why: 'those of one source or file may take at most 0.1 MB',
    });
    expect(letGo).toEqual([{ origin: 'Open port', ...found?.letGo }]);
    expect((await health('Firewall'))?.letGo).toBeNull();
    const status = await setting.engine.handlers.workspace.storage(setting.as(LEA), {});
    expect(status.letters).toMatchObject({ letters: fit + 3, letGo: 1_200 - fit, maxBytesOfSource: LIMIT });
    await setting.close();
  });

  it('is bounded for all together, the oldest first, wherever they came from', async () => {
    const { target, store } = await open();
    const setting = await openStorageSetting(target, ({ purged }) => {
      purged.dead_letter.maxBytes = 1_000_000;
    });
    const { file, letters } = over(setting);
    for (const name of ['a.json', 'b.json', 'c.json']) await file(name, 400);
    expect(await kept(store)).toEqual(await recounted(store));
    const rooms = await kept(store);
    expect(rooms.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(1_000_000);
    expect(rooms.map(({ origin, letters }) => [origin, letters])).toEqual([
      ['a.json', Math.floor(1_000_000 / letterBytes(BROKEN_BYTES)) - 800],
      ['b.json', 400],
      ['c.json', 400],
    ]);
    expect((await letters()).letGo).toMatchObject([{ origin: 'a.json', why: 'all of them may take at most 1 MB' }]);
    await setting.close();
  });

  it('follows a lower limit with the next upkeep, and counts what is read, discarded and too old', async () => {
    const { target, store } = await open();
    const first = await openStorageSetting(target);
    const { addSource, flood } = over(first);
    const source = await addSource('Open port');
    await flood(source, 4, 100);
    await first.ingestEve([eve()]);
    await first.close();

    const second = await openStorageSetting(target, ({ purged }) => {
      purged.dead_letter.maxBytesOfSource = LIMIT;
    });
    const { letters, health } = over(second);
    expect((await letters()).total).toBe(400);
    await second.tidyAll();
    const fit = Math.floor(LIMIT / letterBytes(BROKEN_BYTES));
    expect((await letters()).total).toBe(fit);
    expect((await health('Open port'))?.counts.rejected).toBe(400);
    const { sources } = second.engine.handlers;
    const [mended, ...rest] = (await letters()).items;
    await sources.readAgain(second.as(ANA), {
      statement: statementOf('letters.read_again'),
      ids: [mended?.id ?? 0],
      filter: EVERY,
      format: 'auto',
      text: JSON.stringify(eve({ flow: 77 })),
    });
    const discarded = rest.slice(0, 10).map(({ id }) => id);
    await sources.discard(second.as(LEA), { statement: statementOf('letters.discard'), ids: discarded, filter: EVERY });
    expect((await letters()).total).toBe(fit - 11);
    expect(await kept(store)).toEqual(await recounted(store));

    // What the migration counts once is what is counted from then on.
    const before = await kept(store);
    const fill = mappingVersions.statements(columnTypes(store.dialect)).at(-1) ?? '';
    await store.write(async (tx) => {
      await sql`delete from letter_room`.execute(tx);
      await sql.raw(fill).execute(tx);
    });
    expect(await kept(store)).toEqual(before);
    await second.close();
  });
});

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { InputOf } from '../../../engine/handlers.ts';
import { sourceCommands, sourceHandlers } from '../../../engine/ingest/source-handlers.ts';
import { Uploads } from '../../../engine/ingest/uploads.ts';
import { listAssets, listLookups } from '../../../engine/store/entity-lists.ts';
import { listDuties, listPeople, personNames, replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import { EVERY_DEAD_LETTER } from '../../../engine/store/sources.ts';
import type { Store } from '../../../engine/store/store.ts';
import { rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person } from '../seed.ts';

const EVERY = { ...EVERY_DEAD_LETTER, mayReadNow: false };
const NOW = Date.UTC(2026, 10, 21, 12);
const boss = person('boss', 'lead', { roles: ['lead', 'admin'] });
const dee = person('dee', 'lead');
const ana = person('ana', 'tier1');
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function setUp(store: Store) {
  await store.write((tx) => replacePeople(tx, [boss, dee, ana]));
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-sources-'));
  folders.push(folder);
  const { deps, work } = benchFor(store, NOW, [sourceCommands()]);
  const sources = sourceHandlers(deps, new Uploads(join(folder, 'uploads'), deps.ports));
  const importAs = (who: typeof boss, kind: InputOf<'sources', 'importList'>['kind'], csv: string, name = '') =>
    sources.importList(callBy(who), {
      statement: statement(kind === 'people' || kind === 'roster' ? 'roster.import' : 'lists.import'),
      kind,
      name,
      csv,
    });
  return { sources, work, importAs };
}

describeOnBothStores('importing lists', (open) => {
  test('assets are replaced whole, with problems by line, an entry in the ledger, and triage reads again', async () => {
    const { store } = await open();
    const { importAs, work } = await setUp(store);
    await importAs(dee, 'assets', 'name,criticality\nold,low');
    const answer = await importAs(dee, 'assets', 'name,criticality\nsrv-1,crown_jewel\nsrv-2,huge\nsrv-3,');
    expect(answer).toMatchObject({ rows: 2, changed: 2, summary: 'Imported 2 assets' });
    expect(answer.problems).toEqual([{ line: 3, message: expect.stringContaining('huge') }]);
    const assets = await store.read(listAssets);
    expect(assets.map((asset) => [asset.key, asset.criticality])).toEqual([
      ['srv-1', 'crown_jewel'],
      ['srv-3', null],
    ]);
    expect(work.calls).toEqual(['reloadTriage', 'reloadTriage']);
    const entries = await store.read((db) => db.selectFrom('decision').select(['kind', 'summary']).execute());
    expect(entries).toHaveLength(2);
    expect(entries[1]).toEqual({ kind: 'lists.import', summary: 'Imported 2 assets' });
  });

  test('a text without a single good row leaves the list as it was', async () => {
    const { store } = await open();
    const { importAs } = await setUp(store);
    await importAs(dee, 'lookup', 'key\n10.0.0.1', 'scanners');
    await expect(importAs(dee, 'lookup', '', 'scanners')).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(importAs(dee, 'lookup', 'key\nx', '../etc')).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await store.read(listLookups)).toEqual(new Map([['scanners', ['10.0.0.1']]]));
  });

  test('people are an admin’s, keep an admin, and whoever left stays known by name', async () => {
    const { store } = await open();
    const { importAs } = await setUp(store);
    const csv = 'id,name,tier,roles\nzoe,Zoe Ort,tier1,\nboss,Boss,lead,admin';
    await expect(importAs(dee, 'people', csv)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(importAs(boss, 'people', 'id,name,tier\nzoe,Zoe,tier1')).rejects.toMatchObject({
      code: 'invalid_input',
      message: 'Nobody in this list has the role admin. Add it to at least one person.',
    });
    expect((await importAs(boss, 'people', csv)).summary).toBe('Imported 2 people');
    expect((await store.read(listPeople)).map((each) => each.id)).toEqual(['zoe', 'boss']);
    expect((await store.read(personNames)).get('ana')).toBe('Ana Example');
  });

  test('a rota replaces what lies from its first duty on', async () => {
    const { store } = await open();
    const { importAs, work } = await setUp(store);
    await store.write((tx) =>
      replaceDuties(
        tx,
        rota(['shift 2026-11-10T08:00 16:00', 'shift 2026-11-20T08:00 16:00', 'shift 2026-11-25T08:00 16:00']),
        0,
      ),
    );
    const csv =
      'person,starts,ends\nana,2026-11-20T22:00Z,2026-11-21T06:00Z\nnobody,2026-11-20T22:00Z,2026-11-21T06:00Z';
    const answer = await importAs(dee, 'roster', csv);
    expect(answer).toMatchObject({ rows: 1, summary: 'Imported 1 duty; the rota from 2026-11-20 on is new' });
    expect(answer.problems).toHaveLength(1);
    const starts = (await store.read((db) => listDuties(db, 0, NOW * 2))).map((duty) => duty.startsAtMs);
    expect(starts).toEqual([Date.UTC(2026, 10, 10, 8), Date.UTC(2026, 10, 20, 8), Date.UTC(2026, 10, 20, 22)]);
    expect(work.calls).toEqual([]);
  });
});

describeOnBothStores('sources', (open) => {
  test('what came in, and what could not be read page by page', async () => {
    const { store } = await open();
    const { sources } = await setUp(store);
    await store.write(async (tx) => {
      const counts = { read: 9, stored: 5, updated: 1, duplicates: 1, rejected: 2, skipped: 4 };
      await tx
        .insertInto('format_count')
        .values({ format: 'suricata-eve', ...counts, last_at_ms: 7 })
        .execute();
      await tx
        .insertInto('format_count')
        .values({ format: 'unrecognised', ...counts, last_at_ms: null })
        .execute();
      for (let id = 1; id <= 5; id++) {
        await tx
          .insertInto('dead_letter')
          .values({
            id,
            at_ms: id,
            origin: 'eve.json',
            line: id,
            column_no: null,
            reason: 'truncated',
            message: 'm',
            text: 't',
            bytes: 1,
          })
          .execute();
      }
    });
    const summary = await sources.summary(callBy(ana), {});
    expect(summary.deadLetters).toBe(5);
    expect(summary.byFormat.map((total) => [total.label, total.counts.stored, total.lastAtMs])).toEqual([
      ['Suricata EVE', 5, 7],
      ['Not recognised', 5, null],
    ]);
    const first = await sources.deadLetters(callBy(ana), { filter: EVERY, cursor: null, limit: 3 });
    const second = await sources.deadLetters(callBy(ana), {
      filter: EVERY,
      cursor: first.nextCursor,
      limit: 3,
    });
    expect(first.total).toBe(5);
    expect([...first.items, ...second.items].map((letter) => letter.id)).toEqual([5, 4, 3, 2, 1]);
    expect(second.nextCursor).toBeNull();
    await expect(sources.deadLetters(callBy(ana), { filter: EVERY, cursor: 'x', limit: 3 })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  test('an upload ends in the real ingest, and its file is gone afterwards', async () => {
    const { store } = await open();
    const { sources, work } = await setUp(store);
    const { uploadId } = await sources.uploadBegin(callBy(ana), {
      statement: statement('lists.import'),
      name: 'eve.json',
      format: 'auto',
      isHistory: true,
    });
    const base64 = Buffer.from('{}\n').toString('base64');
    expect(await sources.uploadAppend(callBy(ana), { uploadId, offset: 0, base64 })).toEqual({ received: 3 });
    await sources.uploadFinish(callBy(ana), { uploadId });
    const path = work.calls[0]?.replace('ingest ', '') ?? '';
    expect(path.endsWith('upload-eve.json')).toBe(true);
    expect(existsSync(path)).toBe(false);
    await expect(
      sources.uploadBegin(callBy(ana), {
        statement: statement('lists.import'),
        name: 'x',
        format: 'nope',
        isHistory: false,
      }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

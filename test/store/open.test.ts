import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { setMeta } from '../../engine/store/meta.ts';
import { openStore, type StoreTarget } from '../../engine/store/open.ts';
import { sqliteHandle } from '../../engine/store/sqlite-store.ts';
import { describeOnBothStores, quiet, stillClock } from './databases.ts';

const folders: string[] = [];
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-open-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const openAt = (target: StoreTarget, readOnly = false) =>
  openStore({ target, log: quiet, clock: stillClock, readOnly });

describeOnBothStores('a database', (open) => {
  it('of a newer program is refused and stays untouched', async () => {
    const { store, target } = await open();
    await store.write((tx) => setMeta(tx, 'name', 'mine'));
    await store.close();
    if (target.kind === 'sqlite') {
      const db = new Database(target.path);
      db.prepare("insert into schema_migration values ('9999-future', 'x', 'then')").run();
      db.close();
      const before = readFileSync(target.path);
      await expect(openAt(target)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('9999-future'),
      });
      await expect(openAt(target, true)).rejects.toMatchObject({ code: 'unsupported' });
      expect(readFileSync(target.path).equals(before)).toBe(true);
    } else {
      const client = new pg.Client({ connectionString: target.url });
      await client.connect();
      await client.query("insert into schema_migration values ('9999-future', 'x', 'then')");
      await client.end();
      await expect(openAt(target)).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('newer'),
      });
    }
  });

  it('opens again with what it had', async () => {
    const { store, target } = await open();
    await store.write((tx) => setMeta(tx, 'name', 'mine'));
    await store.close();
    const again = await openAt(target);
    const rows = await again.read((db) => db.selectFrom('meta').selectAll().execute());
    expect(rows).toEqual([{ key: 'name', value: 'mine' }]);
    await again.close();
  });

  it('opened for reading sees what the writer commits, and refuses to write', async () => {
    const { store, target } = await open();
    const reader = await openAt(target, true);
    await store.write((tx) => setMeta(tx, 'name', 'now'));
    expect(await reader.read((db) => db.selectFrom('meta').select('value').execute())).toEqual([{ value: 'now' }]);
    expect(() => reader.write((tx) => setMeta(tx, 'name', 'no'))).toThrow('for reading');
    await reader.close();
  });
});

describe('a workspace file', () => {
  it('is readable for its owner only, keeps free pages for reuse, and is in WAL mode', async () => {
    const path = join(freshFolder(), 'evenwatch.db');
    const store = await openAt({ kind: 'sqlite', path });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await store.close();
    const db = new Database(path);
    expect(db.pragma('auto_vacuum', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    db.close();
  });

  it('that is a folder, is missing its folder, or is no database is refused in words', async () => {
    const folder = freshFolder();
    const notes = join(folder, 'notes.txt');
    writeFileSync(
      notes,
      'these are my notes, and they are long enough to be looked at as a database header of 100 bytes ....',
    );
    mkdirSync(join(folder, 'data'));
    const refused = (path: string) => expect(openAt({ kind: 'sqlite', path })).rejects;
    await refused(join(folder, 'data')).toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('folder'),
    });
    await refused(join(folder, 'none', 'x.db')).toMatchObject({ code: 'not_found' });
    await refused(notes).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not an Evenwatch database'),
    });
    await expect(openAt({ kind: 'sqlite', path: join(folder, 'no.db') }, true)).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(readFileSync(notes, 'utf8')).toContain('these are my notes');
  });

  it.skipIf(process.getuid?.() === 0)('without permission is refused in words', async () => {
    const path = join(freshFolder(), 'evenwatch.db');
    writeFileSync(path, '');
    chmodSync(path, 0o400);
    await expect(openAt({ kind: 'sqlite', path })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('permissions'),
    });
  });

  it('that fills the disk says so, and loses nothing that was saved', async () => {
    const path = join(freshFolder(), 'evenwatch.db');
    const store = await openAt({ kind: 'sqlite', path });
    await store.write((tx) => setMeta(tx, 'kept', 'yes'));
    const fill = store.write(async (tx) => {
      // A limit on pages is what a full disk is to SQLite: the same error from the same place.
      sqliteHandle(tx)?.statements.get('pragma max_page_count = 1').get();
      for (let i = 0; i < 5_000; i += 1) await setMeta(tx, `fill ${i}`, 'x'.repeat(4_000));
    });
    await expect(fill).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('disk is full') });
    expect(await store.read((db) => db.selectFrom('meta').selectAll().execute())).toEqual([
      { key: 'kept', value: 'yes' },
    ]);
    await store.close();
    const again = await openAt({ kind: 'sqlite', path });
    await again.write((tx) => setMeta(tx, 'room', 'again'));
    await again.close();
  });
});

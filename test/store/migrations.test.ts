import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { columnTypes } from '../../engine/store/dialect.ts';
import { pendingMigrations } from '../../engine/store/migrate.ts';
import { migrateSqlite } from '../../engine/store/migrate-sqlite.ts';
import { MIGRATIONS, type Migration } from '../../engine/store/migrations/index.ts';
import { describeOnBothStores, freshSqlitePath, quiet, stillClock } from './databases.ts';

const storeFolder = join(import.meta.dirname, '../../engine/store');

describe('migrations', () => {
  it('import nothing of the application', () => {
    const folder = join(storeFolder, 'migrations');
    for (const file of readdirSync(folder).filter((name) => /^\d/.test(name))) {
      const imports = readFileSync(join(folder, file), 'utf8').match(/from '([^']+)'/g) ?? [];
      expect(imports).toEqual(["from './index.ts'"]);
    }
  });

  it('are named in their order and differ between databases only in types', () => {
    const names = MIGRATIONS.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const plain = (dialect: 'sqlite' | 'postgres') => {
      const types = columnTypes(dialect);
      return MIGRATIONS.flatMap((migration) => migration.statements(types)).map((statement) =>
        statement
          .replace(/ strict(, without rowid)?$/, '')
          .replaceAll(/\bbigint\b/g, 'integer')
          .replaceAll('double precision', 'real')
          .replaceAll('bytea', 'blob'),
      );
    };
    expect(plain('postgres')).toEqual(plain('sqlite'));
  });

  it('refuse a step that is not the one they know by its name', () => {
    expect(() => pendingMigrations([{ name: MIGRATIONS[0]?.name ?? '', checksum: 'other' }], 'sqlite')).toThrow(
      'another build',
    );
  });

  it('are undone whole when they fail, with a copy of the file beside it', async () => {
    const cleanUps: (() => void)[] = [];
    const path = freshSqlitePath(cleanUps);
    const db = new Database(path);
    const nowMs = stillClock.nowMs();
    await migrateSqlite(db, path, quiet, nowMs);
    db.prepare("insert into meta values ('a', 'b')").run();
    const broken: Migration = {
      name: '0002-broken',
      statements: () => ['create table half (id integer)', 'create nonsense'],
    };
    await expect(migrateSqlite(db, path, quiet, nowMs, [...MIGRATIONS, broken])).rejects.toThrow('syntax');
    expect(db.prepare("select name from sqlite_master where name = 'half'").all()).toEqual([]);
    const copy = new Database(`${path}.before-0002-broken`);
    expect(copy.prepare('select * from meta').all()).toEqual([{ key: 'a', value: 'b' }]);
    copy.close();
    db.close();
    for (const cleanUp of cleanUps) cleanUp();
  });
});

describeOnBothStores('the schema', (open) => {
  it('has the tables and columns that the types promise', async () => {
    const { store } = await open();
    const promised = tablesOf(readFileSync(join(storeFolder, 'schema.ts'), 'utf8'));
    expect(Object.keys(promised).length).toBeGreaterThan(30);
    for (const [table, columns] of Object.entries(promised)) {
      // Reads each promised column; a database refuses one that it does not have.
      await store.read((db) =>
        db
          .selectFrom(table as 'meta')
          .select(columns as 'key'[])
          .limit(1)
          .execute(),
      );
    }
    const found = await store.write(async (tx) => {
      const tables = await tx.introspection.getTables();
      return Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name).sort()]));
    });
    const { schema_migration: _own, ...made } = found;
    expect(made).toEqual(
      Object.fromEntries(Object.entries(promised).map(([table, columns]) => [table, columns.sort()])),
    );
  });
});

/** Tables and columns as the source of `Tables` names them. */
function tablesOf(source: string): Record<string, string[]> {
  const body = source.slice(source.indexOf('export interface Tables {') + 25).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
  const tables: Record<string, string[]> = {};
  for (const [, table = '', columns = ''] of body.matchAll(/(\w+): \{([^}]*)\}/g)) {
    tables[table] = [...columns.matchAll(/(\w+)\??:/g)].map(([, name = '']) => name);
  }
  return tables;
}

describe('dialects', () => {
  it('are told apart in few places', () => {
    const files = readdirSync(storeFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const branches = files.flatMap((name) => {
      const text = readFileSync(join(storeFolder, name), 'utf8');
      const found =
        text.match(/(dialect|kind) [!=]== '(sqlite|postgres)'|handle === undefined|sqlite: \{|postgres: \{/g) ?? [];
      return found.map((branch) => `${name}: ${branch}`);
    });
    expect(branches.length).toBeGreaterThan(4);
    expect(branches.length, branches.join('\n')).toBeLessThanOrEqual(15);
  });
});

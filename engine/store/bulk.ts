/**
 * Many rows at a time for the hot path of ingest. SQLite runs a prepared statement for each row; PostgreSQL gets
 * one statement with an array for each column, because there each statement is a trip over the network.
 */
import type { Statement } from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { type BulkTable, type Column, type ColumnType, columnsNamed, columnsOf } from './bulk-columns.ts';
import type { Tables } from './schema.ts';
import { sqliteHandle } from './sqlite-store.ts';
import type { Write } from './store.ts';

const POSTGRES_ARRAYS: Record<ColumnType, string> = {
  int: 'bigint[]',
  float: 'double precision[]',
  text: 'text[]',
  blob: 'bytea[]',
};

/** Rows of one statement of SQLite: calling it costs as much as two rows. */
const ROWS_AT_ONCE = 16;

function unnest(columns: readonly Column[]): string {
  return `unnest(${columns.map(([, type], i) => `$${i + 1}::${POSTGRES_ARRAYS[type]}`).join(', ')})`;
}

async function postgresMany<R>(tx: Write, sql: string, columns: readonly Column[], rows: readonly object[]) {
  const arrays = columns.map(([name]) => rows.map((row) => Reflect.get(row, name) ?? null));
  return (await tx.executeQuery<R>(CompiledQuery.raw(sql, arrays))).rows;
}

/** Adds the values of a row behind those that are there. */
function addValues(values: unknown[], row: object, columns: readonly Column[]): void {
  // Rows are of tables with these columns; plain access is several times faster than Reflect.get.
  const fields = row as Readonly<Record<string, unknown>>;
  for (const [name] of columns) values.push(fields[name]);
}

function valuesOf(row: object, columns: readonly Column[]): unknown[] {
  const values: unknown[] = [];
  addValues(values, row, columns);
  return values;
}

/**
 * Inserts rows. `onConflict` is SQL that both databases know, such as `on conflict (id) do nothing`;
 * with it no two of the rows may share the key.
 */
export async function insertRows<T extends BulkTable>(
  tx: Write,
  table: T,
  rows: readonly Tables[T][],
  onConflict = '',
): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsOf(table);
  const names = columns.map(([name]) => name).join(', ');
  const handle = sqliteHandle(tx);
  if (handle === undefined) {
    await postgresMany(
      tx,
      `insert into ${table} (${names}) select * from ${unnest(columns)} ${onConflict}`,
      columns,
      rows,
    );
    return;
  }
  const marks = `(${columns.map(() => '?').join(', ')})`;
  const insert = (count: number) => {
    const all = Array.from({ length: count }, () => marks).join(', ');
    return handle.statements.get(`insert into ${table} (${names}) values ${all} ${onConflict}`);
  };
  const whole = rows.length - (rows.length % ROWS_AT_ONCE);
  if (whole > 0) {
    const many = insert(ROWS_AT_ONCE);
    for (let from = 0; from < whole; from += ROWS_AT_ONCE) {
      const values: unknown[] = [];
      for (const row of rows.slice(from, from + ROWS_AT_ONCE)) addValues(values, row, columns);
      many.run(...values);
    }
  }
  if (whole === rows.length) return;
  const one = insert(1);
  for (const row of rows.slice(whole)) one.run(...valuesOf(row, columns));
}

/** Sets `set` of the rows that are found by `key`; both are taken from `rows`. */
export async function updateRows<T extends BulkTable, C extends keyof Tables[T] & string>(
  tx: Write,
  table: T,
  key: readonly C[],
  set: readonly C[],
  rows: readonly Pick<Tables[T], C>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = columnsNamed(table, [...set, ...key]);
  const handle = sqliteHandle(tx);
  if (handle === undefined) {
    const names = columns.map(([name]) => name).join(', ');
    const sets = set.map((name) => `${name} = v.${name}`).join(', ');
    const found = key.map((name) => `t.${name} = v.${name}`).join(' and ');
    await postgresMany(
      tx,
      `update ${table} t set ${sets} from ${unnest(columns)} as v(${names}) where ${found}`,
      columns,
      rows,
    );
    return;
  }
  const sets = set.map((name) => `${name} = ?`).join(', ');
  const found = key.map((name) => `${name} = ?`).join(' and ');
  const statement = handle.statements.get(`update ${table} set ${sets} where ${found}`);
  for (const row of rows) statement.run(...valuesOf(row, columns));
}

/** The rows whose `key` columns have the values of one of `keys`, in no order. */
export async function findRows<T extends BulkTable>(
  tx: Write,
  table: T,
  key: readonly (keyof Tables[T] & string)[],
  keys: readonly Partial<Tables[T]>[],
): Promise<Tables[T][]> {
  if (keys.length === 0) return [];
  const columns = columnsNamed(table, key);
  const handle = sqliteHandle(tx);
  if (handle === undefined) {
    const names = columns.map(([name]) => name).join(', ');
    const found = key.map((name) => `t.${name} = v.${name}`).join(' and ');
    return postgresMany(
      tx,
      `select t.* from ${table} t join ${unnest(columns)} as v(${names}) on ${found}`,
      columns,
      keys,
    );
  }
  const found = `(${key.map((name) => `${name} = ?`).join(' and ')})`;
  const select = (count: number) =>
    handle.statements.get(`select * from ${table} where ${Array.from({ length: count }, () => found).join(' or ')}`);
  const rows: Tables[T][] = [];
  const take = (statement: Statement, wanted: readonly Partial<Tables[T]>[]) => {
    const values: unknown[] = [];
    for (const each of wanted) addValues(values, each, columns);
    // The column types of the schema are those of the statement; better-sqlite3 cannot know them.
    for (const row of statement.all(...values)) rows.push(row as Tables[T]);
  };
  const whole = keys.length - (keys.length % ROWS_AT_ONCE);
  if (whole > 0) {
    const many = select(ROWS_AT_ONCE);
    for (let from = 0; from < whole; from += ROWS_AT_ONCE) take(many, keys.slice(from, from + ROWS_AT_ONCE));
  }
  if (whole === keys.length) return rows;
  const one = select(1);
  for (const wanted of keys.slice(whole)) take(one, [wanted]);
  return rows;
}

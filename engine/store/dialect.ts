import {
  type Dialect as KyselyDialect,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';

/**
 * Everything that differs between the two databases and is not a whole file of its own
 * (sqlite-*.ts and postgres-*.ts are picked in open.ts). All other SQL is the subset that both share.
 */
export type DialectName = 'sqlite' | 'postgres';

/** Column types and table endings for migrations. STRICT tables of SQLite refuse `bigint` and `double precision`. */
export interface ColumnTypes {
  int: string;
  float: string;
  text: string;
  blob: string;
  /** After the closing bracket of a table whose rows are found by `id`. */
  table: string;
  /** After the closing bracket of a table where the key is the row. */
  keyTable: string;
}

const COLUMN_TYPES: Record<DialectName, ColumnTypes> = {
  sqlite: {
    int: 'integer',
    float: 'real',
    text: 'text',
    blob: 'blob',
    table: ' strict',
    keyTable: ' strict, without rowid',
  },
  postgres: { int: 'bigint', float: 'double precision', text: 'text', blob: 'bytea', table: '', keyTable: '' },
};

export function columnTypes(name: DialectName): ColumnTypes {
  return COLUMN_TYPES[name];
}

/** Lets migrations be atomic: SQLite can roll DDL back, although Kysely's adapter does not say so. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  /** One handle is only ever used by one transaction at a time, so that no lock around each query is needed. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

type DialectParts = Pick<KyselyDialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'>;

const DIALECT_PARTS: Record<DialectName, DialectParts> = {
  sqlite: {
    createAdapter: () => new TransactionalSqliteAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
  postgres: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
};

/** The parts of a Kysely dialect around a driver of ours. */
export function dialectParts(name: DialectName): DialectParts {
  return DIALECT_PARTS[name];
}

/** Set on every connection. `synchronous=full`: what was acknowledged survives a killed process and a power cut. */
export const SQLITE_CONNECTION_PRAGMAS = [
  'busy_timeout = 10000',
  'synchronous = full',
  'foreign_keys = on',
  'temp_store = memory',
  'cache_size = -32000',
  'journal_size_limit = 67108864',
  // Ingest changes the same index pages slice after slice: fewer checkpoints write each of them less often. 32 MB.
  'wal_autocheckpoint = 8000',
] as const;

/** Set once, before the first table: `auto_vacuum` cannot be changed later without rewriting the file. */
export const SQLITE_CREATION_PRAGMAS = ['auto_vacuum = incremental', 'journal_mode = wal'] as const;

/** PostgreSQL sends these as text; all of ours are below 2^53. 20 = int8, 1700 = numeric (what `sum` of int8 answers). */
export const POSTGRES_NUMBER_TYPES: readonly number[] = [20, 1700];

import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { EngineError } from '../../shared/model/errors.ts';
import type { Log } from '../ports.ts';
import { POSTGRES_NUMBER_TYPES } from './dialect.ts';
import { type AppliedMigration, MIGRATION_TABLE, pendingMigrations } from './migrate.ts';
import type { Tables } from './schema.ts';
import type { Read, Space, Store, Write } from './store.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * All writers of all processes take this lock for their transaction. It keeps the promises that SQLite gives by
 * itself: one writer at a time, and numbers of the change feed that become visible in their order.
 */
const WRITER_LOCK = 7_311_846;
const CONNECTIONS_MAX = 10;
/** Tables that dropping originals makes holes in. */
const SHRINKING = ['original_block', 'original_index', 'kept_original', 'dead_letter'] as const;

function newPool(url: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: 10_000,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        POSTGRES_NUMBER_TYPES.includes(oid) ? Number : pg.types.getTypeParser(oid, format),
    },
  });
  // An idle connection that the server drops must not end the process; the next query opens another.
  pool.on('error', (error) => log.warn({ error: error.message }, 'Lost an idle connection to PostgreSQL'));
  return pool;
}

/** Words for the person for what the server or the network did; a bug is given back as it came. */
function postgresError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof EngineError) return error;
  const code = 'code' in error ? String(error.code) : '';
  const say = (message: string) => Object.assign(new EngineError('unavailable', message), { cause: error });
  if (/^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ECONNRESET|EPIPE)$|^08|^57P/.test(code)) {
    return say('PostgreSQL cannot be reached. Check that the server runs and that the address is right.');
  }
  if (code.startsWith('28'))
    return say('PostgreSQL refused the user or the password. Check the address of the database.');
  if (code === '3D000') return say('PostgreSQL has no database of that name. Make it first, or check the address.');
  if (code.startsWith('53'))
    return say(
      'The disk or the memory of the PostgreSQL server is full. Everything saved before is safe. Make room there and try again; nothing has to be started anew.',
    );
  return error;
}

async function migrate(db: Kysely<Tables>, log: Log, nowMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(WRITER_LOCK)})`.execute(tx);
    const known = await sql<{ t: string | null }>`select to_regclass('schema_migration')::text as t`.execute(tx);
    const applied =
      known.rows[0]?.t == null
        ? []
        : (await sql<AppliedMigration>`select name, checksum from schema_migration`.execute(tx)).rows;
    const pending = pendingMigrations(applied, 'postgres');
    if (pending.length === 0) return;
    await sql.raw(MIGRATION_TABLE).execute(tx);
    for (const step of pending) {
      for (const statement of step.statements) await sql.raw(statement).execute(tx);
      const at = new Date(nowMs).toISOString();
      await sql`insert into schema_migration (name, checksum, applied_at) values (${step.name}, ${step.checksum}, ${at})`.execute(
        tx,
      );
      log.info({ step: step.name }, 'Brought the tables of the database up to date');
    }
  });
}

function rethrow(error: unknown): never {
  throw postgresError(error);
}

class PostgresStore implements Store {
  readonly dialect = 'postgres';
  readonly #db: Kysely<Tables>;
  readonly #readOnly: boolean;
  readonly #queue = new WorkQueue();

  constructor(db: Kysely<Tables>, readOnly: boolean) {
    this.#db = db;
    this.#readOnly = readOnly;
  }

  async read<T>(work: (db: Read) => Promise<T>): Promise<T> {
    try {
      return await this.#db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((tx) => work(asRead(tx)));
    } catch (error) {
      throw postgresError(error);
    }
  }

  write<T>(work: (tx: Write) => Promise<T>): Promise<T> {
    if (this.#readOnly) throw new Error('This store was opened for reading');
    return this.#queue.run(async () => {
      try {
        return await this.#db.transaction().execute(async (tx) => {
          await sql`select pg_advisory_xact_lock(${sql.lit(WRITER_LOCK)})`.execute(tx);
          return work(asWrite(tx));
        });
      } catch (error) {
        throw postgresError(error);
      }
    });
  }

  async space(): Promise<Space> {
    const { rows } = await sql<{ bytes: number }>`select pg_database_size(current_database()) as bytes`.execute(
      this.#db,
    );
    return { bytes: rows[0]?.bytes ?? 0, freeBytes: null };
  }

  /** Makes the room of what was deleted usable again at once; the server would do the same a little later by itself. */
  async giveBack(): Promise<number> {
    const before = await this.space();
    for (const table of SHRINKING) await sql`vacuum ${sql.table(table)}`.execute(this.#db).catch(rethrow);
    return Math.max(0, before.bytes - (await this.space()).bytes);
  }

  /** The server writes its journal away by itself. */
  async settle(): Promise<void> {}

  async close(): Promise<void> {
    await this.#queue.run(async () => {});
    await this.#db.destroy();
  }
}

// The two brands of Read and Write exist only for the type checker; a handle gets them here and nowhere else.
const asRead = (tx: Transaction<Tables>) => tx as unknown as Read;
const asWrite = (tx: Transaction<Tables>) => tx as unknown as Write;

/** Connects, brings the tables up to date, and answers a store. Throws EngineError as openSqliteStore does. */
export async function openPostgresStore(url: string, log: Log, readOnly: boolean, nowMs: number): Promise<Store> {
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: newPool(url, log) }) });
  try {
    if (!readOnly) await migrate(db, log, nowMs);
    return new PostgresStore(db, readOnly);
  } catch (error) {
    await db.destroy();
    throw postgresError(error);
  }
}

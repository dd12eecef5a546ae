import { accessSync, closeSync, constants, existsSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { EngineError } from '../../shared/model/errors.ts';
import type { Log } from '../ports.ts';
import { SQLITE_CONNECTION_PRAGMAS, SQLITE_CREATION_PRAGMAS } from './dialect.ts';
import { assertSqliteNotNewer, migrateSqlite } from './migrate-sqlite.ts';
import type { Tables } from './schema.ts';
import { StatementCache, sqliteDialect } from './sqlite-driver.ts';
import { sqliteError } from './sqlite-errors.ts';
import { giveBackPages, settleJournal, spaceOf } from './sqlite-space.ts';
import type { Read, Space, Store, Write } from './store.ts';
import { WorkQueue } from './work-queue.ts';

/** More readers than this at once wait for one to finish; each holds a handle with its page cache. */
const READERS_MAX = 8;

/** Prepared statements on the handle of an open write transaction, for the hot path of ingest. */
export interface SqliteHandle {
  statements: StatementCache;
}

const handles = new WeakMap<object, SqliteHandle>();

/** The SQLite handle behind a write transaction; undefined on PostgreSQL. */
export function sqliteHandle(tx: Write): SqliteHandle | undefined {
  return handles.get(tx);
}

interface Reader {
  db: Database.Database;
  kysely: Read;
}

function describePath(path: string, readOnly: boolean): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    throw new EngineError(
      'invalid_input',
      `${path} is a folder. Name the file of the workspace, or a data folder with --data.`,
    );
  }
  if (stats === undefined && readOnly) throw new EngineError('not_found', `There is no workspace at ${path}.`);
  if (stats === undefined && !existsSync(dirname(path))) {
    throw new EngineError('not_found', `The folder ${dirname(path)} does not exist. Make it first.`);
  }
  try {
    if (stats !== undefined) accessSync(path, readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
    else closeSync(openSync(path, 'a', 0o600));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOSPC') throw sqliteError(Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' }));
    throw new EngineError(
      'unavailable',
      `${path} may not be ${readOnly ? 'read' : 'written'} (${code}). Check its permissions.`,
    );
  }
}

function openHandle(path: string, readonly: boolean): Database.Database {
  const db = new Database(path, { readonly });
  try {
    for (const pragma of SQLITE_CONNECTION_PRAGMAS) db.pragma(pragma);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

function newReader(path: string): Reader {
  const db = openHandle(path, true);
  // The two brands of Read and Write exist only for the type checker; a handle gets them here and nowhere else.
  return { db, kysely: new Kysely<Tables>({ dialect: sqliteDialect(db, new StatementCache(db)) }) as unknown as Read };
}

/** Hands out read-only handles; each serves one consistent view at a time and never waits for the writer. */
class ReaderPool {
  readonly #path: string;
  readonly #idle: Reader[] = [];
  readonly #waiting: ((reader: Reader) => void)[] = [];
  readonly #all: Reader[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  async #take(): Promise<Reader> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length >= READERS_MAX) return new Promise((resolve) => this.#waiting.push(resolve));
    const reader = newReader(this.#path);
    this.#all.push(reader);
    return reader;
  }

  #giveBack(reader: Reader): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(reader);
    else this.#idle.push(reader);
  }

  async read<T>(work: (db: Read) => Promise<T>): Promise<T> {
    const reader = await this.#take();
    try {
      reader.db.exec('begin');
      return await work(reader.kysely);
    } catch (error) {
      throw sqliteError(error);
    } finally {
      if (reader.db.inTransaction) reader.db.exec('rollback');
      this.#giveBack(reader);
    }
  }

  async space(): Promise<Space> {
    const reader = await this.#take();
    try {
      return spaceOf(reader.db);
    } finally {
      this.#giveBack(reader);
    }
  }

  close(): void {
    for (const reader of this.#all) reader.db.close();
  }
}

class SqliteStore implements Store {
  readonly dialect = 'sqlite';
  readonly #writer: Database.Database | null;
  readonly #tx: Write | null;
  readonly #readers: ReaderPool;
  readonly #queue = new WorkQueue();

  constructor(path: string, writer: Database.Database | null) {
    this.#writer = writer;
    this.#readers = new ReaderPool(path);
    this.#tx = null;
    if (writer !== null) {
      const statements = new StatementCache(writer);
      this.#tx = new Kysely<Tables>({ dialect: sqliteDialect(writer, statements) }) as unknown as Write;
      handles.set(this.#tx, { statements });
    }
  }

  read<T>(work: (db: Read) => Promise<T>): Promise<T> {
    return this.#readers.read(work);
  }

  write<T>(work: (tx: Write) => Promise<T>): Promise<T> {
    const [writer, tx] = [this.#writer, this.#tx];
    if (writer === null || tx === null) throw new Error('This store was opened for reading');
    return this.#queue.run(async () => {
      try {
        writer.exec('begin immediate');
        const result = await work(tx);
        writer.exec('commit');
        return result;
      } catch (error) {
        // SQLite rolls back by itself after some errors, such as a full disk.
        if (writer.inTransaction) writer.exec('rollback');
        throw sqliteError(error);
      }
    });
  }

  space(): Promise<Space> {
    return this.#readers.space();
  }

  giveBack(): Promise<number> {
    return this.#onWriter(giveBackPages);
  }

  async settle(): Promise<void> {
    await this.#onWriter(settleJournal);
  }

  #onWriter<T>(work: (writer: Database.Database) => T): Promise<T> {
    const writer = this.#writer;
    if (writer === null) throw new Error('This store was opened for reading');
    return this.#queue.run(async () => {
      try {
        return work(writer);
      } catch (error) {
        throw sqliteError(error);
      }
    });
  }

  async close(): Promise<void> {
    await this.#queue.run(async () => {});
    this.#readers.close();
    this.#writer?.close();
  }
}

/**
 * Opens the workspace file, makes it when it does not exist, and brings its tables up to date.
 * Throws EngineError: `unavailable` for what the disk or its permissions forbid, `unsupported` for a file of a newer program.
 */
export async function openSqliteStore(
  path: string,
  log: Log,
  readOnly: boolean,
  nowMs: number,
  isRemade = false,
): Promise<Store> {
  describePath(path, readOnly);
  try {
    assertSqliteNotNewer(path);
    if (readOnly) return new SqliteStore(path, null);
    const writer = openHandle(path, false);
    try {
      for (const pragma of SQLITE_CREATION_PRAGMAS) writer.pragma(pragma);
      if (isRemade) writer.pragma('synchronous = off');
      await migrateSqlite(writer, path, log, nowMs);
    } catch (error) {
      writer.close();
      throw error;
    }
    return new SqliteStore(path, writer);
  } catch (error) {
    throw sqliteError(error);
  }
}

import type Database from 'better-sqlite3';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { dialectParts } from './dialect.ts';
import { sqliteError } from './sqlite-errors.ts';

/** Statements kept prepared for each handle. Queries built from filters have many shapes, so the oldest are dropped. */
const STATEMENTS_KEPT = 400;

/** Prepared statements by their text, the least recently used dropped first. */
export class StatementCache {
  readonly #db: Database.Database;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(db: Database.Database) {
    this.#db = db;
  }

  get(sql: string): Database.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      if (this.#statements.size >= STATEMENTS_KEPT) {
        const oldest = this.#statements.keys().next();
        if (!oldest.done) this.#statements.delete(oldest.value);
      }
    } else {
      this.#statements.delete(sql);
    }
    this.#statements.set(sql, statement);
    return statement;
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #db: Database.Database;
  readonly #statements: StatementCache;

  constructor(db: Database.Database, statements: StatementCache) {
    this.#db = db;
    this.#statements = statements;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // A handle that somebody kept after its transaction would otherwise write outside any.
    if (!this.#db.inTransaction) throw new Error('A query ran after its transaction had ended');
    try {
      const statement = this.#statements.get(query.sql);
      if (statement.reader) return { rows: statement.all(...query.parameters) as R[] };
      const { changes, lastInsertRowid } = statement.run(...query.parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw sqliteError(error);
    }
  }

  // biome-ignore lint/correctness/useYield: streaming is refused, pages are read instead
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Read pages instead of streams');
  }
}

/** A Kysely dialect over one open handle. Transactions are begun and ended by the store, not through Kysely. */
export function sqliteDialect(db: Database.Database, statements: StatementCache): Dialect {
  const connection = new SqliteConnection(db, statements);
  const refuse = async () => {
    throw new Error('Transactions are made by store.read and store.write');
  };
  const driver: Driver = {
    init: async () => {},
    acquireConnection: async () => connection,
    releaseConnection: async () => {},
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    destroy: async () => {},
  };
  return { ...dialectParts('sqlite'), createDriver: () => driver };
}

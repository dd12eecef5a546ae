import { closeSync, openSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Log } from '../../ports.ts';
import { sqliteError } from '../sqlite-errors.ts';
import type { Store } from '../store.ts';
import type { Search, SearchTextOf } from './search.ts';
import { type SearchTerm, searchTerms, WORD_MARKS } from './tokens.ts';
import { type IndexedUpTo, newest, readUnindexed, type SearchDocument } from './unindexed.ts';

/** Raised when the words of a document change: an index of another version is made again. */
const VERSION = 1;

const SCHEMA = `
  create table state (name text primary key, value integer not null) strict, without rowid;
  create table document (id integer primary key, group_id integer not null, digest integer not null) strict;
  create unique index document_by_text on document (group_id, digest);
  create virtual table words using fts5(
    body, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2 tokenchars '${WORD_MARKS}'");
  insert into state (name, value) values ('alert', 0), ('revision', 0);`;

const TABLES = ['words', 'document', 'state'];

/** Makes the tables anew in one transaction; whoever else has the file open sees the old ones or the new ones. */
function makeTables(db: Database.Database): void {
  db.transaction(() => {
    for (const table of TABLES) db.exec(`drop table if exists ${table}`);
    db.exec(SCHEMA);
    db.pragma(`user_version = ${VERSION}`);
  }).immediate();
}

function open(path: string): Database.Database {
  // It holds words of alerts: for its owner only, whatever the folder allows, as SQLite then does with the files beside it.
  closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path);
  try {
    db.pragma('busy_timeout = 10000');
    db.pragma('journal_mode = wal');
    // What is lost is indexed again.
    db.pragma('synchronous = normal');
    if (db.pragma('user_version', { simple: true }) !== VERSION) makeTables(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function isDamaged(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code);
}

function isFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_FULL';
}

/** Opens the index; a damaged file is thrown away and begun anew. */
function openOrRebuild(path: string, log: Log): Database.Database {
  try {
    return open(path);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    log.warn({ path, error: String(error) }, 'The search index is damaged and is made again');
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    return open(path);
  }
}

/** Every word stands in quotes, so that nothing typed is syntax. */
function matchOf(terms: readonly SearchTerm[]): string {
  return terms.map(({ words, isPrefix }) => `"${words.join(' ')}"${isPrefix ? '*' : ''}`).join(' AND ');
}

class SqliteSearch implements Search {
  readonly #store: Store;
  readonly #textOf: SearchTextOf;
  readonly #db: Database.Database;

  constructor(store: Store, textOf: SearchTextOf, db: Database.Database) {
    this.#store = store;
    this.#textOf = textOf;
    this.#db = db;
  }

  async query(text: string, { limit }: { limit: number }): Promise<number[]> {
    const terms = searchTerms(text);
    if (terms.length === 0) return [];
    const found = this.#db.prepare<[string], { group_id: number }>(
      `select d.group_id from words join document d on d.id = words.rowid
       where words match ? order by words.rowid desc`,
    );
    const groups = new Set<number>();
    for (const { group_id } of found.iterate(matchOf(terms))) {
      groups.add(group_id);
      if (groups.size >= limit) break;
    }
    return [...groups];
  }

  #upTo(): IndexedUpTo {
    const rows = this.#db.prepare<[], { name: string; value: number }>('select name, value from state').all();
    const value = (name: string) => rows.find((row) => row.name === name)?.value ?? 0;
    return { alertId: value('alert'), revisionSeq: value('revision') };
  }

  async lag(): Promise<number> {
    const last = await this.#store.read(newest);
    const done = this.#upTo();
    return Math.max(0, last.alertId - done.alertId) + Math.max(0, last.revisionSeq - done.revisionSeq);
  }

  async catchUp(limit: number): Promise<number> {
    const done = this.#upTo();
    const { documents, alerts, upTo } = await this.#store.read((db) => readUnindexed(db, done, limit, this.#textOf));
    if (alerts > 0) this.#add(documents, upTo);
    return alerts;
  }

  #add(documents: readonly SearchDocument[], upTo: IndexedUpTo): void {
    const note = this.#db.prepare('insert into document (group_id, digest) values (?, ?) on conflict do nothing');
    const index = this.#db.prepare('insert into words (rowid, body) values (?, ?)');
    const state = this.#db.prepare('update state set value = ? where name = ?');
    const add = this.#db.transaction(() => {
      for (const { groupId, digest, words } of documents) {
        const { changes, lastInsertRowid } = note.run(groupId, digest);
        if (changes === 1) index.run(lastInsertRowid, words.join(' '));
      }
      state.run(upTo.alertId, 'alert');
      state.run(upTo.revisionSeq, 'revision');
    });
    try {
      add();
    } catch (error) {
      // Of a full disk alone: what else is wrong with this file is not wrong with the workspace.
      throw isFull(error) ? sqliteError(error) : error;
    }
  }

  async close(): Promise<void> {
    this.#db.close();
  }
}

/** The index beside the workspace file. Deleting it while closed costs nothing but the time to fill it again. */
export async function openSqliteSearch(path: string, store: Store, textOf: SearchTextOf, log: Log): Promise<Search> {
  const db = openOrRebuild(path, log);
  const last = await store.read(newest);
  const row = db.prepare<[], { value: number }>("select value from state where name = 'alert'").get();
  // It was filled from another workspace.
  if ((row?.value ?? 0) > last.alertId) makeTables(db);
  return new SqliteSearch(store, textOf, db);
}

import { sql } from 'kysely';
import type { Store, Write } from '../store.ts';
import type { Search, SearchTextOf } from './search.ts';
import { type SearchTerm, searchTerms } from './tokens.ts';
import { type IndexedUpTo, newest, readUnindexed, type SearchDocument } from './unindexed.ts';

/** Positions beyond this are not kept by PostgreSQL; a word there is still found, only not inside quotes. */
const POSITION_MAX = 16_383;
const ROWS_AT_ONCE = 200;

const SCHEMA = [
  'create table if not exists search_state (name text primary key, value bigint not null)',
  `create table if not exists search_document (
    id bigint generated always as identity primary key, group_id bigint not null, digest bigint not null,
    words tsvector not null, unique (group_id, digest))`,
  'create index if not exists search_document_by_word on search_document using gin (words)',
  `insert into search_state (name, value) values ('alert', 0), ('revision', 0) on conflict do nothing`,
];

const quoted = (word: string): string => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** Words with their places as the text of a tsvector: our own words, not those of PostgreSQL's parser. */
function vectorOf(words: readonly string[]): string {
  return words.map((word, i) => `${quoted(word)}:${Math.min(i + 1, POSITION_MAX)}`).join(' ');
}

function queryOf(terms: readonly SearchTerm[]): string {
  return terms
    .map(({ words, isPrefix }) => {
      const last = words.length - 1;
      return `(${words.map((word, i) => quoted(word) + (isPrefix && i === last ? ':*' : '')).join(' <-> ')})`;
    })
    .join(' & ');
}

class PostgresSearch implements Search {
  readonly #store: Store;
  readonly #textOf: SearchTextOf;

  constructor(store: Store, textOf: SearchTextOf) {
    this.#store = store;
    this.#textOf = textOf;
  }

  async query(text: string, { limit }: { limit: number }): Promise<number[]> {
    const terms = searchTerms(text);
    if (terms.length === 0) return [];
    const query = sql<{ group_id: number }>`
      select group_id from search_document where words @@ ${queryOf(terms)}::tsquery
      group by group_id order by max(id) desc limit ${limit}`;
    const { rows } = await this.#store.read((db) => query.execute(db as unknown as Write));
    return rows.map((row) => row.group_id);
  }

  async #upTo(): Promise<IndexedUpTo> {
    const query = sql<{ name: string; value: number }>`select name, value from search_state`;
    const { rows } = await this.#store.read((db) => query.execute(db as unknown as Write));
    const value = (name: string) => rows.find((row) => row.name === name)?.value ?? 0;
    return { alertId: value('alert'), revisionSeq: value('revision') };
  }

  async lag(): Promise<number> {
    const done = await this.#upTo();
    const last = await this.#store.read(newest);
    return Math.max(0, last.alertId - done.alertId) + Math.max(0, last.revisionSeq - done.revisionSeq);
  }

  async catchUp(limit: number): Promise<number> {
    const done = await this.#upTo();
    const { documents, alerts, upTo } = await this.#store.read((db) => readUnindexed(db, done, limit, this.#textOf));
    if (alerts > 0) await this.#store.write((tx) => this.#add(tx, documents, upTo));
    return alerts;
  }

  async #add(tx: Write, documents: readonly SearchDocument[], upTo: IndexedUpTo): Promise<void> {
    const fresh = [...new Map(documents.map((doc) => [`${doc.groupId} ${doc.digest}`, doc])).values()];
    for (let from = 0; from < fresh.length; from += ROWS_AT_ONCE) {
      const part = fresh.slice(from, from + ROWS_AT_ONCE);
      const rows = part.map(
        (doc) => sql`(${doc.groupId}::bigint, ${doc.digest}::bigint, ${vectorOf(doc.words)}::tsvector)`,
      );
      await sql`insert into search_document (group_id, digest, words) values ${sql.join(rows)} on conflict do nothing`.execute(
        tx,
      );
    }
    await sql`update search_state set value = ${upTo.alertId} where name = 'alert'`.execute(tx);
    await sql`update search_state set value = ${upTo.revisionSeq} where name = 'revision'`.execute(tx);
  }

  async close(): Promise<void> {}
}

/** The index in tables of its own, made here because all of it can be made again. */
export async function openPostgresSearch(store: Store, textOf: SearchTextOf): Promise<Search> {
  await store.write(async (tx) => {
    for (const statement of SCHEMA) await sql.raw(statement).execute(tx);
  });
  return new PostgresSearch(store, textOf);
}

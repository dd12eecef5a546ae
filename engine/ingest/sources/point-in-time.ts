import { EngineError } from '../../../shared/model/errors.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { type Hit, hitsOf } from './hit-slices.ts';
import { isPointLost, objectOf, refuse, type SearchDialect } from './search-dialect.ts';
import { AnswerTooLarge, type SearchServer, type ServerAnswer, TryLater } from './search-server.ts';

/** What is asked for. */
export interface Search {
  index: string;
  timestampField: string;
  query: Json;
  /** Documents from this time on; null takes all that have a time. */
  fromMs: number | null;
}

export interface Page {
  hits: Hit[];
  /** Documents that are too large to be taken: without their content. */
  tooLarge: Hit[];
  /** How many match, counted up to 10,000; null when the server did not say. */
  total: number | null;
}

/** The server has forgotten the point in time. */
export class PointLost extends Error {}

const KEEP_ALIVE = '2m';
const PAGE_SIZE = 1_000;
/** An answer that is larger is asked for again in smaller pages; a document alone may be this large at most. */
const PAGE_BYTES = 16 * 1024 * 1024;
const SMALL_BYTES = 1024 * 1024;

/** One point in time, read page by page from the oldest document on. */
export class PointInTime {
  readonly #server: SearchServer;
  readonly #dialect: SearchDialect;
  readonly #search: Search;
  #id: string;
  /** Sort values of the last document, as they came. */
  #after: string | null = null;
  #size = PAGE_SIZE;
  #isAtEnd = false;

  private constructor(server: SearchServer, dialect: SearchDialect, search: Search, id: string) {
    this.#server = server;
    this.#dialect = dialect;
    this.#search = search;
    this.#id = id;
  }

  static async open(server: SearchServer, dialect: SearchDialect, search: Search): Promise<PointInTime> {
    const path = dialect.openPath(encodeURIComponent(search.index));
    const answer = await server.call('POST', path, null, SMALL_BYTES);
    refuse(answer, server, search.index);
    const id = objectOf(answer.body)?.[dialect.idField];
    if (typeof id !== 'string') {
      throw new EngineError(
        'unsupported',
        `${server.name} gives no point in time. It is too old, or something between.`,
      );
    }
    return new PointInTime(server, dialect, search, id);
  }

  /** The next page; null after the last. Throws PointLost, TryLater and EngineError. */
  async next(): Promise<Page | null> {
    if (this.#isAtEnd) return null;
    for (;;) {
      try {
        return this.#take(await this.#ask(this.#size, true), this.#size);
      } catch (error) {
        if (!(error instanceof AnswerTooLarge)) throw error;
        if (this.#size === 1) return this.#passOver();
        this.#size = Math.max(1, this.#size >> 2);
      }
    }
  }

  async #passOver(): Promise<Page> {
    const page = this.#take(await this.#ask(1, false), 1);
    this.#size = PAGE_SIZE;
    return { hits: [], tooLarge: page?.hits ?? [], total: page?.total ?? null };
  }

  #take({ hits, total }: Omit<Page, 'tooLarge'>, size: number): Page | null {
    this.#after = hits.at(-1)?.sort ?? this.#after;
    this.#isAtEnd = hits.length < size;
    // After a page of large documents the next ones are taken to be usual again.
    if (hits.length === size) this.#size = Math.min(PAGE_SIZE, this.#size * 2);
    return hits.length === 0 ? null : { hits, tooLarge: [], total };
  }

  async #ask(size: number, withSource: boolean): Promise<Omit<Page, 'tooLarge'>> {
    const path = '/_search?allow_partial_search_results=false';
    const answer = await this.#server.call('POST', path, this.#body(size, withSource), PAGE_BYTES);
    if (isPointLost(answer)) throw new PointLost();
    refuse(answer, this.#server, this.#search.index);
    return this.#read(answer);
  }

  #read({ body }: ServerAnswer): Omit<Page, 'tooLarge'> {
    const said = objectOf(body);
    const hits = said === null ? null : hitsOf(body);
    if (said === null || hits === null) throw new TryLater(`${this.#server.name} gave an answer that is none.`);
    const { _shards: shards, timed_out: isCut, pit_id: newer, hits: outer } = said as JsonObject;
    const failed = typeof shards === 'object' && shards !== null && 'failed' in shards ? Number(shards.failed) : 0;
    // Going on from half an answer would pass over the other half for good.
    if (isCut === true || failed > 0) throw new TryLater(`A part of ${this.#search.index} could not be searched.`);
    if (typeof newer === 'string') this.#id = newer;
    const total = typeof outer === 'object' && outer !== null && 'total' in outer ? outer.total : undefined;
    const value = typeof total === 'object' && total !== null && 'value' in total ? total.value : total;
    return { hits, total: typeof value === 'number' ? value : null };
  }

  /** Put together by hand: sort values go back digit by digit as they came. */
  #body(size: number, withSource: boolean): string {
    const { timestampField, query, fromMs } = this.#search;
    const time: Json =
      fromMs === null
        ? { exists: { field: timestampField } }
        : { range: { [timestampField]: { gte: fromMs, format: 'epoch_millis' } } };
    const body = JSON.stringify({
      size,
      query: { bool: { filter: [query, time] } },
      sort: [{ [timestampField]: { order: 'asc' } }, ...this.#dialect.tiebreak],
      pit: { id: this.#id, keep_alive: KEEP_ALIVE },
      _source: withSource,
    });
    return this.#after === null ? body : `${body.slice(0, -1)},"search_after":${this.#after}}`;
  }

  /** Gives it back to the server, which else keeps it for two minutes. Never throws. */
  async close(): Promise<void> {
    const { closePath, closeBody } = this.#dialect;
    await this.#server.leave('DELETE', closePath, closeBody(this.#id));
  }
}

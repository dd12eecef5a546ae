import { hash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from '../../../shared/model/errors.ts';
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import type { SettingsOf } from '../../../shared/model/source.ts';
import { packFrames } from '../delivery.ts';
import { recogniseFormat } from '../formats/index.ts';
import type { RecordFault } from '../records/raw-record.ts';
import { deliverUntilStored, SourceStopped } from './deliver-until-stored.ts';
import { type Hit, recordOfHit } from './hit-slices.ts';
import type { RunningSource, SourceContext } from './live-source.ts';
import { type Page, PointInTime, PointLost } from './point-in-time.ts';
import { checkField, dialectOf, type SearchDialect } from './search-dialect.ts';
import { SearchServer, TryLater } from './search-server.ts';

/**
 * What was indexed late is found when it is at most this much older than the newest that was seen: an index shows a
 * document after its refresh, and agents hold back what they could not send.
 */
const OVERLAP_MS = 5 * 60_000;
/** Documents of the overlap that are remembered, so that they are not read into the pipeline again and again. */
const SEEN_MAX = 50_000;
const PACK_BYTES = 2 * 1024 * 1024;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** So often it goes on at once where nothing but the point in time was lost. */
const AT_ONCE = 3;
const CURSOR = 'search';
/** Formats that know their records by the envelope of a hit. */
const READ_HITS: ReadonlySet<string> = new Set(['elastic', 'wazuh']);

const cursorSchema = z.object({
  throughMs: z.number(),
  /** What was asked for: how far one index was read says nothing of another. */
  of: z.string(),
  /** Counts deliveries: documents that come late leave the time as it is, and a cursor tells whether they were stored. */
  turn: z.number(),
});

/**
 * Asks Elasticsearch or OpenSearch at intervals for what is new: each time in a point in time, oldest first, page after
 * page. How far it came is stored with the alerts. Throws EngineError for what a person must mend.
 */
export async function startElasticsearch(context: SourceContext<'elasticsearch'>): Promise<RunningSource> {
  const { index, timestampField, query } = context.source.settings;
  const poller = new Poller(context, parseQuery(query));
  try {
    const server = await SearchServer.open(context);
    const dialect = await dialectOf(server);
    await checkField(server, index, timestampField);
    const done = poller.run(server, dialect);
    return { stop: () => done };
  } catch (error) {
    if (error instanceof TryLater) throw new EngineError('unavailable', error.message);
    throw error;
  }
}

/** A digest of what decides which documents are meant. */
function askedFor({ url, index, query, timestampField }: SettingsOf<'elasticsearch'>): string {
  return hash('sha1', JSON.stringify([url, index, query, timestampField]), 'base64');
}

/** The query alone, or the body of a search with a query in it. */
function parseQuery(text: string): Json {
  if (text.trim() === '') return { match_all: {} };
  try {
    const parsed: unknown = JSON.parse(text);
    if (!isJsonObject(parsed)) throw new Error('It is no object.');
    return 'query' in parsed && parsed.query !== undefined ? parsed.query : parsed;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new EngineError('invalid_input', `The query is no JSON object: ${said}`);
  }
}

class Poller {
  readonly #context: SourceContext<'elasticsearch'>;
  readonly #query: Json;
  readonly #of: string;
  /** Up to which time everything was seen; null before the first. */
  #throughMs: number | null;
  #turn: number;
  /** Time of each document of the overlap, by a digest of its record. */
  readonly #seen = new Map<string, number>();

  constructor(context: SourceContext<'elasticsearch'>, query: Json) {
    this.#context = context;
    this.#query = query;
    const kept = cursorSchema.safeParse(context.cursors.get(CURSOR));
    this.#turn = kept.success ? kept.data.turn : 0;
    this.#of = askedFor(context.source.settings);
    this.#throughMs = kept.success && kept.data.of === this.#of ? kept.data.throughMs : null;
  }

  /** Until the source stops. Waits between two polls, and longer where the server asks for it or does not answer. */
  async run(server: SearchServer, dialect: SearchDialect): Promise<void> {
    const { signal, source, problem, random, log } = this.#context;
    let failures = 0;
    const onPage = () => {
      failures = 0;
    };
    while (!signal.aborted) {
      let waitMs = source.settings.everySeconds * 1_000;
      try {
        await this.#poll(server, dialect, onPage);
        failures = 0;
        problem(null);
      } catch (error) {
        if (signal.aborted || error instanceof SourceStopped) return;
        failures += 1;
        waitMs = backOffMs(failures, error instanceof TryLater ? error.waitMs : null, random.bytes(1)[0] ?? 0);
        const isPassing = error instanceof TryLater;
        // One cut connection is no news; what lasts, and what a person must mend, is.
        if (!isPassing || failures > 1) problem(sentenceOf(error));
        if (!isPassing && !(error instanceof EngineError)) {
          log.error({ source: source.id, error: String(error) }, 'A search index could not be polled');
        }
      }
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  async #poll(server: SearchServer, dialect: SearchDialect, onPage: () => void): Promise<void> {
    const { clock, source } = this.#context;
    const { index, timestampField } = source.settings;
    const startedAtMs = clock.nowMs();
    const fromMs = this.#throughMs === null ? null : this.#throughMs - OVERLAP_MS;
    const point = await PointInTime.open(server, dialect, { index, timestampField, query: this.#query, fromMs });
    try {
      let waiting: number | null = null;
      for (let page = await point.next(); page !== null; page = await point.next()) {
        waiting = (waiting ?? page.total ?? 0) - page.hits.length - page.tooLarge.length;
        await this.#deliver(page, startedAtMs);
        onPage();
        this.#context.show({ behind: Math.max(0, waiting) });
      }
      this.#context.show({ behind: 0 });
      this.#forget();
    } catch (error) {
      // What was read is stored and its cursor with it: the next poll goes on from there.
      if (error instanceof PointLost) throw new TryLater(`${server.name} gave up the search, and is asked again.`, 0);
      throw error;
    } finally {
      await point.close();
    }
  }

  async #deliver({ hits, tooLarge }: Page, startedAtMs: number): Promise<void> {
    const fresh: { record: Buffer; atMs: number; key: string }[] = [];
    for (const hit of hits) {
      const record = this.#recordOf(hit);
      const key = hash('sha1', record, 'base64');
      if (!this.#seen.has(key)) fresh.push({ record, atMs: timeOf(hit), key });
    }
    const lastMs = [...hits, ...tooLarge].reduce((last, hit) => Math.max(last, timeOf(hit)), Number.NEGATIVE_INFINITY);
    let from = 0;
    while (from < fresh.length || tooLarge.length > 0) {
      let bytes = 0;
      let to = from;
      while (to < fresh.length && (to === from || bytes + (fresh[to]?.record.length ?? 0) <= PACK_BYTES)) {
        bytes += fresh[to]?.record.length ?? 0;
        to += 1;
      }
      const pack = fresh.slice(from, to);
      const isLast = to === fresh.length;
      const throughMs = isLast ? lastMs : (pack.at(-1)?.atMs ?? lastMs);
      const faults = isLast ? tooLarge.splice(0).map(faultOf) : [];
      await this.#store(pack, faults, Math.min(throughMs, startedAtMs));
      from = to;
    }
  }

  /** As the format wants it: with the envelope, which says of what product it is, or the document alone. */
  #recordOf(hit: Hit): Buffer {
    const { format } = this.#context.source;
    const whole = recordOfHit(hit);
    if (format !== 'auto') return READ_HITS.has(format) ? whole : (hit.source ?? whole);
    const parsed: unknown = JSON.parse(whole.toString());
    return isJsonObject(parsed) && recogniseFormat(parsed) !== null ? whole : (hit.source ?? whole);
  }

  /** A time that lies in the future is no reason to pass over what comes until then. */
  async #store(
    pack: readonly { record: Buffer; atMs: number; key: string }[],
    faults: readonly RecordFault[],
    uncheckedMs: number,
  ): Promise<void> {
    const known = this.#throughMs ?? 0;
    const throughMs = Number.isFinite(uncheckedMs) ? Math.max(uncheckedMs, known) : known;
    this.#turn += 1;
    await deliverUntilStored(this.#context, {
      records: { ...packFrames(pack.map(({ record }) => record)), faults },
      cursors: [{ name: CURSOR, position: { throughMs, of: this.#of, turn: this.#turn } }],
      dropped: 0,
    });
    this.#throughMs = throughMs;
    for (const { key, atMs } of pack) this.#seen.set(key, atMs);
  }

  /** What the next poll does not ask for again; and what is too much to remember, which the store then tells apart. */
  #forget(): void {
    const beforeMs = (this.#throughMs ?? 0) - OVERLAP_MS;
    for (const [key, atMs] of this.#seen) if (atMs < beforeMs) this.#seen.delete(key);
    for (const key of this.#seen.keys()) {
      if (this.#seen.size <= SEEN_MAX) break;
      this.#seen.delete(key);
    }
  }
}

/** Milliseconds from the first sort value: dates sort by milliseconds, dates with nanoseconds by those. */
function timeOf({ sort }: Pick<Hit, 'sort'>): number {
  const [first]: unknown[] = JSON.parse(sort);
  const value = Number(first);
  const NANOS_FROM = 1e14;
  return Math.abs(value) > NANOS_FROM ? Math.floor(value / 1e6) : value;
}

function faultOf({ index, id }: Hit): RecordFault {
  const text = JSON.stringify({ _index: index, _id: id });
  const message = 'This document is larger than 16 MiB and was not taken. Look at it where it lies.';
  return { kind: 'fault', reason: 'too_long', message, line: 1, column: null, text, bytes: text.length };
}

/** Twice as long after each failure, up to a minute, and no shorter than the server asked for; a fifth is left to chance. */
function backOffMs(failures: number, askedMs: number | null, chance: number): number {
  const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, failures - 1));
  if (askedMs === 0 && failures <= AT_ONCE) return 0;
  return Math.max(askedMs ?? 0, doubled) * (1 + (chance / 255) * 0.2);
}

function sentenceOf(error: unknown): string {
  if (error instanceof EngineError || error instanceof TryLater) return error.message;
  return 'It could not be asked, and the log says why. It is tried again.';
}

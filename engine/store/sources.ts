import { sql } from 'kysely';
import type { DeadLetter, IngestReport } from '../../shared/model/ingest.ts';
import { freeLetterRoom } from './letter-room.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export interface FormatTotal {
  format: string;
  counts: { read: number; stored: number; updated: number; duplicates: number; rejected: number; skipped: number };
  lastAtMs: number | null;
}

/** What came in by format since the beginning, from the kept counts. */
export async function formatTotals(db: Read): Promise<FormatTotal[]> {
  const rows = await db.selectFrom('format_count').selectAll().orderBy('format').execute();
  return rows.map(({ format, last_at_ms, ...counts }) => ({ format, counts, lastAtMs: last_at_ms }));
}

export interface IngestRun {
  id: number;
  origin: string;
  startedAtMs: number;
  report: IngestReport;
}

/** The last runs, newest first. */
export async function recentRuns(db: Read, limit: number): Promise<IngestRun[]> {
  const rows = await db.selectFrom('ingest_run').selectAll().orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    origin: row.origin,
    startedAtMs: row.started_at_ms,
    report: JSON.parse(row.report_json) as IngestReport,
  }));
}

/** Which dead letters; null does not narrow. */
export interface DeadLetterFilter {
  origin: string | null;
  reason: DeadLetter['reason'] | null;
  /** Part of the text or of the message, in any case. */
  text: string | null;
  /** Only those of which a mapping may make something, and that were read for the last time before this. */
  mappedAfterMs?: number | null;
}

export const EVERY_DEAD_LETTER: DeadLetterFilter = { origin: null, reason: null, text: null };

/** What another mapping can change: broken text stays broken. */
const MAPPABLE: readonly DeadLetter['reason'][] = ['unknown_format', 'invalid_record'];

function lettersMatching(db: Read, { origin, reason, text, mappedAfterMs = null }: DeadLetterFilter) {
  let query = db.selectFrom('dead_letter');
  if (mappedAfterMs !== null) {
    query = query
      .where('reason', 'in', MAPPABLE)
      .where((eb) => eb(eb.fn.coalesce('tried_at_ms', 'at_ms'), '<', mappedAfterMs));
  }
  if (origin !== null) query = query.where('origin', '=', origin);
  if (reason !== null) query = query.where('reason', '=', reason);
  if (text !== null) {
    const like = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where(
      sql<boolean>`(lower(text) like ${like} escape '\\' or lower(message) like ${like} escape '\\')`,
    );
  }
  return query;
}

export async function countDeadLetters(db: Read, filter: DeadLetterFilter = EVERY_DEAD_LETTER): Promise<number> {
  const row = await lettersMatching(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** How many there are by where they came from and why. */
export async function deadLetterCounts(
  db: Read,
): Promise<{ origin: string; reason: DeadLetter['reason']; count: number }[]> {
  const rows = await db
    .selectFrom('dead_letter')
    .select((eb) => ['origin', 'reason', eb.fn.countAll<number>().as('n')])
    .groupBy(['origin', 'reason'])
    .orderBy('origin')
    .orderBy('reason')
    .execute();
  return rows.map(({ origin, reason, n }) => ({ origin, reason: reason as DeadLetter['reason'], count: Number(n) }));
}

/** What could not be read, newest first, below an id. */
export async function deadLettersBelow(
  db: Read,
  filter: DeadLetterFilter,
  belowId: number | null,
  limit: number,
): Promise<DeadLetter[]> {
  let query = lettersMatching(db, filter).selectAll();
  if (belowId !== null) query = query.where('id', '<', belowId);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map(letterOf);
}

/** Letters that a person chose: by their ids, or everything that matches a filter. */
export interface ChosenLetters {
  ids: readonly number[] | null;
  filter: DeadLetterFilter;
}

/** Where a slice of chosen letters begins and where the last one ends: what comes in meanwhile was not chosen. */
export interface LetterSpan {
  afterId: number;
  upToId: number;
}

/** The next of the chosen letters, oldest first. */
export async function chosenLetters(
  db: Read,
  { ids, filter }: ChosenLetters,
  { afterId, upToId }: LetterSpan,
  limit: number,
): Promise<DeadLetter[]> {
  if (ids !== null && ids.length === 0) return [];
  let query = ids === null ? lettersMatching(db, filter) : db.selectFrom('dead_letter').where('id', 'in', ids);
  query = query.where('id', '>', afterId).where('id', '<=', upToId);
  const rows = await query.selectAll().orderBy('id').limit(limit).execute();
  return rows.map(letterOf);
}

/** Zero when there are no letters. */
export async function newestLetterId(db: Read): Promise<number> {
  const row = await db.selectFrom('dead_letter').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

export async function deleteLetters(tx: Write, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  const gone = await tx.deleteFrom('dead_letter').where('id', 'in', ids).returning(['origin', 'bytes']).execute();
  await freeLetterRoom(tx, gone);
}

/** Keeps that letters were read again in vain, and why they stay now. */
export async function keepTried(
  tx: Write,
  tried: readonly { id: number; reason: DeadLetter['reason']; message: string }[],
  nowMs: number,
): Promise<void> {
  for (const { id, reason, message } of tried) {
    await tx.updateTable('dead_letter').set({ tried_at_ms: nowMs, reason, message }).where('id', '=', id).execute();
  }
}

/** The site that records of this origin get: that of the source of this name, else of the one place known by it. */
export async function siteOfOrigin(db: Read, origin: string): Promise<string | null> {
  const source = await db
    .selectFrom('source')
    .select('site')
    .where('name', '=', origin)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst();
  if (source !== undefined) return source.site;
  const known = await db.selectFrom('origin').select('site').where('name', '=', origin).limit(2).execute();
  return known.length === 1 ? (known[0]?.site ?? null) : null;
}

function letterOf(row: Tables['dead_letter']): DeadLetter {
  return {
    id: row.id,
    atMs: row.at_ms,
    origin: row.origin,
    line: row.line,
    column: row.column_no,
    // Only what the reader names was written.
    reason: row.reason as DeadLetter['reason'],
    message: row.message,
    text: row.text,
    bytes: row.bytes,
  };
}

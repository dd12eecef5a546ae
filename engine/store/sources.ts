import type { DeadLetter, IngestReport } from '../../shared/model/ingest.ts';
import type { Read } from './store.ts';

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

export async function countDeadLetters(db: Read): Promise<number> {
  const row = await db
    .selectFrom('dead_letter')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** What could not be read, newest first, below an id. */
export async function deadLettersBelow(db: Read, belowId: number | null, limit: number): Promise<DeadLetter[]> {
  let query = db.selectFrom('dead_letter').selectAll();
  if (belowId !== null) query = query.where('id', '<', belowId);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at_ms,
    origin: row.origin,
    line: row.line,
    column: row.column_no,
    reason: row.reason as DeadLetter['reason'],
    message: row.message,
    text: row.text,
    bytes: row.bytes,
  }));
}

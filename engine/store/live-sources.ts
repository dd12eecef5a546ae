import { sql } from 'kysely';
import type { IngestReport } from '../../shared/model/ingest.ts';
import type { Json } from '../../shared/model/json.ts';
import type { Source, SourceDraft } from '../../shared/model/source.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

const HOUR_MS = 3_600_000;

function sourceOf(row: Tables['source']): Source {
  return {
    id: row.id,
    name: row.name,
    // Only what the contract had checked was written.
    settings: JSON.parse(row.settings_json) as Source['settings'],
    format: row.format,
    site: row.site,
    isEnabled: row.is_enabled === 1,
    quietAfterMinutes: row.quiet_after_minutes,
    version: row.version,
    createdAtMs: row.created_at_ms,
    tokenHint: row.token_hint,
  };
}

/** Sources that were not removed, by name. */
export async function listSources(db: Read): Promise<Source[]> {
  const rows = await db.selectFrom('source').selectAll().where('removed_at_ms', 'is', null).orderBy('name').execute();
  return rows.map(sourceOf);
}

/** Null for one that was never there or was removed. */
export async function sourceById(db: Read, id: number): Promise<Source | null> {
  const row = await db
    .selectFrom('source')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at_ms', 'is', null)
    .executeTakeFirst();
  return row === undefined ? null : sourceOf(row);
}

/** Digests of tokens by source: SHA-256 in hex. */
export async function tokenDigests(db: Read): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('source')
    .select(['id', 'token_digest'])
    .where('removed_at_ms', 'is', null)
    .where('token_digest', 'is not', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.token_digest ?? '']));
}

function columnsOf(draft: SourceDraft) {
  return {
    name: draft.name,
    kind: draft.settings.kind,
    settings_json: JSON.stringify(draft.settings),
    format: draft.format,
    site: draft.site,
    is_enabled: draft.isEnabled ? 1 : 0,
    quiet_after_minutes: draft.quietAfterMinutes,
  };
}

/** Adds a source and gives its id. */
export async function insertSource(tx: Write, draft: SourceDraft, nowMs: number): Promise<number> {
  const id = await reserveIds(tx, 'source', 1);
  await tx
    .insertInto('source')
    .values({
      id,
      ...columnsOf(draft),
      token_digest: null,
      token_hint: null,
      version: 1,
      created_at_ms: nowMs,
      removed_at_ms: null,
    })
    .execute();
  await tx
    .insertInto('source_health')
    .values({
      source_id: id,
      read: 0,
      stored: 0,
      updated: 0,
      duplicates: 0,
      rejected: 0,
      skipped: 0,
      dropped: 0,
      last_record_at_ms: null,
      last_alert_at_ms: null,
      problem: null,
      problem_at_ms: null,
      silent_since_ms: null,
    })
    .execute();
  return id;
}

export async function updateSource(tx: Write, id: number, draft: SourceDraft): Promise<void> {
  await tx
    .updateTable('source')
    .set((eb) => ({ ...columnsOf(draft), version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export async function setSourceToken(tx: Write, id: number, digest: string | null, hint: string | null): Promise<void> {
  await tx
    .updateTable('source')
    .set((eb) => ({ token_digest: digest, token_hint: hint, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export async function removeSource(tx: Write, id: number, nowMs: number): Promise<void> {
  await tx
    .updateTable('source')
    .set((eb) => ({ removed_at_ms: nowMs, is_enabled: 0, token_digest: null, version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('source_cursor').where('source_id', '=', id).execute();
  await tx.deleteFrom('source_hour').where('source_id', '=', id).execute();
}

/** Where to go on reading; null before the first delivery. */
export async function sourceCursor(db: Read, sourceId: number, name: string): Promise<Json | null> {
  const row = await db
    .selectFrom('source_cursor')
    .select('position_json')
    .where('source_id', '=', sourceId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? null : (JSON.parse(row.position_json) as Json);
}

/** All cursors of a source by name. */
export async function sourceCursors(db: Read, sourceId: number): Promise<Map<string, Json>> {
  const rows = await db
    .selectFrom('source_cursor')
    .select(['name', 'position_json'])
    .where('source_id', '=', sourceId)
    .execute();
  return new Map(rows.map((row) => [row.name, JSON.parse(row.position_json) as Json]));
}

/** Keeps how far a source was read; null forgets the cursor. */
export async function keepCursor(
  tx: Write,
  sourceId: number,
  name: string,
  position: Json | null,
  nowMs: number,
): Promise<void> {
  if (position === null) {
    await tx.deleteFrom('source_cursor').where('source_id', '=', sourceId).where('name', '=', name).execute();
    return;
  }
  const position_json = JSON.stringify(position);
  await tx
    .insertInto('source_cursor')
    .values({ source_id: sourceId, name, position_json, at_ms: nowMs })
    .onConflict((conflict) => conflict.columns(['source_id', 'name']).doUpdateSet({ position_json, at_ms: nowMs }))
    .execute();
}

export type SourceCounts = Pick<IngestReport, 'read' | 'stored' | 'updated' | 'duplicates' | 'rejected' | 'skipped'>;

/** Adds what one delivery came to. `problem` is left as it is when it is undefined. */
export async function countDelivery(
  tx: Write,
  sourceId: number,
  delivered: { counts: SourceCounts; dropped: number; problem: string | null | undefined },
  nowMs: number,
): Promise<void> {
  const { counts, dropped, problem } = delivered;
  const records = counts.read + counts.skipped;
  await tx
    .updateTable('source_health')
    .set((eb) => ({
      read: eb('read', '+', counts.read),
      stored: eb('stored', '+', counts.stored),
      updated: eb('updated', '+', counts.updated),
      duplicates: eb('duplicates', '+', counts.duplicates),
      rejected: eb('rejected', '+', counts.rejected),
      skipped: eb('skipped', '+', counts.skipped),
      dropped: eb('dropped', '+', dropped),
      ...(records > 0 ? { last_record_at_ms: nowMs } : {}),
      ...(counts.stored + counts.updated > 0 ? { last_alert_at_ms: nowMs } : {}),
      ...(problem === undefined ? {} : { problem, problem_at_ms: problem === null ? null : nowMs }),
    }))
    .where('source_id', '=', sourceId)
    .execute();
  if (records === 0) return;
  await tx
    .insertInto('source_hour')
    .values({ source_id: sourceId, hour: Math.floor(nowMs / HOUR_MS), records })
    .onConflict((conflict) =>
      conflict
        .columns(['source_id', 'hour'])
        .doUpdateSet({ records: sql<number>`source_hour.records + excluded.records` }),
    )
    .execute();
}

/** Health of all sources as it is stored, by source. */
export async function sourceHealth(db: Read): Promise<Map<number, Tables['source_health']>> {
  const rows = await db.selectFrom('source_health').selectAll().execute();
  return new Map(rows.map((row) => [row.source_id, row]));
}

/** Records by hour since `fromHour` (hours since the epoch), of one source or of each. */
export async function sourceHours(db: Read, fromHour: number, sourceId?: number): Promise<Tables['source_hour'][]> {
  let query = db.selectFrom('source_hour').selectAll().where('hour', '>=', fromHour);
  if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
  return query.execute();
}

/** Forgets hours before this one, and says how many rows went. */
export async function trimSourceHours(tx: Write, beforeHour: number): Promise<number> {
  const { numDeletedRows } = await tx.deleteFrom('source_hour').where('hour', '<', beforeHour).executeTakeFirst();
  return Number(numDeletedRows);
}

/** Keeps since when a source is silent; null when it is not. */
export async function markSilent(tx: Write, sourceId: number, sinceMs: number | null): Promise<void> {
  await tx.updateTable('source_health').set({ silent_since_ms: sinceMs }).where('source_id', '=', sourceId).execute();
}

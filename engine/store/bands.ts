import type { Band } from '../../shared/model/strain.ts';
import { reserveIds } from './ids.ts';
import type { Read, Write } from './store.ts';

export interface StoredBand {
  personId: string;
  condition: string;
  band: Band;
  /** Since when this band stands, and so since when its owner could see it. */
  sinceMs: number;
  driver: string;
  action: string | null;
}

/** Bands of everybody, or of one person. Never ordered by band. */
export async function storedBands(db: Read, condition: string): Promise<StoredBand[]> {
  const rows = await db.selectFrom('strain_band').selectAll().where('condition', '=', condition).execute();
  return rows.map((row) => ({
    personId: row.person_id,
    condition: row.condition,
    band: row.band as Band,
    sinceMs: row.since_ms,
    driver: row.driver,
    action: row.action,
  }));
}

/** One person's own band of a condition; null when none is kept. */
export async function storedBandOf(db: Read, personId: string, condition: string): Promise<StoredBand | null> {
  return (await storedBands(db, condition)).find((band) => band.personId === personId) ?? null;
}

/** Only the band as it stands is kept: there is no history of a person's bands. */
export async function saveBand(tx: Write, band: StoredBand): Promise<void> {
  const values = { band: band.band, since_ms: band.sinceMs, driver: band.driver, action: band.action };
  await tx
    .insertInto('strain_band')
    .values({ person_id: band.personId, condition: band.condition, ...values })
    .onConflict((conflict) => conflict.columns(['person_id', 'condition']).doUpdateSet(values))
    .execute();
}

/** Drops the bands of everybody else: who is no longer active, or paused their indicators. */
export async function dropBandsExcept(tx: Write, personIds: readonly string[]): Promise<void> {
  let query = tx.deleteFrom('strain_band');
  if (personIds.length > 0) query = query.where('person_id', 'not in', [...personIds]);
  await query.execute();
}

/** Drops everything that is kept of one person's bands. */
export async function dropBandsOf(tx: Write, personId: string): Promise<void> {
  await tx.deleteFrom('strain_band').where('person_id', '=', personId).execute();
}

export interface BandAccess {
  atMs: number;
  viewerName: string;
}

/** Who looked at a person's band, newest first; all of it without a limit. */
export async function bandAccessOf(db: Read, personId: string, limit?: number): Promise<BandAccess[]> {
  const all = db
    .selectFrom('band_access')
    .select(['viewer_name', 'at_ms'])
    .where('person_id', '=', personId)
    .orderBy('id', 'desc');
  const rows = await (limit === undefined ? all : all.limit(limit)).execute();
  return rows.map((row) => ({ atMs: row.at_ms, viewerName: row.viewer_name }));
}

/** People whose band this viewer was already noted to have seen since `sinceMs`. */
export async function lookedAtSince(db: Read, viewerName: string, sinceMs: number): Promise<Set<string>> {
  const rows = await db
    .selectFrom('band_access')
    .select('person_id')
    .distinct()
    .where('viewer_name', '=', viewerName)
    .where('at_ms', '>', sinceMs)
    .execute();
  return new Set(rows.map((row) => row.person_id));
}

/** Notes one look at the bands of several people. */
export async function logBandAccess(
  tx: Write,
  personIds: readonly string[],
  viewerName: string,
  atMs: number,
): Promise<void> {
  if (personIds.length === 0) return;
  const firstId = await reserveIds(tx, 'band_access', personIds.length);
  await tx
    .insertInto('band_access')
    .values(
      personIds.map((personId, index) => ({
        id: firstId + index,
        person_id: personId,
        viewer_name: viewerName,
        at_ms: atMs,
      })),
    )
    .execute();
}

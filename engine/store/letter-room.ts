import { sql } from 'kysely';
import type { LettersLetGo } from '../../shared/model/ingest.ts';
import type { Read, Write } from './store.ts';

/** Of a letter's text, so much is kept. */
const TEXT_MAX_BYTES = 65_536;
/** About what a letter takes beside its text: where it came from, why, and its places in the indexes. */
const OVERHEAD_BYTES = 256;

/** What one letter takes on the disk, in bytes, by the length of its record. */
export function letterBytes(recordBytes: number): number {
  return Math.min(recordBytes, TEXT_MAX_BYTES) + OVERHEAD_BYTES;
}

type Sized = { origin: string; bytes: number };

function byOrigin(letters: readonly Sized[]): Map<string, { letters: number; bytes: number }> {
  const sums = new Map<string, { letters: number; bytes: number }>();
  for (const { origin, bytes } of letters) {
    const sum = sums.get(origin) ?? { letters: 0, bytes: 0 };
    sums.set(origin, { letters: sum.letters + 1, bytes: sum.bytes + letterBytes(bytes) });
  }
  return sums;
}

/** Counts letters that were kept. */
export async function addLetterRoom(tx: Write, kept: readonly Sized[]): Promise<void> {
  for (const [origin, { letters, bytes }] of byOrigin(kept)) {
    await tx
      .insertInto('letter_room')
      .values({ origin, letters, bytes, let_go: 0, let_go_bytes: 0, let_go_at_ms: null, let_go_why: null })
      .onConflict((conflict) =>
        conflict.column('origin').doUpdateSet({
          letters: sql<number>`letter_room.letters + ${letters}`,
          bytes: sql<number>`letter_room.bytes + ${bytes}`,
        }),
      )
      .execute();
  }
}

/** Counts letters that left the list: read, discarded or too old. An origin with nothing to tell is forgotten. */
export async function freeLetterRoom(tx: Write, gone: readonly Sized[]): Promise<void> {
  for (const [origin, { letters, bytes }] of byOrigin(gone)) {
    await tx
      .updateTable('letter_room')
      .set((eb) => ({ letters: eb('letters', '-', letters), bytes: eb('bytes', '-', bytes) }))
      .where('origin', '=', origin)
      .execute();
    await tx
      .deleteFrom('letter_room')
      .where('origin', '=', origin)
      .where('letters', '<=', 0)
      .where('let_go', '=', 0)
      .execute();
  }
}

/** How much the letters may take, in bytes; null sets no limit. */
export interface LetterLimits {
  /** Of all. */
  maxBytes: number | null;
  /** Of one source or file. */
  maxBytesOfSource: number | null;
}

/** Letters of one transaction of upkeep; each may hold 64 KiB of text. */
const SLICE_LETTERS = 200;

/**
 * One slice of keeping the limits: the oldest letters go, first those of the source that takes most above its own limit.
 * They are counted with the reason. Answers how many went; 0 when nothing is above a limit.
 */
export async function letOldestGo(tx: Write, limits: LetterLimits, nowMs: number): Promise<number> {
  const { maxBytes, maxBytesOfSource } = limits;
  if (maxBytesOfSource !== null) {
    const over = await tx
      .selectFrom('letter_room')
      .select(['origin', 'bytes'])
      .where('bytes', '>', maxBytesOfSource)
      .orderBy('bytes', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (over !== undefined) {
      const why = `those of one source or file may take at most ${megabytes(maxBytesOfSource)}`;
      return letGo(tx, { origin: over.origin, bytes: over.bytes - maxBytesOfSource, why }, nowMs);
    }
  }
  if (maxBytes === null) return 0;
  const total = await tx
    .selectFrom('letter_room')
    .select((eb) => eb.fn.sum<number | string | null>('bytes').as('bytes'))
    .executeTakeFirst();
  const bytes = Number(total?.bytes ?? 0) - maxBytes;
  return bytes <= 0
    ? 0
    : letGo(tx, { origin: null, bytes, why: `all of them may take at most ${megabytes(maxBytes)}` }, nowMs);
}

/** Lets the oldest go until about so many bytes are free, at most one slice. */
async function letGo(
  tx: Write,
  { origin, bytes, why }: { origin: string | null; bytes: number; why: string },
  nowMs: number,
): Promise<number> {
  let oldest = tx.selectFrom('dead_letter').select(['id', 'origin', 'bytes']);
  if (origin !== null) oldest = oldest.where('origin', '=', origin);
  const rows = await oldest.orderBy('id').limit(SLICE_LETTERS).execute();
  let freed = 0;
  const going = rows.filter((row) => {
    const goes = freed < bytes;
    if (goes) freed += letterBytes(row.bytes);
    return goes;
  });
  const ids = going.map(({ id }) => id);
  if (ids.length > 0) await tx.deleteFrom('dead_letter').where('id', 'in', ids).execute();
  for (const [name, gone] of byOrigin(going)) {
    await tx
      .updateTable('letter_room')
      .set((eb) => ({
        letters: eb('letters', '-', gone.letters),
        bytes: eb('bytes', '-', gone.bytes),
        let_go: eb('let_go', '+', gone.letters),
        let_go_bytes: eb('let_go_bytes', '+', gone.bytes),
        let_go_at_ms: nowMs,
        let_go_why: why,
      }))
      .where('origin', '=', name)
      .execute();
  }
  return going.length;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`;
}

/** Forgets what was let go before `beforeMs` of origins that have no letters any more. */
export async function forgetLetGo(tx: Write, beforeMs: number): Promise<void> {
  await tx.deleteFrom('letter_room').where('letters', '<=', 0).where('let_go_at_ms', '<', beforeMs).execute();
}

/** What all letters take now. */
export async function letterTotals(db: Read): Promise<{ letters: number; bytes: number; letGo: number }> {
  const row = await db
    .selectFrom('letter_room')
    .select((eb) => [
      eb.fn.sum<number | string | null>('letters').as('letters'),
      eb.fn.sum<number | string | null>('bytes').as('bytes'),
      eb.fn.sum<number | string | null>('let_go').as('letGo'),
    ])
    .executeTakeFirstOrThrow();
  return { letters: Number(row.letters ?? 0), bytes: Number(row.bytes ?? 0), letGo: Number(row.letGo ?? 0) };
}

/** By origin, how many letters were let go for room, when last, and why. */
export async function lettersLetGo(db: Read): Promise<Map<string, LettersLetGo>> {
  const rows = await db.selectFrom('letter_room').selectAll().where('let_go', '>', 0).orderBy('origin').execute();
  return new Map(
    rows.map((row) => [row.origin, { letters: row.let_go, atMs: row.let_go_at_ms ?? 0, why: row.let_go_why ?? '' }]),
  );
}

import { sql } from 'kysely';
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

export interface LetGo {
  letters: number;
  atMs: number;
  why: string;
}

/** By origin, how many letters were let go for room, when last, and why. */
export async function lettersLetGo(db: Read): Promise<Map<string, LetGo>> {
  const rows = await db.selectFrom('letter_room').selectAll().where('let_go', '>', 0).execute();
  return new Map(
    rows.map((row) => [row.origin, { letters: row.let_go, atMs: row.let_go_at_ms ?? 0, why: row.let_go_why ?? '' }]),
  );
}

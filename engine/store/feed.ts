import type { ChangeKind } from '../handlers.ts';
import { reserveIds } from './ids.ts';
import type { Read, Write } from './store.ts';

/** What one transaction changed. The id range is of groups, null when it touched none. */
export interface Change {
  kinds: readonly ChangeKind[];
  firstId: number | null;
  lastId: number | null;
  atMs: number;
}

export interface ChangeRow {
  seq: number;
  kinds: ChangeKind[];
  firstId: number | null;
  lastId: number | null;
}

export type ChangesSince = { kind: 'rows'; rows: ChangeRow[]; seq: number } | { kind: 'resync'; seq: number };

/** Appends the one row of this transaction and gives its number. */
export async function appendChange(tx: Write, change: Change): Promise<number> {
  const seq = await reserveIds(tx, 'change_feed', 1);
  await tx
    .insertInto('change_feed')
    .values({
      seq,
      at_ms: change.atMs,
      kinds_json: JSON.stringify([...new Set(change.kinds)]),
      first_id: change.firstId,
      last_id: change.lastId,
    })
    .execute();
  return seq;
}

/**
 * Drops what was written before `beforeMs`, and every row with a smaller number: one that was written while the clock
 * was ahead would otherwise stand alone, with a gap behind it that a reader takes for the next change.
 */
export async function trimFeed(tx: Write, beforeMs: number): Promise<void> {
  const newest = await tx
    .selectFrom('change_feed')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('at_ms', '<', beforeMs)
    .executeTakeFirst();
  if (newest?.seq == null) return;
  await tx.deleteFrom('change_feed').where('seq', '<=', newest.seq).execute();
}

/** Number of the newest change that this reader can see; 0 before the first. */
export async function newestSeq(db: Read): Promise<number> {
  const row = await db.selectFrom('counter').select('next').where('name', '=', 'change_feed').executeTakeFirst();
  return row === undefined ? 0 : row.next - 1;
}

/**
 * Changes after `seq`, oldest first. `resync` when some of them were dropped already, or when `seq` is of another
 * workspace. The writer takes a lock around its transaction, so that numbers become visible in their order and
 * nothing below the newest visible one can still appear.
 */
export async function changesSince(db: Read, seq: number, limit: number): Promise<ChangesSince> {
  const newest = await newestSeq(db);
  if (seq === newest) return { kind: 'rows', rows: [], seq };
  if (seq > newest || seq < 0) return { kind: 'resync', seq: newest };
  const rows = await db
    .selectFrom('change_feed')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const [first] = rows;
  if (first === undefined || first.seq !== seq + 1) return { kind: 'resync', seq: newest };
  return {
    kind: 'rows',
    rows: rows.map((row) => ({
      seq: row.seq,
      kinds: JSON.parse(row.kinds_json) as ChangeKind[],
      firstId: row.first_id,
      lastId: row.last_id,
    })),
    seq: rows.at(-1)?.seq ?? seq,
  };
}

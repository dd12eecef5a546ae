import { writeAlertList } from './alert-list.ts';
import { decodeBlock, decodeRecord, type EncodedBlock } from './block-codec.ts';
import { insertRows } from './bulk.ts';
import type { Read, Write } from './store.ts';

/** Where one original record lies. */
export interface OriginalPlace {
  blockId: number;
  slot: number;
}

export interface NewBlock extends EncodedBlock {
  id: number;
  /** Days since 1970-01-01 of the records' event time. */
  day: number;
  severity: number;
  /** Days since 1970-01-01 on which it was stored. Retention counts from here. */
  storedDay: number;
  /** The alert of each record, in their order. */
  alertIds: readonly number[];
}

export async function insertBlocks(tx: Write, blocks: readonly NewBlock[]): Promise<void> {
  await insertRows(
    tx,
    'original_block',
    blocks.map((block) => ({
      id: block.id,
      day: block.day,
      severity: block.severity,
      records: block.records,
      raw_bytes: block.rawBytes,
      body: block.body,
    })),
  );
  await insertRows(
    tx,
    'original_index',
    blocks.map((block) => ({
      block_id: block.id,
      day: block.day,
      severity: block.severity,
      stored_day: block.storedDay,
      records: block.records,
      raw_bytes: block.rawBytes,
      stored_bytes: block.body.byteLength,
      alerts: writeAlertList(block.alertIds),
      holder: null,
      looked_day: null,
    })),
  );
}

/**
 * The exact bytes of the records at `places`, in their order; null where the storage policy dropped them.
 * Each block is read and unpacked once, however many of its records are asked for. A block may be merged with others
 * at any time: a place holds within the transaction that it was read in, and no longer.
 */
export async function readOriginals(db: Read, places: readonly OriginalPlace[]): Promise<(Uint8Array | null)[]> {
  const ids = [...new Set(places.map(({ blockId }) => blockId))];
  const blocks = new Map<number, readonly (Uint8Array | undefined)[]>();
  for (let from = 0; from < ids.length; from += 100) {
    const some = ids.slice(from, from + 100);
    const rows = await db.selectFrom('original_block').select(['id', 'body']).where('id', 'in', some).execute();
    for (const { id, body } of rows) blocks.set(id, decodeBlock(body));
    const gone = some.filter((id) => !blocks.has(id));
    if (gone.length > 0) await readKept(db, gone, blocks);
  }
  return places.map(({ blockId, slot }) => blocks.get(blockId)?.[slot] ?? null);
}

async function readKept(
  db: Read,
  blockIds: readonly number[],
  blocks: Map<number, readonly (Uint8Array | undefined)[]>,
): Promise<void> {
  const rows = await db
    .selectFrom('kept_original')
    .select(['block_id', 'slot', 'body'])
    .where('block_id', 'in', blockIds)
    .execute();
  for (const { block_id, slot, body } of rows) {
    const records = [...(blocks.get(block_id) ?? [])];
    records[slot] = decodeRecord(body);
    blocks.set(block_id, records);
  }
}

/** One original record; null where the storage policy dropped it. */
export async function readOriginal(db: Read, place: OriginalPlace): Promise<Uint8Array | null> {
  return (await readOriginals(db, [place]))[0] ?? null;
}

/** When the storage policy dropped this block; null when it did not. */
export async function droppedAtMs(db: Read, blockId: number): Promise<number | null> {
  const row = await db.selectFrom('dropped_block').select('at_ms').where('block_id', '=', blockId).executeTakeFirst();
  return row?.at_ms ?? null;
}

import { decodeBlock, type EncodedBlock } from './block-codec.ts';
import { insertRows } from './bulk.ts';
import type { Read, Write } from './store.ts';

/** Where one original record lies. */
export interface OriginalPlace {
  blockId: number;
  slot: number;
}

export interface NewBlock extends EncodedBlock {
  id: number;
  /** Days since 1970-01-01 of the records' event time. Retention drops blocks by it. */
  day: number;
  severity: number;
}

export function insertBlocks(tx: Write, blocks: readonly NewBlock[]): Promise<void> {
  return insertRows(
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
}

/**
 * The exact bytes of the records at `places`, in their order; null where retention dropped the block.
 * Each block is read and unpacked once, however many of its records are asked for.
 */
export async function readOriginals(db: Read, places: readonly OriginalPlace[]): Promise<(Uint8Array | null)[]> {
  const ids = [...new Set(places.map(({ blockId }) => blockId))];
  const blocks = new Map<number, Uint8Array[]>();
  for (let from = 0; from < ids.length; from += 100) {
    const rows = await db
      .selectFrom('original_block')
      .select(['id', 'body'])
      .where('id', 'in', ids.slice(from, from + 100))
      .execute();
    for (const { id, body } of rows) blocks.set(id, decodeBlock(body));
  }
  return places.map(({ blockId, slot }) => blocks.get(blockId)?.[slot] ?? null);
}

/** One original record; null where retention dropped its block. */
export async function readOriginal(db: Read, place: OriginalPlace): Promise<Uint8Array | null> {
  return (await readOriginals(db, [place]))[0] ?? null;
}

import { sql } from 'kysely';
import { BLOCK_RECORDS, decodeBlock, encodeBlock } from './block-codec.ts';
import { updateRows } from './bulk.ts';
import { reserveIds } from './ids.ts';
import { type Owner, ownersOf } from './original-owners.ts';
import { insertBlocks, type NewBlock } from './originals.ts';
import type { Read, Write } from './store.ts';

/** Records and bytes of one slice: about 10 ms of work. */
const SLICE_RECORDS = 128;
const SLICE_BYTES = 1024 * 1024;
const SLICE_BLOCKS = 64;
/** A block is closed when it holds so much, however few records that is. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * Small enough to be merged. The numbers stand in the text, as in the index of the migration: SQLite takes a partial
 * index only for a condition that it can see. A block of large records is not made better by more of them,
 * and one that is held is let go by itself.
 */
export const isSmall = sql<boolean>`(records < 48 and raw_bytes < 262144 and holder is null)`;

/** Blocks that may lie together: one severity, one day of events, and one day of storing, so that they grow old together. */
export interface BlockKind {
  day: number;
  severity: number;
  stored_day: number;
}

/**
 * Kinds with small blocks to merge: those that make a whole block, and of days before today all that are more than one.
 * A day under way is left to fill up, so that a record is moved once or twice and not with every arrival.
 */
export async function mergeableKinds(db: Read, today: number, limit: number): Promise<BlockKind[]> {
  return db
    .selectFrom('original_index')
    .select(['day', 'severity', 'stored_day'])
    .where(isSmall)
    .groupBy(['day', 'severity', 'stored_day'])
    .having((eb) =>
      eb.or([
        eb(eb.fn.sum('records'), '>=', BLOCK_RECORDS),
        eb.and([eb(eb.fn.countAll(), '>', 1), eb('stored_day', '<', today)]),
      ]),
    )
    .orderBy('day')
    .orderBy('severity')
    .orderBy('stored_day')
    .limit(limit)
    .execute();
}

export interface MergeResult {
  merged: number;
  made: number;
  /** True when this kind may have more to merge. */
  hasMore: boolean;
}

interface Moved {
  record: Uint8Array;
  owner: Owner;
}

/**
 * Merges small blocks of one kind into blocks of 64, with everything that points into them, within the one
 * transaction: whoever reads sees all of it or nothing. Whole blocks are made as far as records go; the rest lies in
 * one block that is smaller.
 */
export async function mergeSlice(tx: Write, kind: BlockKind): Promise<MergeResult> {
  const found = await tx
    .selectFrom('original_index')
    .selectAll()
    .where('day', '=', kind.day)
    .where('severity', '=', kind.severity)
    .where('stored_day', '=', kind.stored_day)
    .where(isSmall)
    .orderBy('block_id')
    .limit(SLICE_BLOCKS)
    .execute();
  let [records, bytes] = [0, 0];
  const taken = found.filter((block) => {
    if (records >= SLICE_RECORDS || bytes >= SLICE_BYTES) return false;
    records += block.records;
    bytes += block.raw_bytes;
    return true;
  });
  const owners = await ownersOf(tx, taken);
  const owned = Map.groupBy(owners, ({ blockId }) => blockId);
  // A record that no alert points to is left where it is: nobody could say where it went.
  const blocks = taken.filter((block) => owned.get(block.block_id)?.length === block.records);
  if (blocks.length < 2) return { merged: 0, made: 0, hasMore: false };
  const ids = blocks.map(({ block_id }) => block_id);
  const bodies = await tx.selectFrom('original_block').select(['id', 'body']).where('id', 'in', ids).execute();
  const moved = recordsOf(bodies, owners);
  const made = await writeMoved(tx, kind, moved);
  await tx.deleteFrom('original_block').where('id', 'in', ids).execute();
  await tx.deleteFrom('original_index').where('block_id', 'in', ids).execute();
  const hasMore = taken.length < found.length || found.length === SLICE_BLOCKS;
  return { merged: blocks.length, made, hasMore };
}

function recordsOf(bodies: readonly { id: number; body: Uint8Array }[], owners: readonly Owner[]): Moved[] {
  const ownerAt = new Map(owners.map((owner) => [`${owner.blockId}:${owner.slot}`, owner]));
  return bodies
    .toSorted((a, b) => a.id - b.id)
    .flatMap(({ id, body }) =>
      decodeBlock(body).map((record, slot): Moved => {
        const owner = ownerAt.get(`${id}:${slot}`);
        if (owner === undefined) throw new Error(`Nothing points to the original ${slot} of block ${id}`);
        return { record, owner };
      }),
    );
}

function cut(moved: readonly Moved[]): Moved[][] {
  const blocks: Moved[][] = [];
  let bytes = 0;
  for (const item of moved) {
    const last = blocks.at(-1);
    if (last === undefined || last.length === BLOCK_RECORDS || bytes >= BLOCK_BYTES) {
      blocks.push([item]);
      bytes = item.record.byteLength;
    } else {
      last.push(item);
      bytes += item.record.byteLength;
    }
  }
  return blocks;
}

async function writeMoved(tx: Write, kind: BlockKind, moved: readonly Moved[]): Promise<number> {
  const parts = cut(moved);
  const firstId = await reserveIds(tx, 'original_block', parts.length);
  const blocks = parts.map(
    (part, i): NewBlock => ({
      ...encodeBlock(part.map(({ record }) => record)),
      id: firstId + i,
      day: kind.day,
      severity: kind.severity,
      storedDay: kind.stored_day,
      alertIds: part.map(({ owner }) => owner.alertId),
    }),
  );
  await insertBlocks(tx, blocks);
  const places = parts.flatMap((part, i) => part.map(({ owner }, slot) => ({ ...owner, blockId: firstId + i, slot })));
  const now = places.filter(({ revision }) => revision === null);
  await updateRows(
    tx,
    'alert',
    ['id'],
    ['block_id', 'slot'],
    now.map(({ alertId, blockId, slot }) => ({ id: alertId, block_id: blockId, slot })),
  );
  const earlier = places.flatMap(({ alertId, revision, blockId, slot }) =>
    revision === null ? [] : [{ alert_id: alertId, revision, block_id: blockId, slot }],
  );
  await updateRows(tx, 'alert_revision', ['alert_id', 'revision'], ['block_id', 'slot'], earlier);
  return blocks.length;
}

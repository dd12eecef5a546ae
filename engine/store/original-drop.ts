import { sql } from 'kysely';
import type { Holder } from '../../shared/model/storage.ts';
import { decodeBlock, encodeRecord } from './block-codec.ts';
import { insertRows } from './bulk.ts';
import { type Owner, ownersOf } from './original-owners.ts';
import { heldAlerts } from './original-references.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** Blocks of one slice: about 10 ms of work. */
const SLICE_BLOCKS = 16;
/** Where more than this share of a block is referred to, copying it would take more room than the block does. */
const WHOLE_ABOVE = 0.25;
/** What held a block may have ended after so many days. */
const LOOK_AGAIN_DAYS = 7;
const SLICE_KEPT = 200;

export interface DropRequest {
  /** As the store keeps it: the rank. */
  severity: number;
  /** Days since 1970-01-01: blocks stored on it or before go. */
  throughDay: number;
  today: number;
  nowMs: number;
}

export interface DropResult {
  /** Blocks that were looked at; fewer than a slice when there are no more. */
  looked: number;
  isLast: boolean;
  droppedBlocks: number;
  droppedRecords: number;
  droppedBytes: number;
  keptOriginals: number;
  heldBlocks: number;
}

/** Blocks that were found to be held some days ago at most. Days after today are of a clock that was wrong. */
export const isHeldNow = (today: number) =>
  sql<boolean>`(holder is not null and looked_day > ${today - LOOK_AGAIN_DAYS} and looked_day <= ${today})`;

type IndexRow = Tables['original_index'];

/** One slice of dropping: what is referred to is copied out of its block first, or keeps the block whole. */
export async function dropSlice(tx: Write, request: DropRequest): Promise<DropResult> {
  const { severity, throughDay, today, nowMs } = request;
  const blocks = await tx
    .selectFrom('original_index')
    .selectAll()
    .where('severity', '=', severity)
    .where('stored_day', '<=', throughDay)
    .where((eb) => eb.not(isHeldNow(today)))
    .orderBy('stored_day')
    .orderBy('block_id')
    .limit(SLICE_BLOCKS)
    .execute();
  const owners = await ownersOf(tx, blocks);
  const held = await heldAlerts(
    tx,
    owners.map(({ alertId, groupId }) => ({ id: alertId, group_id: groupId })),
  );
  const byBlock = Map.groupBy(owners, ({ blockId }) => blockId);
  const going: IndexRow[] = [];
  const copied: { block: IndexRow; owners: Owner[] }[] = [];
  const whole = new Map<Holder, number[]>();
  for (const block of blocks) {
    const inIt = byBlock.get(block.block_id) ?? [];
    const referred = inIt.filter(({ alertId }) => held.has(alertId));
    const isClear = inIt.length >= block.records;
    if (isClear && referred.length <= block.records * WHOLE_ABOVE) {
      going.push(block);
      if (referred.length > 0) copied.push({ block, owners: referred });
      continue;
    }
    const by = isClear ? (held.get(referred[0]?.alertId ?? 0) ?? 'unclear') : 'unclear';
    whole.set(by, [...(whole.get(by) ?? []), block.block_id]);
  }
  for (const [by, ids] of whole) {
    await tx
      .updateTable('original_index')
      .set({ holder: by, looked_day: today })
      .where('block_id', 'in', ids)
      .execute();
  }
  const keptOriginals = await keepCopies(tx, copied, held, nowMs);
  await deleteBlocks(tx, going, nowMs);
  return {
    looked: blocks.length,
    isLast: blocks.length < SLICE_BLOCKS,
    droppedBlocks: going.length,
    droppedRecords: going.reduce((sum, { records }) => sum + records, 0) - keptOriginals,
    droppedBytes: going.reduce((sum, { stored_bytes }) => sum + stored_bytes, 0),
    keptOriginals,
    heldBlocks: blocks.length - going.length,
  };
}

async function keepCopies(
  tx: Write,
  copied: readonly { block: IndexRow; owners: Owner[] }[],
  held: ReadonlyMap<number, Holder>,
  nowMs: number,
): Promise<number> {
  if (copied.length === 0) return 0;
  const ids = copied.map(({ block }) => block.block_id);
  const bodies = await tx.selectFrom('original_block').select(['id', 'body']).where('id', 'in', ids).execute();
  const records = new Map(bodies.map(({ id, body }) => [id, decodeBlock(body)]));
  const rows = copied.flatMap(({ block, owners }) =>
    owners.map(({ alertId, slot }) => {
      const record = records.get(block.block_id)?.[slot];
      if (record === undefined) throw new Error(`The original ${slot} of block ${block.block_id} is not there`);
      return {
        block_id: block.block_id,
        slot,
        alert_id: alertId,
        at_ms: nowMs,
        holder: held.get(alertId) ?? 'unclear',
        raw_bytes: record.byteLength,
        body: encodeRecord(record),
      };
    }),
  );
  await insertRows(tx, 'kept_original', rows);
  return rows.length;
}

async function deleteBlocks(tx: Write, blocks: readonly IndexRow[], nowMs: number): Promise<void> {
  if (blocks.length === 0) return;
  const ids = blocks.map(({ block_id }) => block_id);
  await insertRows(
    tx,
    'dropped_block',
    ids.map((block_id) => ({ block_id, at_ms: nowMs })),
  );
  await tx.deleteFrom('original_block').where('id', 'in', ids).execute();
  await tx.deleteFrom('original_index').where('block_id', 'in', ids).execute();
}

/** A place in the list of kept originals. */
export interface KeptPlace {
  blockId: number;
  slot: number;
}

/**
 * Lets go of kept originals after `after` that nothing refers to any more, a slice at a time. Answers how many went and
 * where to go on; null at the end.
 */
export async function releaseSlice(
  tx: Write,
  after: KeptPlace,
  nowMs: number,
): Promise<{ released: number; bytes: number; next: KeptPlace | null }> {
  const rows = await tx
    .selectFrom('kept_original')
    .select(['block_id', 'slot', 'alert_id', sql<number>`length(body)`.as('bytes')])
    .where((eb) =>
      eb.or([
        eb('block_id', '>', after.blockId),
        eb.and([eb('block_id', '=', after.blockId), eb('slot', '>', after.slot)]),
      ]),
    )
    .orderBy('block_id')
    .orderBy('slot')
    .limit(SLICE_KEPT)
    .execute();
  const ids = [...new Set(rows.map(({ alert_id }) => alert_id))];
  const alerts =
    ids.length === 0 ? [] : await tx.selectFrom('alert').select(['id', 'group_id']).where('id', 'in', ids).execute();
  const held = await heldAlerts(tx, alerts);
  const going = rows.filter(({ alert_id }) => !held.has(alert_id));
  for (const { block_id, slot } of going) {
    await tx.deleteFrom('kept_original').where('block_id', '=', block_id).where('slot', '=', slot).execute();
    await tx.updateTable('dropped_block').set({ at_ms: nowMs }).where('block_id', '=', block_id).execute();
  }
  const last = rows.length < SLICE_KEPT ? undefined : rows.at(-1);
  return {
    released: going.length,
    bytes: going.reduce((sum, { bytes }) => sum + Number(bytes), 0),
    next: last === undefined ? null : { blockId: last.block_id, slot: last.slot },
  };
}

/** Bytes that something refers to: whole blocks that were due, and single originals out of dropped ones. */
export async function heldBytes(db: Read, today: number): Promise<number> {
  const blocks = await db
    .selectFrom('original_index')
    .select((eb) => eb.fn.sum<number | null>('stored_bytes').as('bytes'))
    .where(isHeldNow(today))
    .executeTakeFirstOrThrow();
  const single = await db
    .selectFrom('kept_original')
    .select(sql<number | null>`sum(length(body))`.as('bytes'))
    .executeTakeFirstOrThrow();
  return Number(blocks.bytes ?? 0) + Number(single.bytes ?? 0);
}

import { sql } from 'kysely';
import type { StoredTotal } from '../../shared/domain/retention/due-originals.ts';
import { HOLDERS, type Holder } from '../../shared/model/storage.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import { isSmall } from './original-compaction.ts';
import { isHeldNow } from './original-drop.ts';
import type { Read } from './store.ts';

export type DayTotal = StoredTotal & { rawBytes: number };

/** What lies there by severity and by the day on which it was stored; without what was found to be held lately, when `today` is given. */
export async function storedTotals(db: Read, today: number | null): Promise<DayTotal[]> {
  let query = db
    .selectFrom('original_index')
    .select((eb) => [
      'severity',
      'stored_day',
      eb.fn.countAll<number>().as('blocks'),
      eb.fn.sum<number>('records').as('records'),
      eb.fn.sum<number>('stored_bytes').as('stored'),
      eb.fn.sum<number>('raw_bytes').as('raw'),
    ])
    .groupBy(['severity', 'stored_day']);
  if (today !== null) query = query.where((eb) => eb.not(isHeldNow(today)));
  const rows = await query.execute();
  return rows.map((row) => ({
    severity: severityOfRank(row.severity),
    storedDay: row.stored_day,
    blocks: Number(row.blocks),
    records: Number(row.records),
    storedBytes: Number(row.stored),
    rawBytes: Number(row.raw),
  }));
}

export interface HeldTotal {
  by: Holder;
  blocks: number;
  blockBytes: number;
  originals: number;
  originalBytes: number;
}

/** What is kept beyond its time, by what keeps it. */
export async function heldTotals(db: Read, today: number): Promise<HeldTotal[]> {
  const blocks = await db
    .selectFrom('original_index')
    .select((eb) => ['holder', eb.fn.countAll<number>().as('n'), eb.fn.sum<number>('stored_bytes').as('bytes')])
    .where(isHeldNow(today))
    .groupBy('holder')
    .execute();
  const single = await db
    .selectFrom('kept_original')
    .select((eb) => ['holder', eb.fn.countAll<number>().as('n'), sql<number>`sum(length(body))`.as('bytes')])
    .groupBy('holder')
    .execute();
  return HOLDERS.flatMap((by): HeldTotal[] => {
    const block = blocks.find(({ holder }) => holder === by);
    const original = single.find(({ holder }) => holder === by);
    if (block === undefined && original === undefined) return [];
    return [
      {
        by,
        blocks: Number(block?.n ?? 0),
        blockBytes: Number(block?.bytes ?? 0),
        originals: Number(original?.n ?? 0),
        originalBytes: Number(original?.bytes ?? 0),
      },
    ];
  });
}

/** Blocks that hold few records. */
export async function countSmallBlocks(db: Read): Promise<number> {
  const row = await db
    .selectFrom('original_index')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where(isSmall)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

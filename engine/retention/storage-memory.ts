import { z } from 'zod';
import type { ClockMemory } from '../../shared/domain/retention/trusted-clock.ts';
import { getMeta, setMeta } from '../store/meta.ts';
import type { Read, Write } from '../store/store.ts';

const KEY = 'storage_upkeep';

const memorySchema = z.object({
  clock: z.object({ trustedMs: z.number(), seenMs: z.number(), leaptAtMs: z.number().nullable() }).nullable(),
  lastRun: z.object({ atMs: z.number(), blocks: z.number(), records: z.number(), storedBytes: z.number() }).nullable(),
});

/** What upkeep remembers from one run to the next, whatever process runs it. */
export interface StorageMemory {
  clock: ClockMemory | null;
  lastRun: { atMs: number; blocks: number; records: number; storedBytes: number } | null;
}

export async function recallStorage(db: Read): Promise<StorageMemory> {
  const text = await getMeta(db, KEY);
  return text === null ? { clock: null, lastRun: null } : memorySchema.parse(JSON.parse(text));
}

export function rememberStorage(tx: Write, memory: StorageMemory): Promise<void> {
  return setMeta(tx, KEY, JSON.stringify(memory));
}

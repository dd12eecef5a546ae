import type { StoragePolicy } from '../../shared/model/storage.ts';
import { trimFeed } from './feed.ts';
import { forgetLetGo, freeLetterRoom, letOldestGo } from './letter-room.ts';
import type { Write } from './store.ts';

const DAY_MS = 86_400_000;
/** Rows of one slice; a dead letter may hold 64 KiB of text. */
const SLICE_ROWS = 200;

export interface PurgedRows {
  deadLetters: number;
  runs: number;
  /** True when a further slice may find more. */
  hasMore: boolean;
}

/** One slice of deleting the rows around the alerts that are older or more than the policy keeps, the oldest first. */
export async function purgeStorageRows(
  tx: Write,
  nowMs: number,
  { change_feed, dead_letter, ingest_run }: StoragePolicy['purged'],
): Promise<PurgedRows> {
  await trimFeed(tx, nowMs - change_feed.days * DAY_MS);
  const deadLetters =
    dead_letter.days === null ? 0 : await deleteOldest(tx, 'dead_letter', 'at_ms', nowMs - dead_letter.days * DAY_MS);
  if (dead_letter.days !== null) await forgetLetGo(tx, nowMs - dead_letter.days * DAY_MS);
  const letGo = await letOldestGo(tx, dead_letter, nowMs);
  const runs =
    ingest_run.days === null
      ? 0
      : await deleteOldest(tx, 'ingest_run', 'started_at_ms', nowMs - ingest_run.days * DAY_MS);
  const hasMore = deadLetters === SLICE_ROWS || runs === SLICE_ROWS || letGo > 0;
  return { deadLetters: deadLetters + letGo, runs, hasMore };
}

/** Ids grow with time, so that the first rows are the oldest. Stops at the first one that is young enough. */
async function deleteOldest<T extends 'dead_letter' | 'ingest_run'>(
  tx: Write,
  table: T,
  column: T extends 'dead_letter' ? 'at_ms' : 'started_at_ms',
  beforeMs: number,
): Promise<number> {
  // Both tables have an id and this time; the type checker cannot join the two.
  const rows = (await tx
    .selectFrom(table as 'dead_letter')
    .select(['id', `${column as 'at_ms'} as at_ms`])
    .orderBy('id')
    .limit(SLICE_ROWS)
    .execute()) as { id: number; at_ms: number }[];
  const young = rows.findIndex(({ at_ms }) => at_ms >= beforeMs);
  const old = young < 0 ? rows : rows.slice(0, young);
  const last = old.at(-1);
  if (last === undefined) return 0;
  if (table === 'dead_letter') {
    const gone = await tx.deleteFrom('dead_letter').where('id', '<=', last.id).returning(['origin', 'bytes']).execute();
    await freeLetterRoom(tx, gone);
  } else await tx.deleteFrom('ingest_run').where('id', '<=', last.id).execute();
  return old.length;
}

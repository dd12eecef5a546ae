import { sql } from 'kysely';
import { updateRows } from './bulk.ts';
import { CountDeltas } from './counts.ts';
import { DECIDABLE_COLUMNS, type DecidableRow } from './group-state.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** Open groups after an id, whole: for the sweep of their priorities. */
export function openGroupsAfter(db: Read, id: number, limit: number): Promise<Tables['alert_group'][]> {
  return db
    .selectFrom('alert_group')
    .selectAll()
    .where('is_open', '=', sql.lit(1))
    .where('id', '>', id)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Held groups whose time has come. */
export function heldUntil(db: Read, nowMs: number, limit: number): Promise<DecidableRow[]> {
  return db
    .selectFrom('alert_group')
    .select(DECIDABLE_COLUMNS)
    .where('is_open', '=', sql.lit(1))
    .where('status', '=', 'on_hold')
    .where('hold_until_ms', '<=', nowMs)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Writes priorities computed anew, with the counts that go with them. */
export async function savePriorities(
  tx: Write,
  changed: readonly { before: Tables['alert_group']; after: Tables['alert_group'] }[],
): Promise<void> {
  const counts = new CountDeltas();
  for (const { before, after } of changed) counts.move(before, after, null);
  await updateRows(
    tx,
    'alert_group',
    ['id'],
    ['priority_points', 'priority_level', 'priority_json'],
    changed.map(({ after }) => after),
  );
  await counts.apply(tx);
}

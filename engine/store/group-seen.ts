import { findRows, insertRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type SeenTo = Tables['group_seen_to'];

/** How far what alerts of these groups had said is known. */
export function seenTo(tx: Write, groupIds: readonly number[]): Promise<SeenTo[]> {
  return findRows(
    tx,
    'group_seen_to',
    ['group_id'],
    groupIds.map((group_id) => ({ group_id })),
  );
}

export function saveSeenTo(tx: Write, row: SeenTo): Promise<void> {
  const onConflict =
    'on conflict (group_id) do update set alert_id = excluded.alert_id, value_count = excluded.value_count';
  return insertRows(tx, 'group_seen_to', [row], onConflict);
}

export function findSeen(tx: Write, wanted: readonly Tables['group_seen'][]): Promise<Tables['group_seen'][]> {
  return findRows(tx, 'group_seen', ['group_id', 'digest'], wanted);
}

export function addSeen(tx: Write, rows: readonly Tables['group_seen'][]): Promise<void> {
  return insertRows(tx, 'group_seen', rows, 'on conflict (group_id, digest) do nothing');
}

/** Forgets what these groups had said: their alerts are others now, and it is read again when it is asked for. */
export async function forgetSeen(tx: Write, groupIds: readonly number[]): Promise<void> {
  if (groupIds.length === 0) return;
  await tx.deleteFrom('group_seen').where('group_id', 'in', groupIds).execute();
  await tx.deleteFrom('group_seen_to').where('group_id', 'in', groupIds).execute();
}

/** The newest alert that was ever given an id; 0 before the first. */
export async function newestAlertId(db: Read): Promise<number> {
  const row = await db.selectFrom('counter').select('next').where('name', '=', 'alert').executeTakeFirst();
  return (row?.next ?? 1) - 1;
}

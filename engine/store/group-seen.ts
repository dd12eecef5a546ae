import { findRows, insertRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type Seen = Tables['group_seen'];
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

export function findSeen(tx: Write, wanted: readonly Pick<Seen, 'group_id' | 'digest'>[]): Promise<Seen[]> {
  return findRows(tx, 'group_seen', ['group_id', 'digest'], wanted);
}

/** Keeps what alerts say, each thing with the first alert that says it. */
export function addSeen(tx: Write, rows: readonly Seen[]): Promise<void> {
  const onConflict =
    'on conflict (group_id, digest) do update set alert_id = excluded.alert_id where excluded.alert_id < group_seen.alert_id';
  return insertRows(tx, 'group_seen', rows, onConflict);
}

/** How many things the alerts of a group up to this one named, as far as they were read. */
export async function countSeen(tx: Write, groupId: number, throughAlertId: number): Promise<number> {
  const row = await tx
    .selectFrom('group_seen')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('group_id', '=', groupId)
    .where('alert_id', '<=', throughAlertId)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Whether a group is still there and open. */
export async function isOpenGroup(tx: Write, groupId: number): Promise<boolean> {
  const row = await tx.selectFrom('alert_group').select('is_open').where('id', '=', groupId).executeTakeFirst();
  return row?.is_open === 1;
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

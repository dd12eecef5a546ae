import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

export type AlertRow = Tables['alert'];

export async function alertById(db: Read, id: number): Promise<AlertRow | null> {
  return (await db.selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The group of the newest alert of this format with this stable id; looks at the last few alerts only. */
export async function groupOfStableId(db: Read, format: string, stableId: string): Promise<number | null> {
  const row = await db
    .selectFrom('alert')
    .select('group_id')
    .where('format', '=', format)
    .where('stable_id', '=', stableId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.group_id ?? null;
}

/** Alerts of a group by rising id, after one of them. */
export function alertsOfGroup(db: Read, groupId: number, afterId: number, limit: number): Promise<AlertRow[]> {
  return db
    .selectFrom('alert')
    .selectAll()
    .where('group_id', '=', groupId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Where the content of each revision lies, the first one first; the last is what the alert says now. */
export async function revisionsOf(db: Read, alert: AlertRow): Promise<{ blockId: number; slot: number }[]> {
  const rows = await db
    .selectFrom('alert_revision')
    .select(['block_id', 'slot'])
    .where('alert_id', '=', alert.id)
    .orderBy('revision')
    .execute();
  return [...rows, alert].map((row) => ({ blockId: row.block_id, slot: row.slot }));
}

export async function originName(db: Read, id: number): Promise<string> {
  const row = await db.selectFrom('origin').select('name').where('id', '=', id).executeTakeFirst();
  return row?.name ?? '';
}

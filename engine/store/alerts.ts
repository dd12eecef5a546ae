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

/**
 * Alerts that came into these groups, by rising id, after one of them. Each group is walked by itself and only as far as
 * the page needs: one query over several groups would sort all of their alerts.
 */
export async function alertsOfGroups(
  db: Read,
  homes: readonly number[],
  afterId: number,
  limit: number,
): Promise<AlertRow[]> {
  const ofHome = (home: number) =>
    db
      .selectFrom('alert')
      .selectAll()
      .where('group_id', '=', home)
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(limit);
  const [only] = homes;
  if (homes.length === 1 && only !== undefined) return ofHome(only).execute();
  const ids: number[] = [];
  for (const home of homes) {
    const rows = await ofHome(home).clearSelect().select('id').execute();
    for (const row of rows) ids.push(row.id);
  }
  return alertsById(db, ids.sort((a, b) => a - b).slice(0, limit));
}

/** The newest alerts that came into these groups, by rising id. */
export async function newestAlertsOf(db: Read, homes: readonly number[], limit: number): Promise<{ id: number }[]> {
  const rows: { id: number }[] = [];
  for (const home of homes) {
    const query = db.selectFrom('alert').select('id').where('group_id', '=', home).orderBy('id', 'desc').limit(limit);
    rows.push(...(await query.execute()));
  }
  return rows.sort((a, b) => a.id - b.id).slice(-limit);
}

/** Alerts of these ids, by rising id; those that do not exist are missing. */
export async function alertsById(db: Read, ids: readonly number[]): Promise<AlertRow[]> {
  const rows: AlertRow[] = [];
  for (let from = 0; from < ids.length; from += 500) {
    const some = ids.slice(from, from + 500);
    rows.push(...(await db.selectFrom('alert').selectAll().where('id', 'in', some).orderBy('id').execute()));
  }
  return rows;
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

/** The newest alert that came into any of these groups; null when none did. */
export async function newestAlertRowOf(db: Read, homes: readonly number[]): Promise<AlertRow | null> {
  let newest: AlertRow | null = null;
  for (const home of homes) {
    const row = await db
      .selectFrom('alert')
      .selectAll()
      .where('group_id', '=', home)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined && (newest === null || row.id > newest.id)) newest = row;
  }
  return newest;
}

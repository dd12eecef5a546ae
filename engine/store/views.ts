import type { QueueSort, SavedView } from '../../shared/model/queue.ts';
import { queueFilterSchema } from '../../shared/model/queue.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

function viewOf(row: Tables['saved_view']): SavedView {
  return {
    id: row.id,
    name: row.name,
    // A filter of an earlier version may lack what came later; the schema fills it in.
    filter: queueFilterSchema.parse(JSON.parse(row.filter_json)),
    sort: row.sort as QueueSort,
    isShared: row.is_shared === 1,
    ownerId: row.owner_id,
  };
}

/** One's own views and those that others share, by name. */
export async function viewsFor(db: Read, personId: string): Promise<SavedView[]> {
  const rows = await db
    .selectFrom('saved_view')
    .selectAll()
    .where((eb) => eb.or([eb('owner_id', '=', personId), eb('is_shared', '=', 1)]))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map(viewOf);
}

export async function viewById(db: Read, id: number): Promise<SavedView | null> {
  const row = await db.selectFrom('saved_view').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : viewOf(row);
}

export async function countViewsOf(db: Read, personId: string): Promise<number> {
  const row = await db
    .selectFrom('saved_view')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('owner_id', '=', personId)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Saves a view; one without an id is new and gets one. */
export async function saveView(tx: Write, view: Omit<SavedView, 'id'> & { id: number | null }): Promise<SavedView> {
  const id = view.id ?? (await reserveIds(tx, 'saved_view', 1));
  const columns = {
    name: view.name,
    filter_json: JSON.stringify(view.filter),
    sort: view.sort,
    is_shared: view.isShared ? 1 : 0,
  };
  await tx
    .insertInto('saved_view')
    .values({ id, owner_id: view.ownerId, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
  return { ...view, id };
}

export async function deleteView(tx: Write, id: number): Promise<void> {
  await tx.deleteFrom('saved_view').where('id', '=', id).execute();
}

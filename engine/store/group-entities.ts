import { findRows, insertRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type GroupEntityRow = Tables['group_entity'];

/** Adds counts of entities to what is kept of them. Answers how many entities each group did not have before. */
export async function addEntities(tx: Write, added: readonly GroupEntityRow[]): Promise<Map<number, number>> {
  const found = await findRows(tx, 'group_entity', ['group_id', 'kind', 'value'], added);
  const known = new Map(found.map((row) => [keyOf(row), row]));
  const fresh = new Map<number, number>();
  const rows = added.map((row) => {
    const before = known.get(keyOf(row));
    if (before !== undefined) return mergeEntities(before, row);
    fresh.set(row.group_id, (fresh.get(row.group_id) ?? 0) + 1);
    return row;
  });
  const onConflict =
    'on conflict (group_id, kind, value) do update set count = excluded.count, severity = excluded.severity, first_observed_at_ms = excluded.first_observed_at_ms, last_observed_at_ms = excluded.last_observed_at_ms';
  await insertRows(tx, 'group_entity', rows, onConflict);
  return fresh;
}

/** What is known of one entity of a group, from two parts of the group. */
export function mergeEntities(a: GroupEntityRow, b: GroupEntityRow): GroupEntityRow {
  return {
    ...a,
    count: a.count + b.count,
    severity: Math.max(a.severity, b.severity),
    first_observed_at_ms: Math.min(a.first_observed_at_ms, b.first_observed_at_ms),
    last_observed_at_ms: Math.max(a.last_observed_at_ms, b.last_observed_at_ms),
  };
}

/** Replaces all entities of a group. */
export async function setEntities(tx: Write, groupId: number, rows: readonly GroupEntityRow[]): Promise<void> {
  await tx.deleteFrom('group_entity').where('group_id', '=', groupId).execute();
  await insertRows(
    tx,
    'group_entity',
    rows.map((row) => ({ ...row, group_id: groupId })),
  );
}

export function allEntities(db: Read, groupId: number): Promise<GroupEntityRow[]> {
  return db
    .selectFrom('group_entity')
    .selectAll()
    .where('group_id', '=', groupId)
    .orderBy('kind')
    .orderBy('value')
    .execute();
}

/** After which entity a page goes on: the most severe come first, then those with the most alerts. */
export type EntityPlace = Pick<GroupEntityRow, 'severity' | 'count' | 'kind' | 'value'>;

export function entitiesAfter(
  db: Read,
  groupId: number,
  after: EntityPlace | null,
  limit: number,
): Promise<GroupEntityRow[]> {
  let query = db.selectFrom('group_entity').selectAll().where('group_id', '=', groupId);
  if (after !== null) {
    query = query.where((eb) =>
      eb.or([
        eb('severity', '<', after.severity),
        eb.and([eb('severity', '=', after.severity), eb('count', '<', after.count)]),
        eb.and([eb('severity', '=', after.severity), eb('count', '=', after.count), eb('kind', '>', after.kind)]),
        eb.and([
          eb('severity', '=', after.severity),
          eb('count', '=', after.count),
          eb('kind', '=', after.kind),
          eb('value', '>', after.value),
        ]),
      ]),
    );
  }
  return query
    .orderBy('severity', 'desc')
    .orderBy('count', 'desc')
    .orderBy('kind')
    .orderBy('value')
    .limit(limit)
    .execute();
}

const keyOf = (row: GroupEntityRow): string => `${row.group_id} ${row.kind} ${row.value}`;

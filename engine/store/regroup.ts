import { findRows, insertRows, updateRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

type GroupRow = Tables['alert_group'];

/** Whole groups by id; those that do not exist are missing. */
export async function wholeGroups(tx: Write, ids: readonly number[]): Promise<Map<number, GroupRow>> {
  const rows = await findRows(
    tx,
    'alert_group',
    ['id'],
    ids.map((id) => ({ id })),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export async function saveGroup(tx: Write, row: GroupRow, isNew: boolean): Promise<void> {
  if (isNew) return insertRows(tx, 'alert_group', [row]);
  const columns = Object.keys(row).filter((column) => column !== 'id') as (keyof GroupRow)[];
  await updateRows(tx, 'alert_group', ['id'], columns, [row]);
}

/** What the rows of a group's alerts say of it. */
export type AlertTotals = Pick<
  GroupRow,
  | 'count'
  | 'title'
  | 'severity'
  | 'severity_score'
  | 'first_observed_at_ms'
  | 'last_observed_at_ms'
  | 'first_received_at_ms'
  | 'last_received_at_ms'
>;

/** Totals over the alerts that came into these groups; null when there are none. A severity that was once higher counts. */
export async function alertTotals(db: Read, homes: readonly number[]): Promise<AlertTotals | null> {
  const all = await db
    .selectFrom('alert')
    .select((eb) => [
      eb.fn.countAll<number>().as('count'),
      eb.fn.max('severity').as('severity'),
      eb.fn.max('severity_score').as('severity_score'),
      eb.fn.min('observed_at_ms').as('first_observed_at_ms'),
      eb.fn.max('observed_at_ms').as('last_observed_at_ms'),
      eb.fn.min('received_at_ms').as('first_received_at_ms'),
      eb.fn.max('received_at_ms').as('last_received_at_ms'),
    ])
    .where('group_id', 'in', homes)
    .executeTakeFirstOrThrow();
  if (Number(all.count) === 0) return null;
  const first = await db
    .selectFrom('alert')
    .select('title')
    .where('group_id', 'in', homes)
    .orderBy('observed_at_ms')
    .orderBy('title')
    .limit(1)
    .executeTakeFirstOrThrow();
  const earlier = await db
    .selectFrom('alert_revision as r')
    .innerJoin('alert as a', 'a.id', 'r.alert_id')
    .select((eb) => eb.fn.max('r.severity').as('severity'))
    .where('a.group_id', 'in', homes)
    .where('a.revision', '>', 0)
    .executeTakeFirst();
  return {
    ...all,
    count: Number(all.count),
    title: first.title,
    severity: Math.max(all.severity, earlier?.severity ?? 0),
  };
}

/** An alert, where it lay and where it lies then. */
export type AlertMove = readonly [alertId: number, from: number, to: number];

export async function moveAlerts(tx: Write, moves: readonly AlertMove[]): Promise<void> {
  const rows = moves.map(([id, , group_id]) => ({ id, group_id }));
  await updateRows(tx, 'alert', ['id'], ['group_id'], rows);
}

/** All alerts that came into a group or were moved there. */
export async function alertIdsOf(db: Read, groupId: number): Promise<number[]> {
  const rows = await db.selectFrom('alert').select('id').where('group_id', '=', groupId).orderBy('id').execute();
  return rows.map((row) => row.id);
}

/** Those of the groups that a question between tiers hangs on. */
export async function withQuestions(db: Read, ids: readonly number[]): Promise<number[]> {
  const rows = await db
    .selectFrom('escalation')
    .select('group_id')
    .distinct()
    .where('group_id', 'in', ids)
    .where('status', '!=', 'withdrawn')
    .execute();
  return rows.map((row) => row.group_id);
}

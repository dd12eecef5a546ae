import { sql } from 'kysely';
import type { Holder } from '../../shared/model/storage.ts';
import { livesIn } from './group-links.ts';
import type { Read } from './store.ts';

/** What an original is looked up by, to know whether something refers to it. No list is longer than a few thousand ids. */
export interface ReferredTo {
  alertIds: readonly number[];
  groupIds: readonly number[];
}

interface Reference {
  by: Holder;
  /** Whether `find` answers ids of groups or of alerts. */
  of: 'group' | 'alert';
  find(db: Read, referred: ReferredTo): Promise<{ id: number }[]>;
}

/**
 * Everything that keeps an original from being dropped. Whoever refers to alerts for longer than the storage policy
 * keeps them adds a line here. The first one that holds an original is named as what holds it.
 */
export const REFERENCES: readonly Reference[] = [
  {
    // Nobody has decided about it yet: the original is what they decide by.
    by: 'open_item',
    of: 'group',
    find: (db, { groupIds }) =>
      db.selectFrom('alert_group').select('id').where('id', 'in', groupIds).where('is_open', '=', sql.lit(1)).execute(),
  },
  {
    // Question and answer make no sense without what they are about.
    by: 'escalation',
    of: 'group',
    find: (db, { groupIds }) =>
      db.selectFrom('escalation').select('group_id as id').distinct().where('group_id', 'in', groupIds).execute(),
  },
  {
    // Somebody found it true: it is evidence.
    by: 'true_positive',
    of: 'group',
    find: (db, { groupIds }) =>
      db
        .selectFrom('alert_group')
        .select('id')
        .where('id', 'in', groupIds)
        .where('disposition', '=', 'true_positive')
        .execute(),
  },
  {
    // Somebody is to judge it again, or did: what shows that a rule closes rightly must stay to be looked at.
    by: 'audit',
    of: 'group',
    find: (db, { groupIds }) =>
      db
        .selectFrom('audit_item')
        .select('group_id as id')
        .distinct()
        .where('group_id', 'in', groupIds)
        .where('state', '!=', 'stale')
        .execute(),
  },
];

/** What holds each of these alerts; an alert that nothing refers to is not in it. */
export async function heldAlerts(
  db: Read,
  alerts: readonly { id: number; group_id: number }[],
): Promise<Map<number, Holder>> {
  const held = new Map<number, Holder>();
  if (alerts.length === 0) return held;
  // An alert stays with the group that it came into, wherever that lives now.
  const chains = await livesIn(db, [...new Set(alerts.map(({ group_id }) => group_id))]);
  const referred: ReferredTo = {
    alertIds: [...new Set(alerts.map(({ id }) => id))],
    groupIds: [...new Set([...chains.values()].flat())],
  };
  for (const { by, of, find } of REFERENCES) {
    const found = new Set((await find(db, referred)).map(({ id }) => id));
    if (found.size === 0) continue;
    for (const alert of alerts) {
      const isFound =
        of === 'alert'
          ? found.has(alert.id)
          : (chains.get(alert.group_id) ?? [alert.group_id]).some((groupId) => found.has(groupId));
      if (isFound && !held.has(alert.id)) held.set(alert.id, by);
    }
  }
  return held;
}

import { findRows, insertRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

export type RuleWindow = Tables['rule_window'];
export type RuleWindowKey = Pick<RuleWindow, 'window_start_ms' | 'source_rule_id' | 'site'>;

export function findWindows(tx: Write, keys: readonly RuleWindowKey[]): Promise<RuleWindow[]> {
  return findRows(tx, 'rule_window', ['window_start_ms', 'source_rule_id', 'site'], keys);
}

export function saveWindows(tx: Write, windows: readonly RuleWindow[]): Promise<void> {
  const onConflict =
    'on conflict (window_start_ms, source_rule_id, site) do update set group_count = excluded.group_count, storm_id = excluded.storm_id';
  return insertRows(tx, 'rule_window', windows, onConflict);
}

/** Groups of one rule and window that nobody has looked at yet: as they came in, and no decision names them. */
export async function untouchedGroups(tx: Write, key: RuleWindowKey): Promise<Tables['alert_group'][]> {
  const rows = await tx
    .selectFrom('alert_group')
    .selectAll()
    .where('source_rule_id', '=', key.source_rule_id)
    .where('closed_at_ms', 'is', null)
    .where('window_start_ms', '=', key.window_start_ms)
    .where('site', key.site === '' ? 'is' : '=', key.site === '' ? null : key.site)
    .where('lane', '=', 'queue')
    .where('status', '=', 'new')
    .where('assignee_id', 'is', null)
    .where('not_now_count', '=', 0)
    .where('entity_count', '=', 1)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('decision_subject')
            .select('group_id')
            .whereRef('decision_subject.group_id', '=', 'alert_group.id'),
        ),
      ),
    )
    .orderBy('id')
    .execute();
  return rows;
}

export async function deleteGroups(tx: Write, ids: readonly number[]): Promise<void> {
  for (let at = 0; at < ids.length; at += 500) {
    await tx
      .deleteFrom('alert_group')
      .where('id', 'in', ids.slice(at, at + 500))
      .execute();
  }
}

import { sql } from 'kysely';
import { type AlertRow, alertsById, alertsOfGroups, newestAlertsOf } from './alerts.ts';
import type { Tables } from './schema.ts';
import type { Read } from './store.ts';

/** A rule that acts and closes, and what it closed last: where a true positive would lie in its scope. */
export interface PlantingScope {
  ruleId: string;
  family: string;
  closed: Pick<Tables['alert_group'], 'product' | 'entity_kind' | 'entity_value'>;
}

/** Rules that act, each with its newest closure since a time; one that closed nothing since is left out. */
export async function plantingScopes(db: Read, sinceMs: number): Promise<PlantingScope[]> {
  const rules = await db
    .selectFrom('rule_assurance as a')
    .innerJoin('rule_version as v', (join) =>
      join.onRef('v.rule_id', '=', 'a.rule_id').onRef('v.version', '=', 'a.rule_version'),
    )
    .select(['a.rule_id', 'a.family'])
    .where('v.is_current', '=', 1)
    .where('v.status', 'in', ['provisional', 'certified'])
    .orderBy('a.rule_id')
    .execute();
  const scopes: PlantingScope[] = [];
  for (const { rule_id, family } of rules) {
    const closed = await db
      .selectFrom('alert_group')
      .select(['product', 'entity_kind', 'entity_value'])
      .where('is_open', '=', sql.lit(0))
      .where('closed_by', '=', rule_id)
      .where('closed_at_ms', '>=', sinceMs)
      .orderBy('closed_at_ms', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (closed !== undefined) scopes.push({ ruleId: rule_id, family: family ?? rule_id, closed });
  }
  return scopes;
}

/** Rules in whose scope something was planted since a time, once for each. */
export async function plantedSince(db: Read, sinceMs: number): Promise<string[]> {
  const rows = await db.selectFrom('canary').select('rule_id').where('planted_at_ms', '>=', sinceMs).execute();
  return rows.map((row) => row.rule_id);
}

/** A true positive of the workspace, with its newest alert. */
export interface KnownIncident {
  groupId: number;
  entity: string;
  alert: AlertRow;
}

/**
 * True positives by word of people, of one product and about one kind of thing, as no product puts a host's name where an
 * address belongs; newest first. Planted ones are not among them, and none that was planted in this rule's scope before:
 * a rule must not be tried on what it was narrowed for.
 */
export async function knownIncidents(
  db: Read,
  { ruleId, closed }: Pick<PlantingScope, 'ruleId' | 'closed'>,
  limit: number,
): Promise<KnownIncident[]> {
  const groups = await db
    .selectFrom('alert_group as g')
    .select(['g.id', 'g.entity_value'])
    .where('g.is_open', '=', sql.lit(0))
    .where('g.disposition', '=', 'true_positive')
    .where('g.closed_by_kind', '=', 'person')
    .where('g.product', '=', closed.product)
    .where('g.entity_kind', '=', closed.entity_kind)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('canary as c')
            .select('c.rule_id')
            .where('c.rule_id', '=', ruleId)
            .whereRef('c.from_group_id', '=', 'g.id'),
        ),
      ),
    )
    .orderBy('g.closed_at_ms', 'desc')
    .limit(limit)
    .execute();
  const found: KnownIncident[] = [];
  for (const { id, entity_value } of groups) {
    const [newest] = await newestAlertsOf(db, [id], 1);
    if (newest === undefined) continue;
    const [alert] = await alertsOfGroups(db, [id], newest.id - 1, 1);
    if (alert !== undefined) found.push({ groupId: id, entity: entity_value, alert });
  }
  return found;
}

export async function isCanary(db: Read, product: string, stableId: string): Promise<boolean> {
  const row = await db
    .selectFrom('canary')
    .select('rule_id')
    .where('product', '=', product)
    .where('stable_id', '=', stableId)
    .executeTakeFirst();
  return row !== undefined;
}

/** The name of the source that an alert came from. */
export async function originOf(db: Read, id: number): Promise<Pick<Tables['origin'], 'name' | 'site'> | null> {
  return (await db.selectFrom('origin').select(['name', 'site']).where('id', '=', id).executeTakeFirst()) ?? null;
}

/** The source that the newest alert of a product came from; null when none came in yet. */
export async function usualOrigin(db: Read, product: string): Promise<Pick<Tables['origin'], 'name' | 'site'> | null> {
  const group = await db
    .selectFrom('alert_group')
    .select('id')
    .where('product', '=', product)
    .orderBy('last_received_at_ms', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const [newest] = group === undefined ? [] : await newestAlertsOf(db, [group.id], 1);
  const [alert] = newest === undefined ? [] : await alertsById(db, [newest.id]);
  return alert === undefined ? null : originOf(db, alert.origin_id);
}

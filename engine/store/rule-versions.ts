import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type RuleVersionRow = Tables['rule_version'];

const DAY_MS = 86_400_000;

/** The versions in force, in the order of their ids. */
export async function currentRuleVersions(db: Read): Promise<RuleVersionRow[]> {
  return db
    .selectFrom('rule_version')
    .selectAll()
    .where('is_current', '=', 1)
    .orderBy('rule_id')
    .orderBy('version')
    .execute();
}

/** What the rules in force do, without their texts: for work that looks at all of them again and again. */
export async function actionsInForce(
  db: Read,
): Promise<Pick<RuleVersionRow, 'rule_id' | 'version' | 'status' | 'actions_json'>[]> {
  return db
    .selectFrom('rule_version')
    .select(['rule_id', 'version', 'status', 'actions_json'])
    .where('is_current', '=', 1)
    .orderBy('rule_id')
    .execute();
}

/** Every version of one rule that was ever loaded, the newest first. */
export async function versionsOfRule(db: Read, ruleId: string): Promise<RuleVersionRow[]> {
  return db.selectFrom('rule_version').selectAll().where('rule_id', '=', ruleId).orderBy('version', 'desc').execute();
}

export async function insertRuleVersion(tx: Write, row: RuleVersionRow): Promise<void> {
  await tx.insertInto('rule_version').values(row).execute();
}

/** Makes one version the one in force; null leaves none, and keeps them all. None speaks beside another one then. */
export async function setCurrentVersion(tx: Write, ruleId: string, version: number | null): Promise<void> {
  await tx.updateTable('rule_version').set({ is_current: 0, is_beside: 0 }).where('rule_id', '=', ruleId).execute();
  if (version === null) return;
  await tx
    .updateTable('rule_version')
    .set({ is_current: 1 })
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .execute();
}

/** Alerts that each rule closed on the UTC day of `nowMs`. */
export async function closedOnDay(db: Read, nowMs: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('rule_day')
    .select(['rule_id', 'closed'])
    .where('day', '=', Math.floor(nowMs / DAY_MS))
    .execute();
  return new Map(rows.map((row) => [row.rule_id, row.closed]));
}

import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type CanaryRow = Tables['canary'];

/** Remembers that an alert with this id will be a planted one. */
export async function plantCanary(
  tx: Write,
  canary: Pick<CanaryRow, 'product' | 'stable_id' | 'rule_id' | 'planted_at_ms' | 'from_group_id'>,
): Promise<void> {
  await tx
    .insertInto('canary')
    .values({ ...canary, outcome: null, closing_rule_id: null })
    .onConflict((conflict) => conflict.columns(['product', 'stable_id']).doNothing())
    .execute();
}

export async function settleCanary(
  tx: Write,
  { product, stable_id }: Pick<CanaryRow, 'product' | 'stable_id'>,
  closingRuleId: string | null,
): Promise<void> {
  await tx
    .updateTable('canary')
    .set({ outcome: closingRuleId === null ? 'shown' : 'closed', closing_rule_id: closingRuleId })
    .where('product', '=', product)
    .where('stable_id', '=', stable_id)
    .execute();
}

/** How planted alerts within the scope of each rule fared since a time. */
export async function canaryCounts(
  db: Read,
  sinceMs: number,
): Promise<{ ruleId: string; closingRuleId: string | null; plantedAtMs: number }[]> {
  const rows = await db
    .selectFrom('canary')
    .select(['rule_id', 'closing_rule_id', 'planted_at_ms'])
    .where('outcome', 'is not', null)
    .where('planted_at_ms', '>=', sinceMs)
    .execute();
  return rows.map((row) => ({
    ruleId: row.rule_id,
    closingRuleId: row.closing_rule_id,
    plantedAtMs: row.planted_at_ms,
  }));
}

import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type SuspensionRow = Tables['rule_suspension'];
export type NewSuspension = Pick<
  SuspensionRow,
  'rule_id' | 'rule_version' | 'kind' | 'cause' | 'reason' | 'at_ms' | 'reopens'
>;

/** Rules that may not close now, whatever their files say. */
export async function stoppedRuleIds(db: Read): Promise<Set<string>> {
  const rows = await db.selectFrom('rule_suspension').select('rule_id').where('rearmed_at_ms', 'is', null).execute();
  return new Set(rows.map((row) => row.rule_id));
}

/** What stops each rule that may not close now; of several the newest. */
export async function stoppedRules(db: Read): Promise<Map<string, SuspensionRow>> {
  const rows = await db
    .selectFrom('rule_suspension')
    .selectAll()
    .where('rearmed_at_ms', 'is', null)
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.rule_id, row]));
}

/** The suspension of a rule that no person ended yet; null when it may close. */
export async function standingSuspension(db: Read, ruleId: string): Promise<SuspensionRow | null> {
  const row = await db
    .selectFrom('rule_suspension')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('rearmed_at_ms', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Stops a rule. One bulk id stands for everything that is reopened because of it. */
export async function insertSuspension(tx: Write, suspension: NewSuspension): Promise<SuspensionRow> {
  const id = await reserveIds(tx, 'rule_suspension', 1);
  const row: SuspensionRow = {
    ...suspension,
    id,
    bulk_id: `suspension-${id}`,
    reopened: 0,
    reopen_ended: suspension.reopens === 1 ? 0 : 1,
    rearmed_at_ms: null,
    rearmed_by: null,
    rearm_reason: null,
  };
  await tx.insertInto('rule_suspension').values(row).execute();
  return row;
}

export async function changeSuspension(tx: Write, id: number, change: Partial<SuspensionRow>): Promise<void> {
  await tx.updateTable('rule_suspension').set(change).where('id', '=', id).execute();
}

/** Ends everything that stops a rule. */
export async function endSuspensions(
  tx: Write,
  ruleId: string,
  end: Pick<SuspensionRow, 'rearmed_at_ms' | 'rearmed_by' | 'rearm_reason'>,
): Promise<void> {
  await tx
    .updateTable('rule_suspension')
    .set(end)
    .where('rule_id', '=', ruleId)
    .where('rearmed_at_ms', 'is', null)
    .execute();
}

/** The first suspension whose closures are not all reopened yet. */
export async function unfinishedReopening(db: Read): Promise<SuspensionRow | null> {
  const row = await db
    .selectFrom('rule_suspension')
    .selectAll()
    .where('reopen_ended', '=', 0)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Everything that ever stopped a rule, the newest first. */
export async function suspensionLog(db: Read, limit: number): Promise<SuspensionRow[]> {
  return db.selectFrom('rule_suspension').selectAll().orderBy('id', 'desc').limit(limit).execute();
}

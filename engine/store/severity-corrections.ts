import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type CorrectionRow = Tables['severity_correction'];
type Subject = Pick<CorrectionRow, 'product' | 'source_rule' | 'claimed'>;

/** Those that act until their end, in the order in which they were proposed. */
export async function approvedCorrections(db: Read): Promise<CorrectionRow[]> {
  return db.selectFrom('severity_correction').selectAll().where('state', '=', 'approved').orderBy('id').execute();
}

export async function correctionById(db: Read, id: number): Promise<CorrectionRow | null> {
  return (await db.selectFrom('severity_correction').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** One for the same claim that waits or acts; null when there is none. */
export async function livingCorrectionOf(db: Read, { product, source_rule, claimed }: Subject) {
  const row = await db
    .selectFrom('severity_correction')
    .selectAll()
    .where('product', '=', product)
    .where('source_rule', '=', source_rule)
    .where('claimed', '=', claimed)
    .where('state', 'in', ['open', 'approved'])
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Those that wait or act, and those that were over after a time, the newest first. */
export async function correctionsToShow(db: Read, endedSinceMs: number): Promise<CorrectionRow[]> {
  return db
    .selectFrom('severity_correction')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['open', 'approved']),
        eb('ended_at_ms', '>=', endedSinceMs),
        eb.and([eb('ended_at_ms', 'is', null), eb('decided_at_ms', '>=', endedSinceMs)]),
      ]),
    )
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
}

/** Those of a product's rule that acted at some time between two times, the newest first. */
export async function correctionsActingOn(
  db: Read,
  { sourceRuleId, fromMs, toMs }: { sourceRuleId: number; fromMs: number; toMs: number },
): Promise<CorrectionRow[]> {
  const rows = await db
    .selectFrom('severity_correction as c')
    .innerJoin('source_rule as r', (join) =>
      join.onRef('r.product', '=', 'c.product').onRef('r.rule_id', '=', 'c.source_rule'),
    )
    .selectAll('c')
    .where('r.id', '=', sourceRuleId)
    .where('c.state', 'in', ['approved', 'ended'])
    .where('c.decided_at_ms', '<=', toMs)
    .orderBy('c.id', 'desc')
    .execute();
  return rows.filter((row) => (row.ended_at_ms ?? row.expires_at_ms) > fromMs);
}

/** A product's rule by the id that its groups carry; null when there is none. */
export async function sourceRuleById(
  db: Read,
  id: number,
): Promise<Pick<Tables['source_rule'], 'product' | 'rule_id' | 'name'> | null> {
  const row = await db
    .selectFrom('source_rule')
    .select(['product', 'rule_id', 'name'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertCorrection(
  tx: Write,
  proposed: Omit<
    CorrectionRow,
    'id' | 'state' | 'decided_by' | 'decided_at_ms' | 'decided_reason' | 'ended_by' | 'ended_at_ms' | 'ended_reason'
  >,
): Promise<number> {
  const id = await reserveIds(tx, 'severity_correction', 1);
  const undecided = { decided_by: null, decided_at_ms: null, decided_reason: null };
  const goingOn = { ended_by: null, ended_at_ms: null, ended_reason: null };
  await tx
    .insertInto('severity_correction')
    .values({ id, ...proposed, state: 'open', ...undecided, ...goingOn })
    .execute();
  return id;
}

export async function changeCorrection(
  tx: Write,
  id: number,
  change: Partial<Omit<CorrectionRow, 'id'>>,
): Promise<void> {
  await tx.updateTable('severity_correction').set(change).where('id', '=', id).execute();
}

/** What the products call the rules of these corrections, by product and id. */
export async function namesOfSourceRules(
  db: Read,
  rows: readonly Pick<CorrectionRow, 'product' | 'source_rule'>[],
): Promise<(row: Pick<CorrectionRow, 'product' | 'source_rule'>) => string> {
  const keyOf = (product: string, ruleId: string): string => `${product}\u0000${ruleId}`;
  const ids = [...new Set(rows.map((row) => row.source_rule))];
  const found =
    ids.length === 0
      ? []
      : await db.selectFrom('source_rule').select(['product', 'rule_id', 'name']).where('rule_id', 'in', ids).execute();
  const names = new Map(found.map((rule) => [keyOf(rule.product, rule.rule_id), rule.name]));
  return (row) => names.get(keyOf(row.product, row.source_rule)) ?? row.source_rule;
}

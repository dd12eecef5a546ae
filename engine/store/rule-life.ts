import type { RuleStatus } from '../../shared/model/rule.ts';
import { reserveIds } from './ids.ts';
import type { RuleVersionRow } from './rule-versions.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type BacktestRow = Tables['backtest'];
export type ProposalRow = Tables['rule_proposal'];
export type MuteRow = Tables['rule_mute'];

/** One version of a rule; null when there is none. */
export async function ruleVersion(db: Read, ruleId: string, version: number): Promise<RuleVersionRow | null> {
  const row = await db
    .selectFrom('rule_version')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Every version of every rule, or of one, newest first. Heads only: the texts of those that are long gone would be much.
 */
export async function ruleHeads(
  db: Read,
  ruleId: string | null = null,
): Promise<Omit<RuleVersionRow, 'document' | 'rationale'>[]> {
  return db
    .selectFrom('rule_version')
    .select([
      'rule_id',
      'version',
      'title',
      'status',
      'owner',
      'expires',
      'actions_json',
      'digest',
      'loaded_at_ms',
      'is_current',
      'hits',
      'closed',
      'would_close',
      'withheld',
      'last_hit_at_ms',
      'origin',
      'author_id',
      'approved_by',
      'status_since_ms',
      'status_reason',
      'second_approved_by',
      'is_beside',
    ])
    .$if(ruleId !== null, (query) => query.where('rule_id', '=', ruleId))
    .orderBy('title')
    .orderBy('rule_id')
    .orderBy('version', 'desc')
    .execute();
}

/** Gives a version another status, with since when and why. */
export async function setRuleStatus(
  tx: Write,
  ruleId: string,
  version: number,
  change: { status: RuleStatus; reason: string | null; approvedBy?: string },
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('rule_version')
    .set({
      status: change.status,
      status_since_ms: nowMs,
      status_reason: change.reason,
      ...(change.approvedBy === undefined ? {} : { approved_by: change.approvedBy }),
    })
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .execute();
}

/** Who decided the proposal that put a version in force; nobody for one from a file. */
export async function approvalsOf(db: Read, ruleId: string, version: number): Promise<string[]> {
  const rows = await db
    .selectFrom('rule_proposal')
    .select('decided_by')
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .where('state', '=', 'approved')
    .execute();
  return rows.flatMap((row) => row.decided_by ?? []);
}

export async function setSecondApproval(tx: Write, ruleId: string, version: number, name: string): Promise<void> {
  await tx
    .updateTable('rule_version')
    .set({ second_approved_by: name })
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .execute();
}

/** Versions in force whose time may be over: every one that lives. */
export async function livingRules(db: Read): Promise<Omit<RuleVersionRow, 'document' | 'rationale'>[]> {
  const heads = await ruleHeads(db);
  return heads.filter((row) => row.is_current === 1 && ['shadow', 'provisional', 'certified'].includes(row.status));
}

/** Alerts that each rule, or one, closed since `fromDay` (days since 1970-01-01 UTC). */
export async function closedSinceDay(
  db: Read,
  fromDay: number,
  ruleId: string | null = null,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('rule_day')
    .select((eb) => ['rule_id', eb.fn.sum<number>('closed').as('closed')])
    .where('day', '>=', fromDay)
    .$if(ruleId !== null, (query) => query.where('rule_id', '=', ruleId))
    .groupBy('rule_id')
    .execute();
  return new Map(rows.map((row) => [row.rule_id, Number(row.closed)]));
}

/** Groups that each rule, or one, closed since a time, by severity and product, for the minutes that they would have cost. */
export async function closedGroupsByClass(
  db: Read,
  sinceMs: number,
  ruleId: string | null = null,
): Promise<{ ruleId: string; severity: number; product: string; groups: number }[]> {
  const rows = await db
    .selectFrom('alert_group')
    .select((eb) => ['closed_by', 'severity', 'product', eb.fn.countAll<number>().as('n')])
    .where('is_open', '=', 0)
    .where('closed_by_kind', '=', 'rule')
    .where('closed_at_ms', '>=', sinceMs)
    .$if(ruleId !== null, (query) => query.where('closed_by', '=', ruleId))
    .groupBy(['closed_by', 'severity', 'product'])
    .execute();
  return rows.map((row) => ({
    ruleId: row.closed_by ?? '',
    severity: row.severity,
    product: row.product,
    groups: Number(row.n),
  }));
}

export async function insertBacktest(
  tx: Write,
  asked: Pick<BacktestRow, 'rule_id' | 'version' | 'digest' | 'requested_by'>,
  nowMs: number,
): Promise<number> {
  const id = await reserveIds(tx, 'backtest', 1);
  await tx
    .insertInto('backtest')
    .values({
      id,
      ...asked,
      started_at_ms: nowMs,
      state: 'waiting',
      progress_permille: 0,
      problem: null,
      report_json: null,
    })
    .execute();
  return id;
}

export async function backtestById(db: Read, id: number): Promise<BacktestRow | null> {
  return (await db.selectFrom('backtest').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

export async function newestBacktestOf(db: Read, ruleId: string, version: number): Promise<BacktestRow | null> {
  const row = await db
    .selectFrom('backtest')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('version', '=', version)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Backtests that are not over, the oldest first. */
export async function unfinishedBacktests(db: Read): Promise<BacktestRow[]> {
  return db.selectFrom('backtest').selectAll().where('state', 'in', ['waiting', 'running']).orderBy('id').execute();
}

export async function changeBacktest(tx: Write, id: number, change: Partial<Omit<BacktestRow, 'id'>>): Promise<void> {
  await tx.updateTable('backtest').set(change).where('id', '=', id).execute();
}

/** Hits of a backtest in the order of their groups. */
export async function backtestHits(db: Read, id: number): Promise<Tables['backtest_hit'][]> {
  return db.selectFrom('backtest_hit').selectAll().where('backtest_id', '=', id).orderBy('group_id').execute();
}

export async function insertBacktestHits(tx: Write, hits: readonly Tables['backtest_hit'][]): Promise<void> {
  for (const hit of hits) await tx.insertInto('backtest_hit').values(hit).execute();
}

/** False when the backtest has no such hit. */
export async function answerBacktestHit(
  tx: Write,
  hit: Pick<Tables['backtest_hit'], 'backtest_id' | 'group_id' | 'answer' | 'reason' | 'answered_by'>,
  nowMs: number,
): Promise<boolean> {
  const { backtest_id, group_id, ...answer } = hit;
  const done = await tx
    .updateTable('backtest_hit')
    .set({ ...answer, answered_at_ms: nowMs })
    .where('backtest_id', '=', backtest_id)
    .where('group_id', '=', group_id)
    .executeTakeFirst();
  return Number(done.numUpdatedRows) > 0;
}

export async function insertProposal(
  tx: Write,
  proposal: Pick<ProposalRow, 'rule_id' | 'version' | 'author_id' | 'text' | 'backtest_id'>,
  nowMs: number,
): Promise<number> {
  const id = await reserveIds(tx, 'rule_proposal', 1);
  await tx
    .insertInto('rule_proposal')
    .values({
      id,
      ...proposal,
      created_at_ms: nowMs,
      state: 'open',
      decided_by: null,
      decided_at_ms: null,
      decided_reason: null,
    })
    .execute();
  return id;
}

export async function proposalById(db: Read, id: number): Promise<ProposalRow | null> {
  return (await db.selectFrom('rule_proposal').selectAll().where('id', '=', id).executeTakeFirst()) ?? null;
}

/** Proposals, newest first: those that wait, or the last two hundred that were decided. */
export async function listProposals(db: Read, isOpen: boolean): Promise<ProposalRow[]> {
  return db
    .selectFrom('rule_proposal')
    .selectAll()
    .where('state', isOpen ? '=' : '!=', 'open')
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
}

/** Proposals of one rule that wait, newest first. */
export async function openProposalsOf(db: Read, ruleId: string): Promise<ProposalRow[]> {
  return db
    .selectFrom('rule_proposal')
    .selectAll()
    .where('rule_id', '=', ruleId)
    .where('state', '=', 'open')
    .orderBy('id', 'desc')
    .execute();
}

export async function closeProposal(
  tx: Write,
  id: number,
  end: Pick<ProposalRow, 'state' | 'decided_by' | 'decided_reason'>,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('rule_proposal')
    .set({ ...end, decided_at_ms: nowMs })
    .where('id', '=', id)
    .execute();
}

export async function insertComment(tx: Write, comment: Omit<Tables['rule_comment'], 'id'>): Promise<void> {
  const id = await reserveIds(tx, 'rule_comment', 1);
  await tx
    .insertInto('rule_comment')
    .values({ id, ...comment })
    .execute();
}

export async function commentsOf(db: Read, proposalId: number): Promise<Tables['rule_comment'][]> {
  return db.selectFrom('rule_comment').selectAll().where('proposal_id', '=', proposalId).orderBy('id').execute();
}

/** How many comments each proposal has. */
export async function commentCounts(db: Read): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('rule_comment')
    .select((eb) => ['proposal_id', eb.fn.countAll<number>().as('n')])
    .groupBy('proposal_id')
    .execute();
  return new Map(rows.map((row) => [row.proposal_id, Number(row.n)]));
}

export async function insertMute(tx: Write, mute: MuteRow): Promise<void> {
  await tx.insertInto('rule_mute').values(mute).execute();
}

export async function muteOf(db: Read, ruleId: string): Promise<MuteRow | null> {
  return (await db.selectFrom('rule_mute').selectAll().where('rule_id', '=', ruleId).executeTakeFirst()) ?? null;
}

/** Mutes that run or that nobody has looked at since, the newest first. */
export async function mutesToShow(db: Read, nowMs: number): Promise<MuteRow[]> {
  return db
    .selectFrom('rule_mute')
    .selectAll()
    .where((eb) => eb.or([eb('ends_at_ms', '>', nowMs), eb('reviewed_by', 'is', null)]))
    .orderBy('starts_at_ms', 'desc')
    .execute();
}

/** Mutes whose time is over and whose rule is still in force. */
export async function mutesOver(db: Read, nowMs: number): Promise<MuteRow[]> {
  return db
    .selectFrom('rule_mute as m')
    .innerJoin('rule_version as v', 'v.rule_id', 'm.rule_id')
    .selectAll('m')
    .where('v.is_current', '=', 1)
    .where('m.ends_at_ms', '<=', nowMs)
    .execute();
}

export async function changeMute(tx: Write, ruleId: string, change: Partial<Omit<MuteRow, 'rule_id'>>): Promise<void> {
  await tx.updateTable('rule_mute').set(change).where('rule_id', '=', ruleId).execute();
}

/** What each rule of a product cost since a time: groups that people closed, by class and by what they said. */
export async function closedByPeopleSince(
  db: Read,
  sinceMs: number,
): Promise<
  {
    sourceRuleId: number;
    product: string;
    severity: number;
    disposition: string | null;
    groups: number;
    alerts: number;
    newestGroupId: number;
  }[]
> {
  const rows = await db
    .selectFrom('alert_group')
    .select((eb) => [
      'source_rule_id',
      'product',
      'severity',
      'disposition',
      eb.fn.countAll<number>().as('groups'),
      eb.fn.sum<number>('count').as('alerts'),
      eb.fn.max<number>('id').as('newest'),
    ])
    .where('is_open', '=', 0)
    .where('closed_by_kind', '=', 'person')
    .where('closed_at_ms', '>=', sinceMs)
    .groupBy(['source_rule_id', 'product', 'severity', 'disposition'])
    .execute();
  return rows.map((row) => ({
    sourceRuleId: row.source_rule_id,
    product: row.product,
    severity: row.severity,
    disposition: row.disposition,
    groups: Number(row.groups),
    alerts: Number(row.alerts),
    newestGroupId: Number(row.newest),
  }));
}

/** Names of products' rules by id. */
export async function sourceRuleNames(
  db: Read,
  ids: readonly number[],
): Promise<Map<number, Pick<Tables['source_rule'], 'rule_id' | 'name'>>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('source_rule').select(['id', 'rule_id', 'name']).where('id', 'in', ids).execute();
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

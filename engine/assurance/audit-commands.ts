import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { decide } from '../../shared/domain/decisions/group-transition.ts';
import { planEscalation } from '../../shared/domain/routing/escalate.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { formatId } from '../../shared/model/ids.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import { severityOfRank, type Tier } from '../../shared/model/vocabulary.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { checkStatement, decidedBy } from '../routing/decide.ts';
import { rosterNow } from '../routing/roster-now.ts';
import { dropAuditUndo, keepAuditUndo, undoableReadings } from '../store/audit-undo.ts';
import {
  type AuditChange,
  type AuditRow,
  auditBefore,
  auditById,
  changeAudit,
  NOBODY,
  nextAudits,
  nextSettledSeq,
  waitingAudits,
} from '../store/audits.ts';
import { insertEscalation } from '../store/escalation-writes.ts';
import { GroupChanges } from '../store/group-changes.ts';
import { currentId } from '../store/group-links.ts';
import { columnsOfState, loadDecidable, stateOf } from '../store/group-state.ts';
import { markForJudging } from '../store/rule-assurance.ts';
import { judgeRules } from './judge-rule.ts';
import { maskedAudit } from './masked-audit.ts';
import { AUDIT_UNDO_MS } from './undo-audit.ts';

export interface AuditDeps {
  policy: AssurancePolicy;
  sla: SlaPolicy;
  formats: FormatCatalogue;
}

type Answer = InputOf<'assurance', 'answer'>;

/** How many of the next audits are tried before it is said that none is left: some may be gone by retention. */
const TRIED = 20;

/** The next audit for this person, kept for them until they answer or its time is over. */
export async function takeAudit(
  context: CommandContext,
  { formats }: Pick<AuditDeps, 'formats'>,
  { statement }: InputOf<'assurance', 'take'>,
): Promise<OutputOf<'assurance', 'take'>> {
  checkStatement(statement, 'audit.take', null);
  const { tx } = context;
  const reader = decidedBy(context).id;
  const held = await auditBefore(tx, reader);
  const candidates = held === null ? await nextAudits(tx, reader, TRIED) : [held];
  const waiting = [...(await waitingAudits(tx)).values()].reduce((sum, n) => sum + n, 0);
  for (const candidate of candidates) {
    const audit = await maskedAudit(tx, formats, candidate);
    if (audit === null) {
      await changeAudit(tx, candidate.id, { state: 'stale', ...NOBODY });
      continue;
    }
    await changeAudit(
      tx,
      candidate.id,
      candidate.state === 'open' ? { reader_id: reader } : { second_reader_id: reader },
    );
    context.touch('rule');
    return { audit, waiting };
  }
  return { audit: null, waiting };
}

/** Writes a reading down, and does what follows from it: a second reader, a live question, a new verdict of the rule. */
export async function answerAudit(
  context: CommandContext,
  deps: AuditDeps,
  input: Answer,
): Promise<OutputOf<'assurance', 'answer'>> {
  checkStatement(input.statement, 'audit.answer', null);
  const audit = await readable(context, input.id);
  const isDoubt = input.verdict === 'true_positive';
  if (isDoubt && input.evidence.length < 3) {
    throw new EngineError('invalid_input', 'Say what makes it a true positive: somebody will look into it at once.');
  }
  const change = await settle(context, audit, input.verdict);
  await changeAudit(context.tx, audit.id, change);
  const isLive = isDoubt && audit.kind !== 'known';
  const changes = new GroupChanges(context.tx, context.nowMs);
  const question = `A second look takes this for a true positive: ${input.evidence}`;
  const plan = isLive ? await openAgain(context, deps, audit, changes) : null;
  await changes.finish();
  const ref = formatId('aud', audit.id);
  const { statement } = input;
  const summary = isLive ? `Audit: ${question}` : `Audit ${ref} was read`;
  const decisionId = await context.record({ kind: 'audit.answer', statement, summary, subjects: changes.subjects });
  await keepAuditUndo(context.tx, decisionId, audit, context.nowMs + AUDIT_UNDO_MS);
  if (plan !== null) {
    await insertEscalation(context.tx, { ...plan, question, decision_seq: decisionId });
    context.touch('escalation', audit.group_id);
  }
  context.touch('rule');
  if (audit.rule_id !== null && change.state === 'settled') {
    await markForJudging(context.tx, audit.rule_id);
    // Only a miss can stop a rule, and that does not wait for the clock.
    if (change.outcome === 'missed') await judgeRules(context, deps.policy, new Set([audit.rule_id]));
  }
  return { decisionId, changed: 1, skipped: [], summary: 'Noted. Whatever needs a live look gets one.', seq: 0 };
}

async function readable(context: CommandContext, id: number): Promise<AuditRow> {
  const reader = decidedBy(context).id;
  const audit = await auditById(context.tx, id);
  const isTaken = audit?.state === 'open' && audit.reader_id === reader;
  const isSecond = audit?.state === 'second' && audit.second_reader_id === reader;
  if (audit !== null && (isTaken || isSecond)) return audit;
  if (audit === null) throw new EngineError('not_found', 'There is no such audit.');
  if (audit.excluded_id === reader) {
    throw new EngineError('conflict', 'This reading is void: the original was looked up. Take the next one.');
  }
  throw new EngineError('conflict', 'This audit is not with you any more. Take the next one.');
}

/** A doubt settles it at once; what the first reader could not tell goes to a second, and so does a tenth of the rest. */
async function settle(context: CommandContext, audit: AuditRow, verdict: Answer['verdict']): Promise<AuditChange> {
  const isFirst = audit.state === 'open';
  const said: AuditChange = isFirst ? { verdict } : { second_verdict: verdict };
  const isDoubt = verdict === 'true_positive';
  if (isFirst && !isDoubt && (audit.needs_second === 1 || verdict === 'undetermined')) {
    return { ...said, state: 'second' };
  }
  const verdicts = [isFirst ? null : audit.verdict, verdict].filter((each) => each !== null && each !== 'undetermined');
  const outcome = isDoubt ? 'missed' : verdicts.length === 0 ? 'unclear' : 'right';
  const truth = isDoubt && audit.kind !== 'known' ? 'pending' : null;
  return {
    ...said,
    state: 'settled',
    ...NOBODY,
    outcome,
    truth,
    settled_seq: await nextSettledSeq(context.tx),
  };
}

type LiveQuestion = Omit<Parameters<typeof insertEscalation>[1], 'question' | 'decision_seq'>;

/** Opens the item again and sends it up a tier. Null where nobody stands above: then it is open in its own tier. */
async function openAgain(
  context: CommandContext,
  { sla }: AuditDeps,
  audit: AuditRow,
  changes: GroupChanges,
): Promise<LiveQuestion | null> {
  const { tx, nowMs } = context;
  const by = decidedBy(context);
  const [row] = await loadDecidable(tx, [audit.group_id]);
  if (row === undefined) return null;
  const state = stateOf(row);
  const reopened = state.closed === null ? null : decide(state, { kind: 'reopen' }, by, nowMs, sla);
  const open = reopened?.kind === 'changed' ? reopened.state : state;
  const severity = severityOfRank(row.severity);
  const fromTier = row.tier as Tier;
  const ask = { severity, fromTier, toTier: null, askedBy: by.id, askedAtMs: nowMs };
  const plan = planEscalation(ask, await rosterNow(tx, nowMs), sla);
  const sent =
    plan.kind === 'refused'
      ? null
      : decide(open, { kind: 'escalate', toTier: plan.toTier, dueAtMs: plan.dueAtMs }, by, nowMs, sla);
  const after = sent?.kind === 'changed' ? sent.state : open;
  await changes.change(row, columnsOfState(after));
  context.touch('group', row.id);
  if (plan.kind === 'refused' || sent?.kind !== 'changed') return null;
  return {
    group_id: row.id,
    from_tier: fromTier,
    to_tier: plan.toTier,
    asked_by: by.id,
    asked_at_ms: nowMs,
    due_at_ms: plan.dueAtMs,
    backup_id: plan.backupId,
  };
}

/**
 * Voids what this person was reading when they opened the original; the audit is for somebody else then. What they have
 * just read of it stands, and can no longer be taken back to be read anew.
 */
export async function voidAudit(context: CommandContext, groupId: number): Promise<null> {
  const reader = decidedBy(context).id;
  for (const seq of await undoableReadings(context.tx, groupId, reader)) {
    await dropAuditUndo(context.tx, seq);
    context.touch('rule');
  }
  const held = await auditBefore(context.tx, reader);
  if (held === null || (held.group_id !== groupId && held.group_id !== (await currentId(context.tx, groupId)))) {
    return null;
  }
  const given = held.state === 'open' ? { reader_id: null } : { second_reader_id: null };
  await changeAudit(context.tx, held.id, { ...given, excluded_id: reader, voids: held.voids + 1 });
  context.touch('rule');
  return null;
}

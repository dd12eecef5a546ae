import type { AssurancePolicy } from '../../shared/domain/assurance/assurance-policy.ts';
import { rearm } from '../../shared/domain/assurance/rearm.ts';
import type { Trigger } from '../../shared/domain/assurance/verdict.ts';
import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { currentRule } from '../store/automation.ts';
import { decidedInShadow } from '../store/closed-groups.ts';
import { ruleAssurance, saveRuleAssurance } from '../store/rule-assurance.ts';
import { ruleVersion, setRuleStatus } from '../store/rule-life.ts';
import { endSuspensions, standingSuspension } from '../store/rule-suspensions.ts';
import type { Read } from '../store/store.ts';
import { approversOf } from '../triage/store-rules.ts';
import { newLine } from './assured-rules.ts';

/** A version that was written while the rule was stopped may have been approved by nobody: it would act on nothing. */
async function checkApproved(db: Read, ruleId: string, version: number): Promise<void> {
  const row = await ruleVersion(db, ruleId, version);
  const { rule } = parseRule(row?.document ?? '');
  if (row === null || rule === null || approversOf(row, rule).approvedBy !== null) return;
  throw new EngineError('conflict', `Nobody has approved version ${version} yet. Propose it first.`);
}

/** Gives a stopped rule its right to close back: on trial, from nothing, by a person who is not its owner. */
export async function rearmRule(
  context: CommandContext,
  policy: AssurancePolicy,
  { statement, ruleId, reason }: InputOf<'assurance', 'rearm'>,
): Promise<OutputOf<'assurance', 'rearm'>> {
  checkStatement(statement, 'assurance.rearm', null);
  const { tx, nowMs, actor } = context;
  const suspension = await standingSuspension(tx, ruleId);
  const rule = await currentRule(tx, ruleId, nowMs);
  if (rule === null) throw new EngineError('not_found', 'There is no rule with this id.');
  if (suspension === null) throw new EngineError('conflict', 'This rule is not stopped.');
  const { version } = rule.summary;
  await checkApproved(tx, ruleId, version);
  const owner = rule.summary.owner.trim().toLowerCase();
  const isOwner = actor.kind === 'person' && [actor.id, actor.name].some((name) => name.toLowerCase() === owner);
  const answer = rearm(
    {
      by: { kind: actor.kind, id: actor.id },
      ownerId: isOwner ? actor.id : owner,
      reason,
      trigger: suspension.cause as Trigger,
      isNewVersion: version !== suspension.rule_version,
      fresh: await decidedInShadow(tx, ruleId, version, suspension.at_ms),
    },
    policy,
  );
  if (answer.kind === 'refused') throw new EngineError('conflict', answer.reasons.join(' '));
  await endSuspensions(tx, ruleId, { rearmed_at_ms: nowMs, rearmed_by: actor.id, rearm_reason: reason });
  const line = await ruleAssurance(tx, ruleId);
  const { family = null, max_false_close_rate = policy.maxFalseCloseRateLow } = line ?? {};
  await saveRuleAssurance(tx, { ...newLine(ruleId, version, nowMs), family, max_false_close_rate });
  const status = { status: 'provisional' as const, reason: `Re-armed: ${reason}` };
  await setRuleStatus(tx, ruleId, version, status, nowMs);
  context.touch('rule');
  const summary = `Re-armed “${rule.summary.title}”: ${reason}. ${answer.why}`;
  const decisionId = await context.record({ kind: 'assurance.rearm', statement, summary, subjects: [] });
  return { decisionId, changed: 1, skipped: [], summary: `“${rule.summary.title}” closes again, on trial`, seq: 0 };
}

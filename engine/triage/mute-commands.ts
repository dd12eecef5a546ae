import { decide } from '../../shared/domain/decisions/group-transition.ts';
import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import { draftRule } from '../../shared/domain/triage/draft-rule.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { SlaPolicy } from '../../shared/model/policy.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { checkStatement } from '../routing/decide.ts';
import { closedByRuleSince } from '../store/closed-groups.ts';
import { GroupChanges } from '../store/group-changes.ts';
import { columnsOfState, stateOf } from '../store/group-state.ts';
import { changeMute, insertMute, muteOf } from '../store/rule-life.ts';
import { insertRuleVersion, setCurrentVersion } from '../store/rule-versions.ts';
import { newestAlertOf } from './draft-from.ts';
import { personOf, told } from './rule-life-commands.ts';
import { versionRow } from './store-rules.ts';

/** A rule makes one item a thing and window; more than these in a day is a storm, which is one item. */
const REOPENED_MAX = 10_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Quick mutes: one person, alone, for a day at most. A mute is a rule like every other, with all guards, that says
 * nothing of what the alerts are; it is in everybody's sight and another person looks at it afterwards.
 */
export function muteCommands(deps: {
  formats: FormatCatalogue;
  newRuleId(): string;
  sla: SlaPolicy;
}): Readonly<Record<string, Command>> {
  return {
    'rules.mute': command((context, input: InputOf<'rules', 'mute'>) => mute(context, input, deps)),
    'rules.endMute': command(endMute),
    'rules.reviewMute': command((context, input: InputOf<'rules', 'reviewMute'>) =>
      reviewMute(context, input, deps.sla),
    ),
  };
}

async function mute(
  context: CommandContext,
  { groupId, hours, reason, statement }: InputOf<'rules', 'mute'>,
  { formats, newRuleId }: { formats: FormatCatalogue; newRuleId(): string },
): Promise<OutputOf<'rules', 'mute'>> {
  const { tx, nowMs } = context;
  const by = personOf(context);
  const { alert } = await newestAlertOf(tx, formats, groupId);
  if (alert.severity === 'critical') {
    throw new EngineError('forbidden', 'Critical alerts cannot be muted by anybody. Take it, or escalate it.');
  }
  const ruleId = newRuleId();
  const endsAtMs = nowMs + hours * HOUR_MS;
  const text = draftRule({
    // A process runs again with another number: what tells the thing apart is enough.
    alert: { ...alert, process: { executable: null, commandLine: null, parentExecutable: null }, users: [] },
    id: ruleId,
    title: `Muted: ${alert.title}`,
    rationale: reason,
    owner: `mute by ${by.name}`,
    status: 'provisional',
    expires: new Date(endsAtMs + DAY_MS).toISOString().slice(0, 10),
    disposition: 'undetermined',
  });
  const { rule, problems } = parseRule(text);
  if (rule === null) throw new Error(`A mute could not be written: ${problems[0]?.message}`);
  const row = versionRow(rule, { version: 1, origin: 'mute', authorId: by.id, nowMs });
  await insertRuleVersion(tx, { ...row, approved_by: by.name, status_reason: reason });
  await setCurrentVersion(tx, ruleId, 1);
  await insertMute(tx, {
    rule_id: ruleId,
    muted_by: by.id,
    group_id: groupId,
    reason,
    starts_at_ms: nowMs,
    ends_at_ms: endsAtMs,
    ended_by: null,
    reviewed_by: null,
    reviewed_at_ms: null,
    review: null,
  });
  const summary = `Muted what is like “${alert.title}” for ${hours} h: ${reason}`;
  return { ...(await told(context, statement, 'rule.mute', summary)), ruleId };
}

async function known({ tx }: CommandContext, ruleId: string) {
  const mute = await muteOf(tx, ruleId);
  if (mute === null) throw new EngineError('not_found', 'There is no such mute.');
  return mute;
}

async function endMute(
  context: CommandContext,
  { ruleId, statement }: InputOf<'rules', 'endMute'>,
): Promise<DecisionResult> {
  await known(context, ruleId);
  const by = personOf(context);
  await changeMute(context.tx, ruleId, { ends_at_ms: context.nowMs, ended_by: by.id });
  await setCurrentVersion(context.tx, ruleId, null);
  return told(context, statement, 'rule.unmute', 'Ended a mute');
}

/** Somebody else says whether it was right, or gives what it hid back to people. */
async function reviewMute(
  context: CommandContext,
  { ruleId, verdict, reason, statement }: InputOf<'rules', 'reviewMute'>,
  sla: SlaPolicy,
): Promise<DecisionResult> {
  const mute = await known(context, ruleId);
  const by = personOf(context);
  if (mute.muted_by === by.id) throw new EngineError('forbidden', 'You muted it: another person has to look at it.');
  const { nowMs, tx } = context;
  await changeMute(tx, ruleId, { reviewed_by: by.id, reviewed_at_ms: nowMs, review: `${verdict}: ${reason}` });
  if (verdict === 'right') return told(context, statement, 'rule.review', `Looked at a mute: ${reason}`);
  checkStatement(statement, 'rule.review', null);
  await changeMute(tx, ruleId, { ends_at_ms: Math.min(mute.ends_at_ms, nowMs) });
  await setCurrentVersion(tx, ruleId, null);
  const changes = await reopenClosedBy(context, ruleId, mute.starts_at_ms, sla);
  context.touch('rule');
  const summary = `Opened ${itemsInWords(changes.subjects.length)} again that a mute had closed: ${reason}`;
  const decisionId = await context.record({ kind: 'rule.review', statement, summary, subjects: changes.subjects });
  return { decisionId, changed: changes.subjects.length, skipped: [], summary, seq: 0 };
}

/** Everything that a rule closed since a time, back in the queue with clocks of its own. A mute runs for a day at most. */
async function reopenClosedBy(
  { tx, nowMs, touch }: CommandContext,
  ruleId: string,
  sinceMs: number,
  sla: SlaPolicy,
): Promise<GroupChanges> {
  const changes = new GroupChanges(tx, nowMs);
  for (const row of await closedByRuleSince(tx, ruleId, sinceMs, REOPENED_MAX)) {
    const outcome = decide(stateOf(row), { kind: 'reopen' }, { id: 'mutes', isLead: true }, nowMs, sla);
    if (outcome.kind !== 'changed') continue;
    await changes.change(row, columnsOfState(outcome.state));
    touch('group', row.id);
  }
  await changes.finish();
  return changes;
}

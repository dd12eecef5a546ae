import { parseRule } from '../../shared/domain/rules/parse-rule.ts';
import { isClosingRule } from '../../shared/domain/rules/rule-document.ts';
import { DRAFT_RATIONALE } from '../../shared/domain/triage/draft-rule.ts';
import { checkRuleLife } from '../../shared/domain/triage/rule-life.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { DecisionKind, DecisionResult, Statement } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Backtest } from '../../shared/model/rule-life.ts';
import { type Command, command } from '../commands.ts';
import type { Actor, CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { personById } from '../store/people.ts';
import { setBeside } from '../store/rule-beside.ts';
import {
  answerBacktestHit,
  backtestById,
  backtestHits,
  changeBacktest,
  closeProposal,
  insertBacktest,
  insertComment,
  insertProposal,
  newestBacktestOf,
  openProposalsOf,
  proposalById,
  ruleVersion,
  setRuleStatus,
} from '../store/rule-life.ts';
import { insertRuleVersion, type RuleVersionRow, setCurrentVersion, versionsOfRule } from '../store/rule-versions.ts';
import type { Read } from '../store/store.ts';
import { checkText, keepable } from './rule-texts.ts';
import { versionRow } from './store-rules.ts';

type Person = Extract<Actor, { kind: 'person' }>;

/** Commands of the life of rules. Whoever runs one that changes what is in force has triage read its rules again. */
export function ruleLifeCommands(policy: TriagePolicy): Readonly<Record<string, Command>> {
  return {
    'rules.save': command((context, input: InputOf<'rules', 'save'>) => saveRule(context, input, policy)),
    'rules.setStatus': command(setStatus),
    'rules.backtest': command(startBacktest),
    'rules.cancelBacktest': command(cancelBacktest),
    'rules.answerHit': command(answerHit),
    'rules.propose': command((context, input: InputOf<'rules', 'propose'>) => propose(context, input, policy)),
    'rules.comment': command(comment),
    'rules.decide': command((context, input: InputOf<'rules', 'decide'>) => decideProposal(context, input, policy)),
    'rules.withdraw': command(withdraw),
  };
}

/** Who writes and approves is a person whose name stays with the rule. */
export function personOf({ actor }: CommandContext): Person {
  if (actor.kind !== 'person') throw new EngineError('unauthenticated', 'Say who you are first.');
  return actor;
}

/** Writes the ledger entry and answers. */
export async function told(
  context: CommandContext,
  statement: Statement,
  kind: DecisionKind,
  summary: string,
): Promise<DecisionResult> {
  checkStatement(statement, kind, null);
  context.touch('rule');
  const decisionId = await context.record({ kind, statement, summary, subjects: [] });
  return { decisionId, changed: 1, skipped: [], summary, seq: 0 };
}

/** The version, or `not_found`. */
async function versionOf(db: Read, id: string, version: number): Promise<RuleVersionRow> {
  const row = await ruleVersion(db, id, version);
  if (row === null) throw new EngineError('not_found', 'There is no such version of this rule.');
  return row;
}

/** A text becomes a draft of its own. What is in force stays in force until a second person approves another. */
async function saveRule(
  context: CommandContext,
  input: InputOf<'rules', 'save'>,
  policy: TriagePolicy,
): Promise<OutputOf<'rules', 'save'>> {
  const { tx, nowMs } = context;
  const author = personOf(context);
  const rule = keepable(await checkText(tx, input.document, policy, nowMs));
  if (input.id !== null && rule.id !== input.id) {
    throw new EngineError('invalid_input', `The id of this rule is ${input.id}. Put it back, or save a new rule.`);
  }
  const [newest] = await versionsOfRule(tx, rule.id);
  if (input.id === null && newest !== undefined) {
    throw new EngineError('conflict', `There is a rule with the id ${rule.id} already. Give this one another id.`);
  }
  if ((newest?.version ?? null) !== input.basedOn) {
    throw new EngineError('conflict', 'Somebody saved another version meanwhile. Look at it, then save yours again.');
  }
  const version = (newest?.version ?? 0) + 1;
  const row = versionRow(rule, { version, origin: 'app', authorId: author.id, nowMs });
  await insertRuleVersion(tx, { ...row, status: 'draft', approved_by: null, second_approved_by: null });
  await silence(context, rule.id, null, `Version ${version} was written.`);
  for (const open of await openProposalsOf(tx, rule.id)) {
    const decided_reason = `Version ${version} was written, which needs an approval of its own.`;
    await closeProposal(tx, open.id, { state: 'outdated', decided_by: author.id, decided_reason }, nowMs);
  }
  const summary = `Saved version ${version} of “${rule.title}” as a draft`;
  return { ...(await told(context, input.statement, 'rule.save', summary)), id: rule.id, version };
}

/**
 * Shadow, draft and suspended need no second person: none of them lets a rule act. Where another version acts, a shadow
 * speaks beside it: taking its place would stop it in passing.
 */
async function setStatus(context: CommandContext, input: InputOf<'rules', 'setStatus'>): Promise<DecisionResult> {
  const { tx, nowMs } = context;
  const { id, version, to, reason, statement } = input;
  const row = await versionOf(tx, id, version);
  const current = (await versionsOfRule(tx, id)).find(({ is_current }) => is_current === 1);
  if (to === 'suspended') {
    if (row.is_current !== 1) throw new EngineError('conflict', 'Only a version that is in force can be stopped.');
  }
  const isBeside = current !== undefined && current.version !== version && isActing(current);
  if (to === 'shadow' && isBeside) await speakBeside(context, row);
  else if (to === 'shadow') await setCurrentVersion(tx, id, version);
  if (to === 'draft' && row.is_current === 1) await setCurrentVersion(tx, id, null);
  if (to === 'draft' && row.is_beside === 1) await setBeside(tx, id, null);
  await setRuleStatus(tx, id, version, { status: to, reason }, nowMs);
  return told(context, statement, 'rule.status', `“${row.title}” version ${version} is ${to} now: ${reason}`);
}

/** Lets a version say what it would do beside the one that acts; one that did so before is a draft again. */
async function speakBeside({ tx, nowMs }: CommandContext, row: RuleVersionRow): Promise<void> {
  await silence({ tx, nowMs }, row.rule_id, row.version, 'Another version speaks beside the one in force now.');
  await setBeside(tx, row.rule_id, row.version);
}

/** Nothing speaks beside the version in force any more; what did is a draft, unless it is `but`. */
async function silence(
  { tx, nowMs }: Pick<CommandContext, 'tx' | 'nowMs'>,
  ruleId: string,
  but: number | null,
  reason: string,
): Promise<void> {
  const speaking = (await versionsOfRule(tx, ruleId)).filter(({ is_beside }) => is_beside === 1);
  if (speaking.length === 0) return;
  await setBeside(tx, ruleId, null);
  for (const { version } of speaking) {
    if (version !== but) await setRuleStatus(tx, ruleId, version, { status: 'draft', reason }, nowMs);
  }
}

function isActing({ status }: Pick<RuleVersionRow, 'status'>): boolean {
  return status === 'provisional' || status === 'certified';
}

async function startBacktest(
  context: CommandContext,
  { id, version, statement }: InputOf<'rules', 'backtest'>,
): Promise<OutputOf<'rules', 'backtest'>> {
  const row = await versionOf(context.tx, id, version);
  const asked = { rule_id: id, version, digest: row.digest, requested_by: personOf(context).id };
  const backtestId = await insertBacktest(context.tx, asked, context.nowMs);
  const summary = `Began to try “${row.title}” version ${version} on history`;
  return { ...(await told(context, statement, 'rule.backtest', summary)), backtestId };
}

async function cancelBacktest(
  context: CommandContext,
  { backtestId, statement }: InputOf<'rules', 'cancelBacktest'>,
): Promise<DecisionResult> {
  const backtest = await backtestById(context.tx, backtestId);
  if (backtest === null) throw new EngineError('not_found', 'There is no such backtest.');
  if (backtest.state === 'waiting' || backtest.state === 'running') {
    await changeBacktest(context.tx, backtestId, { state: 'cancelled' });
  }
  return told(context, statement, 'rule.backtest', 'Cancelled the backtest');
}

async function answerHit(
  context: CommandContext,
  { backtestId, groupId, answer, reason, statement }: InputOf<'rules', 'answerHit'>,
): Promise<DecisionResult> {
  const answered_by = personOf(context).id;
  const hit = { backtest_id: backtestId, group_id: groupId, answer, reason, answered_by };
  if (!(await answerBacktestHit(context.tx, hit, context.nowMs))) {
    throw new EngineError('not_found', 'This backtest has no such hit.');
  }
  return told(
    context,
    statement,
    'rule.answer',
    `Answered for a true positive that a rule would have closed: ${reason}`,
  );
}

/** What keeps a version from being proposed or approved, in sentences; none when nothing does. */
export async function blocksOf(db: Read, row: RuleVersionRow, policy: TriagePolicy, nowMs: number): Promise<string[]> {
  const [newest] = await versionsOfRule(db, row.rule_id);
  const blocks: string[] = [];
  if (newest !== undefined && newest.version !== row.version) {
    blocks.push(`Version ${newest.version} was written since.`);
  }
  const { rule } = parseRule(row.document);
  if (rule === null) return [...blocks, 'Its text can no longer be read.'];
  if (rule.rationale.trim() === DRAFT_RATIONALE)
    blocks.push('Its rationale is still that of a new draft. Say why it is safe.');
  const asApproved = { ...rule, status: 'provisional' as const, approvedBy: 'a second person' };
  for (const { level, message } of checkRuleLife(asApproved, policy, nowMs))
    if (level === 'error') blocks.push(message);
  const backtest = await newestBacktestOf(db, row.rule_id, row.version);
  if (backtest === null || backtest.digest !== row.digest) return [...blocks, 'It was not tried on history yet.'];
  if (backtest.state !== 'done') return [...blocks, `Its last try on history is ${backtest.state}, not done.`];
  const report = JSON.parse(backtest.report_json ?? 'null') as Backtest['report'];
  blocks.push(...(report?.blocks ?? []));
  const unanswered = (await backtestHits(db, backtest.id)).filter(({ answer }) => answer === null).length;
  if (isClosingRule(rule) && unanswered > 0) {
    const them = unanswered === 1 ? 'One true positive' : `${unanswered} true positives`;
    blocks.push(`${them} that it would have closed must be answered first.`);
  }
  return blocks;
}

async function propose(
  context: CommandContext,
  { id, version, text, statement }: InputOf<'rules', 'propose'>,
  policy: TriagePolicy,
): Promise<OutputOf<'rules', 'propose'>> {
  const { tx, nowMs } = context;
  const row = await versionOf(tx, id, version);
  const [block] = await blocksOf(tx, row, policy, nowMs);
  if (block !== undefined) throw new EngineError('conflict', `It cannot be proposed yet. ${block}`);
  if ((await openProposalsOf(tx, id)).length > 0) {
    throw new EngineError('conflict', 'A proposal for this rule waits already. Comment there.');
  }
  const backtest = await newestBacktestOf(tx, id, version);
  const author_id = personOf(context).id;
  const proposal = { rule_id: id, version, author_id, text, backtest_id: backtest?.id ?? 0 };
  const proposalId = await insertProposal(tx, proposal, nowMs);
  const acting = (await versionsOfRule(tx, id)).find((each) => each.is_current === 1 && isActing(each));
  if (acting !== undefined && acting.version !== version && row.is_beside === 0) {
    await speakBeside(context, row);
    const reason = `Proposed: it speaks beside version ${acting.version}, which acts.`;
    await setRuleStatus(tx, id, version, { status: 'shadow', reason }, nowMs);
  }
  const summary = `Proposed “${row.title}” version ${version}`;
  return { ...(await told(context, statement, 'rule.propose', summary)), proposalId };
}

async function comment(
  context: CommandContext,
  { proposalId, text, statement }: InputOf<'rules', 'comment'>,
): Promise<DecisionResult> {
  const proposal = await openProposal(context.tx, proposalId);
  const author_id = personOf(context).id;
  await insertComment(context.tx, { proposal_id: proposal.id, author_id, at_ms: context.nowMs, text });
  return told(context, statement, 'rule.comment', 'Commented on a proposed rule');
}

async function openProposal(db: Read, id: number) {
  const proposal = await proposalById(db, id);
  if (proposal === null) throw new EngineError('not_found', 'There is no such proposal.');
  if (proposal.state !== 'open') throw new EngineError('conflict', `This proposal is ${proposal.state} already.`);
  return proposal;
}

/** What keeps this person from approving: having a hand in it, or being of a tier that does not. */
export async function blocksFor(
  db: Read,
  who: { id: string },
  proposal: { author_id: string },
  row: Pick<RuleVersionRow, 'author_id' | 'owner'>,
  policy: TriagePolicy,
): Promise<string[]> {
  const person = await personById(db, who.id);
  if (person === null) return ['You are not on the team list.'];
  const isAuthor = [proposal.author_id, row.author_id].includes(person.id);
  const isOwner = [person.id, person.name].some((name) => name.toLowerCase() === row.owner.trim().toLowerCase());
  if (isAuthor) return ['You wrote or proposed it: a second person has to approve.'];
  if (isOwner) return ['You own this rule: a second person has to approve.'];
  const mayApprove = policy.approverTiers.includes(person.tier) || person.roles.includes('lead');
  return mayApprove ? [] : [`A rule is approved by ${policy.approverTiers.join(', ')} or a lead.`];
}

async function decideProposal(
  context: CommandContext,
  { proposalId, verdict, reason, statement }: InputOf<'rules', 'decide'>,
  policy: TriagePolicy,
): Promise<DecisionResult> {
  const { tx, nowMs } = context;
  const by = personOf(context);
  const proposal = await openProposal(tx, proposalId);
  const row = await versionOf(tx, proposal.rule_id, proposal.version);
  const [mine] = await blocksFor(tx, by, proposal, row, policy);
  if (mine !== undefined) throw new EngineError('forbidden', mine);
  if (verdict === 'reject') {
    await closeProposal(tx, proposal.id, { state: 'rejected', decided_by: by.id, decided_reason: reason }, nowMs);
    await silence(context, row.rule_id, null, `Sent back by ${by.name}: ${reason}`);
    return told(context, statement, 'rule.decide', `Sent “${row.title}” version ${row.version} back: ${reason}`);
  }
  const [block] = await blocksOf(tx, row, policy, nowMs);
  if (block !== undefined) throw new EngineError('conflict', `It cannot be approved. ${block}`);
  await setCurrentVersion(tx, row.rule_id, row.version);
  const change = { status: 'provisional' as const, reason: `Approved by ${by.name}: ${reason}`, approvedBy: by.name };
  await setRuleStatus(tx, row.rule_id, row.version, change, nowMs);
  await closeProposal(tx, proposal.id, { state: 'approved', decided_by: by.id, decided_reason: reason }, nowMs);
  return told(context, statement, 'rule.decide', `Approved “${row.title}” version ${row.version}: ${reason}`);
}

async function withdraw(
  context: CommandContext,
  { proposalId, statement }: InputOf<'rules', 'withdraw'>,
): Promise<DecisionResult> {
  const proposal = await openProposal(context.tx, proposalId);
  const by = personOf(context);
  if (proposal.author_id !== by.id) throw new EngineError('forbidden', 'Only who proposed it can take it back.');
  const end = { state: 'withdrawn', decided_by: by.id, decided_reason: null };
  await closeProposal(context.tx, proposal.id, end, context.nowMs);
  await silence(context, proposal.rule_id, null, 'Its proposal was taken back.');
  return told(context, statement, 'rule.withdraw', 'Took a proposed rule back');
}

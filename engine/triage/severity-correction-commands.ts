import { checkCorrection } from '../../shared/domain/triage/severity-correction.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { severityOfRank, severityRank } from '../../shared/model/vocabulary.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { groupById } from '../store/group-detail.ts';
import { currentId } from '../store/group-links.ts';
import { personById } from '../store/people.ts';
import {
  approvedCorrections,
  type CorrectionRow,
  changeCorrection,
  correctionById,
  insertCorrection,
  livingCorrectionOf,
  namesOfSourceRules,
  sourceRuleById,
} from '../store/severity-corrections.ts';
import type { Read } from '../store/store.ts';
import { personOf, told } from './rule-life-commands.ts';

/** Two people together take what a product's rule claims for another severity, for a time. */
export function severityCorrectionCommands(policy: TriagePolicy): Readonly<Record<string, Command>> {
  return {
    'rules.proposeCorrection': command(propose),
    'rules.decideCorrection': command((context, input: InputOf<'rules', 'decideCorrection'>) =>
      decide(context, input, policy),
    ),
    'rules.endCorrection': command(end),
  };
}

/** "high claims of “ET SCAN Nmap” (suricata) for medium", to go on "to take" */
async function inWords(
  db: Read,
  row: Pick<CorrectionRow, 'product' | 'source_rule' | 'claimed' | 'corrected'>,
): Promise<string> {
  const { product, claimed, corrected } = row;
  const name = (await namesOfSourceRules(db, [row]))(row);
  return `${severityOfRank(claimed)} claims of “${name}” (${product}) for ${severityOfRank(corrected)}`;
}

async function propose(
  context: CommandContext,
  { statement, groupId, claimed, corrected, days, reason }: InputOf<'rules', 'proposeCorrection'>,
): Promise<OutputOf<'rules', 'proposeCorrection'>> {
  const { tx, nowMs } = context;
  const by = personOf(context);
  const group = await groupById(tx, await currentId(tx, groupId));
  const rule = group === null ? null : await sourceRuleById(tx, group.source_rule_id);
  if (rule === null)
    throw new EngineError('not_found', 'This item does not exist, or no rule of its product is known.');
  const expiresAtMs = nowMs + days * 86_400_000;
  const [problem] = checkCorrection({ claimed, corrected, expiresAtMs }, nowMs);
  if (problem !== undefined) throw new EngineError('invalid_input', problem);
  const proposed = {
    product: rule.product,
    source_rule: rule.rule_id,
    claimed: severityRank(claimed),
    corrected: severityRank(corrected),
    reason,
    proposed_by: by.id,
    proposed_at_ms: nowMs,
    expires_at_ms: expiresAtMs,
  };
  const before = await livingCorrectionOf(tx, proposed);
  if (before !== null) {
    const how = before.state === 'open' ? 'proposed' : 'in force';
    throw new EngineError('conflict', `A correction of the same claim is ${how} already. Take it back first.`);
  }
  const correctionId = await insertCorrection(tx, proposed);
  const summary = `Proposed to take ${await inWords(tx, proposed)}: ${reason}`;
  return { ...(await told(context, statement, 'severity.propose', summary)), correctionId };
}

async function known(db: Read, id: number): Promise<CorrectionRow> {
  const row = await correctionById(db, id);
  if (row === null) throw new EngineError('not_found', 'There is no such correction.');
  return row;
}

/** Why this person may not approve a proposed correction; null when they may. */
export async function blockFor(
  db: Read,
  personId: string,
  row: Pick<CorrectionRow, 'proposed_by'>,
  policy: Pick<TriagePolicy, 'approverTiers'>,
): Promise<string | null> {
  if (row.proposed_by === personId) return 'You proposed it: a second person has to approve.';
  const person = await personById(db, personId);
  if (person === null) return 'You are not on the team list.';
  if (policy.approverTiers.includes(person.tier) || person.roles.includes('lead')) return null;
  return `A correction is approved by ${policy.approverTiers.join(', ')} or a lead.`;
}

async function decide(
  context: CommandContext,
  { statement, correctionId, verdict, reason }: InputOf<'rules', 'decideCorrection'>,
  policy: TriagePolicy,
): Promise<DecisionResult> {
  const { tx, nowMs } = context;
  const by = personOf(context);
  const row = await known(tx, correctionId);
  if (row.state !== 'open') throw new EngineError('conflict', `This correction is ${row.state} already.`);
  const block = await blockFor(tx, by.id, row, policy);
  if (block !== null) throw new EngineError('forbidden', block);
  if (verdict === 'approve' && nowMs >= row.expires_at_ms) {
    throw new EngineError('conflict', 'Its time was over before it was approved. Propose it again.');
  }
  const words = await inWords(tx, row);
  const state = verdict === 'approve' ? 'approved' : 'rejected';
  await changeCorrection(tx, row.id, { state, decided_by: by.id, decided_at_ms: nowMs, decided_reason: reason });
  const summary =
    verdict === 'approve' ? `Approved to take ${words}: ${reason}` : `Sent back to take ${words}: ${reason}`;
  return told(context, statement, 'severity.decide', summary);
}

/** Who proposed it withdraws it while it waits; what acts can be taken back by anybody: the claim counts again then. */
async function end(
  context: CommandContext,
  { statement, correctionId, reason }: InputOf<'rules', 'endCorrection'>,
): Promise<DecisionResult> {
  const { tx, nowMs } = context;
  const by = personOf(context);
  const row = await known(tx, correctionId);
  if (row.state === 'open') {
    if (row.proposed_by !== by.id) throw new EngineError('forbidden', 'Only who proposed it can withdraw it.');
  } else if (row.state !== 'approved') throw new EngineError('conflict', `This correction is ${row.state} already.`);
  const words = await inWords(tx, row);
  const state = row.state === 'open' ? 'withdrawn' : 'ended';
  await changeCorrection(tx, row.id, { state, ended_by: by.id, ended_at_ms: nowMs, ended_reason: reason });
  const summary = `No longer takes ${words}: ${reason}`;
  return told(context, statement, 'severity.end', summary);
}

/** Writes down which corrections are over, so that a clock that goes back gives none its force again. */
export async function endCorrectionTimes({ tx, nowMs, record, touch }: CommandContext): Promise<boolean> {
  const over = (await approvedCorrections(tx)).filter((row) => nowMs >= row.expires_at_ms);
  for (const row of over) {
    await changeCorrection(tx, row.id, { state: 'ended', ended_at_ms: nowMs, ended_reason: 'Its time is over.' });
    const words = await inWords(tx, row);
    const summary = `Time is over to take ${words}`;
    await record({ kind: 'severity.end', statement: null, summary, subjects: [] });
  }
  if (over.length > 0) touch('rule');
  return over.length > 0;
}

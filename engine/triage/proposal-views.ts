import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { FieldMatch } from '../../shared/model/rule.ts';
import type { Backtest, BacktestReport, Beside, Proposal } from '../../shared/model/rule-life.ts';
import { type Disposition, severityOfRank } from '../../shared/model/vocabulary.ts';
import type { OutputOf } from '../handlers.ts';
import { groupById } from '../store/group-detail.ts';
import { personNames } from '../store/people.ts';
import {
  type BacktestRow,
  backtestById,
  backtestHits,
  commentCounts,
  commentsOf,
  listProposals,
  type ProposalRow,
  proposalById,
  ruleVersion,
} from '../store/rule-life.ts';
import { currentRuleVersions } from '../store/rule-versions.ts';
import type { Read } from '../store/store.ts';
import { besideOf } from './beside.ts';
import { blocksFor, blocksOf } from './rule-life-commands.ts';

/** A backtest as people read it, with what is owed. */
export async function backtestView(db: Read, row: BacktestRow): Promise<Backtest> {
  const names = await personNames(db);
  const hits: Backtest['hits'] = [];
  for (const hit of await backtestHits(db, row.id)) {
    const group = await groupById(db, hit.group_id);
    if (group === null) continue;
    hits.push({
      groupId: group.id,
      title: group.title,
      severity: severityOfRank(group.severity),
      entity: group.entity_value,
      observedAtMs: group.last_observed_at_ms,
      disposition: (group.disposition ?? 'true_positive') as Disposition,
      matched: JSON.parse(hit.matched_json) as FieldMatch[],
      answer: hit.answer as Backtest['hits'][number]['answer'],
      answerReason: hit.reason,
      answeredBy: hit.answered_by === null ? null : (names.get(hit.answered_by) ?? hit.answered_by),
    });
  }
  return {
    id: row.id,
    ruleId: row.rule_id,
    version: row.version,
    state: row.state as Backtest['state'],
    startedAtMs: row.started_at_ms,
    progress: row.progress_permille / 1_000,
    problem: row.problem,
    report: row.report_json === null ? null : (JSON.parse(row.report_json) as BacktestReport),
    hits,
    unanswered: hits.filter(({ answer }) => answer === null).length,
  };
}

interface Viewing {
  caller: { id: string };
  policy: TriagePolicy;
  nowMs: number;
  names: ReadonlyMap<string, string>;
  comments: ReadonlyMap<number, number>;
}

async function viewOf(
  db: Read,
  row: ProposalRow,
  { caller, policy, nowMs, names, comments }: Viewing,
): Promise<Proposal> {
  const version = await ruleVersion(db, row.rule_id, row.version);
  const isOpen = row.state === 'open' && version !== null;
  const blocks = isOpen
    ? [...(await blocksFor(db, caller, row, version, policy)), ...(await blocksOf(db, version, policy, nowMs))]
    : [];
  return {
    id: row.id,
    ruleId: row.rule_id,
    version: row.version,
    title: version?.title ?? row.rule_id,
    author: names.get(row.author_id) ?? row.author_id,
    text: row.text,
    createdAtMs: row.created_at_ms,
    state: row.state as Proposal['state'],
    decidedBy: row.decided_by === null ? null : (names.get(row.decided_by) ?? row.decided_by),
    decidedAtMs: row.decided_at_ms,
    decidedReason: row.decided_reason,
    backtestId: row.backtest_id,
    comments: comments.get(row.id) ?? 0,
    blocks,
  };
}

/** Proposals as this caller sees them: what keeps them from approving stands with each. */
export async function listProposalViews(
  db: Read,
  caller: { id: string },
  isOpen: boolean,
  policy: TriagePolicy,
  nowMs: number,
): Promise<Proposal[]> {
  const viewing = { caller, policy, nowMs, names: await personNames(db), comments: await commentCounts(db) };
  const views: Proposal[] = [];
  for (const row of await listProposals(db, isOpen)) views.push(await viewOf(db, row, viewing));
  return views;
}

/** Only while it waits: once it is decided, nothing speaks beside the version in force. */
async function besideOfProposal(db: Read, { state, rule_id, version }: ProposalRow): Promise<Beside | null> {
  const beside = state === 'open' ? await besideOf(db, rule_id) : null;
  return beside?.version === version ? beside : null;
}

/** One proposal with its text, the text in force, its backtest and what people said. Throws `not_found`. */
export async function proposalView(
  db: Read,
  caller: { id: string },
  id: number,
  policy: TriagePolicy,
  nowMs: number,
): Promise<OutputOf<'rules', 'proposal'>> {
  const row = await proposalById(db, id);
  const version = row === null ? null : await ruleVersion(db, row.rule_id, row.version);
  const backtest = row === null ? null : await backtestById(db, row.backtest_id);
  if (row === null || version === null || backtest === null) {
    throw new EngineError('not_found', 'There is no such proposal.');
  }
  const names = await personNames(db);
  const viewing = { caller, policy, nowMs, names, comments: await commentCounts(db) };
  const inForce = (await currentRuleVersions(db)).find((each) => each.rule_id === row.rule_id);
  return {
    proposal: await viewOf(db, row, viewing),
    document: version.document,
    before: inForce === undefined || inForce.version === version.version ? null : inForce.document,
    backtest: await backtestView(db, backtest),
    beside: await besideOfProposal(db, row),
    comments: (await commentsOf(db, id)).map((comment) => ({
      id: comment.id,
      author: names.get(comment.author_id) ?? comment.author_id,
      atMs: comment.at_ms,
      text: comment.text,
    })),
  };
}

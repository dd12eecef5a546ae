import { hasRole } from '../../shared/contract/base.ts';
import { type DecidedBy, decide, type GroupDecision } from '../../shared/domain/decisions/group-transition.ts';
import type { DecisionKind, DecisionResult, Statement } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { Selection } from '../../shared/model/queue.ts';
import type { CommandContext } from '../handlers.ts';
import { digestOfIds } from '../ledger/entry.ts';
import { GroupChanges } from '../store/group-changes.ts';
import { columnsOfState, type DecidableRow, stateOf } from '../store/group-state.ts';
import { CoverageOf } from './coverage.ts';
import type { RegroupDeps } from './regroup-content.ts';
import type { FindByText } from './resolve-filter.ts';
import { loadSelected, type SelectedIds, type Skipped, selectIds } from './selection.ts';

export interface DecisionDeps extends RegroupDeps {
  policies: Policies;
  findByText: FindByText;
}

/** So many skipped items are told one by one. */
const SKIPPED_TOLD = 100;

export interface GroupDecisionRequest {
  kind: DecisionKind;
  statement: Statement;
  selection: Selection;
  decision: GroupDecision;
  /** The sentence of the timeline. */
  summary: string;
  /** What the person is told, from how many items changed. */
  tell: (changed: number) => string;
}

export interface Decided {
  result: DecisionResult;
  /** Items that the decision covers, as they were before. */
  rows: DecidableRow[];
}

/** The person who decides; machines do not come this way. */
export function decidedBy({ actor }: CommandContext): DecidedBy {
  if (actor.kind !== 'person') throw new EngineError('unauthenticated', 'Say who you are first.');
  return { id: actor.id, isLead: hasRole(actor.roles, 'lead') };
}

/** The statement is what the person will have signed, so it must say what the command does. */
export function checkStatement(statement: Statement, kind: DecisionKind, ids: readonly number[] | null): void {
  if (statement.kind !== kind) {
    throw new EngineError('invalid_input', `The statement says "${statement.kind}", the command is "${kind}".`);
  }
  if (statement.subjects === null || ids === null) return;
  const said = [...statement.subjects].sort((a, b) => a - b);
  const meant = [...ids].sort((a, b) => a - b);
  if (said.length !== meant.length || said.some((id, i) => id !== meant[i])) {
    throw new EngineError('invalid_input', 'The statement names other items than the command.');
  }
}

/**
 * The set that a statement stands for must be the set that is decided on: by its digest as `queue.prepare` gave it, and
 * by the versions that the person saw. Throws `conflict` when other items match by now, `invalid_input` for versions.
 */
function checkSubjects(statement: Statement, { ids, versions, counts }: SelectedIds): void {
  const { subjects, subjectsDigest, basedOn, basedOnCounts } = statement;
  if (subjectsDigest !== null && subjectsDigest !== digestOfIds(ids)) {
    throw new EngineError('conflict', 'Other items match now than when you looked. Look again before you decide.');
  }
  if (basedOnCounts !== undefined && subjects !== null) {
    const isSame =
      basedOnCounts.length === subjects.length && subjects.every((id, i) => counts?.get(id) === basedOnCounts[i]);
    if (!isSame) throw new EngineError('invalid_input', 'The statement names other counts of alerts than the command.');
  }
  if (subjects === null || versions === null || basedOn.length === 0) return;
  if (basedOn.length !== subjects.length || subjects.some((id, i) => versions.get(id) !== basedOn[i])) {
    throw new EngineError('invalid_input', 'The statement names other versions than the command.');
  }
}

/**
 * One decision over a selection: each item gets its new state or is skipped with a reason; then one ledger entry.
 * Refused as a conflict when nothing is left of what was asked because others were faster.
 */
export async function decideOn(
  context: CommandContext,
  deps: DecisionDeps,
  request: GroupDecisionRequest,
): Promise<Decided> {
  const { tx, nowMs } = context;
  const { selection, statement, kind, decision } = request;
  const by = decidedBy(context);
  const selected = await selectIds(tx, selection, by.id, deps.findByText);
  checkStatement(statement, kind, selection.kind === 'items' ? selected.ids : null);
  checkSubjects(statement, selected);
  const changes = new GroupChanges(tx, nowMs);
  const moved: Skipped[] = [];
  const refused: Skipped[] = [];
  const covered: DecidableRow[] = [];
  const coverage = new CoverageOf(tx, deps.formats);
  for await (const rows of loadSelected(tx, selected, moved)) {
    for (const row of rows) {
      const covering = await withCoverage(decision, row, selected, coverage);
      if (covering.kind === 'refused') {
        moved.push({ id: row.id, reason: covering.reason });
        continue;
      }
      const outcome = decide(stateOf(row), covering.decision, by, nowMs, deps.policies.sla);
      if (outcome.kind === 'refused') {
        refused.push({ id: row.id, reason: outcome.reason });
        continue;
      }
      await changes.change(row, columnsOfState(outcome.state));
      covered.push(row);
      context.touch('group', row.id);
    }
  }
  await changes.finish();
  const [firstMoved] = moved;
  if (covered.length === 0 && refused.length === 0 && firstMoved !== undefined) {
    const subject = moved.length === 1 ? 'This item' : `Each of the ${moved.length} items has changed; the first`;
    throw new EngineError('conflict', `${subject} ${firstMoved.reason}. Look at it again before you decide.`);
  }
  const skipped = [...moved, ...refused].slice(0, SKIPPED_TOLD);
  if (covered.length === 0) {
    return { result: { decisionId: null, changed: 0, skipped, summary: nothingDone(refused), seq: 0 }, rows: [] };
  }
  const decisionId = await context.record({ kind, statement, summary: request.summary, subjects: changes.subjects });
  const result = { decisionId, changed: covered.length, skipped, summary: request.tell(covered.length), seq: 0 };
  return { result, rows: covered };
}

/** A closing covers the alerts that the person saw; every other decision is about the item as it is. */
async function withCoverage(
  decision: GroupDecision,
  row: DecidableRow,
  { counts }: SelectedIds,
  coverage: CoverageOf,
): Promise<{ kind: 'decided'; decision: GroupDecision } | { kind: 'refused'; reason: string }> {
  if (decision.kind !== 'dispose' || row.is_open === 0) return { kind: 'decided', decision };
  const found = await coverage.seen(row, counts?.get(row.id) ?? null);
  return found.kind === 'refused' ? found : { kind: 'decided', decision: { ...decision, covers: found.covers } };
}

function nothingDone(refused: readonly Skipped[]): string {
  const [first] = refused;
  if (first === undefined) return 'Nothing matches any more.';
  return refused.length === 1 ? `Nothing changed: it ${first.reason}.` : `Nothing changed: the first ${first.reason}.`;
}

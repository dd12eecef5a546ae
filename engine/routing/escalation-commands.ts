import { reachableIds } from '../../shared/domain/roster/on-duty.ts';
import { mayActOnEscalation } from '../../shared/domain/routing/answer-escalation.ts';
import { ackDueAtMs } from '../../shared/domain/routing/clock.ts';
import { tierInWords } from '../../shared/domain/routing/escalate.ts';
import type { DecisionKind, DecisionResult, Statement } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Person } from '../../shared/model/people.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { Escalation } from '../../shared/model/queue.ts';
import { severityOfRank, type Tier } from '../../shared/model/vocabulary.ts';
import type { CommandContext, InputOf } from '../handlers.ts';
import {
  changeEscalation,
  type EscalationChange,
  type EscalationWithGroup,
  loadEscalation,
} from '../store/escalations.ts';
import { GroupChanges } from '../store/group-changes.ts';
import type { DecidedState } from '../store/group-state.ts';
import { listDuties, personById } from '../store/people.ts';
import { checkStatement } from './decide.ts';

type Action = 'accept' | 'answer' | 'return';

/** Takes an escalation on: the item is then that person's, and stays with their tier. */
export async function acceptEscalation(
  context: CommandContext,
  input: InputOf<'escalations', 'accept'>,
): Promise<DecisionResult> {
  const { person, found } = await prepare(context, 'accept', input.id);
  return write(context, found, {
    kind: 'escalation.accept',
    statement: input.statement,
    change: { status: 'accepted', accepted_by: person.id },
    group: { assignee_id: person.id, status: 'in_progress' },
    summary: `Escalation accepted by ${person.name}`,
  });
}

/** Answers the question. The clock stops, and the item stays with whoever answered until they close it or return it. */
export async function answerEscalation(
  context: CommandContext,
  input: InputOf<'escalations', 'answer'>,
): Promise<DecisionResult> {
  const { person, found } = await prepare(context, 'answer', input.id);
  return write(context, found, {
    kind: 'escalation.answer',
    statement: input.statement,
    change: {
      status: 'answered',
      accepted_by: found.escalation.accepted_by ?? person.id,
      answer: input.answer,
      answered_by: person.id,
      answered_at_ms: context.nowMs,
    },
    group: found.group.tier === found.escalation.to_tier ? answeredItem(found, person) : {},
    summary: `Escalation answered: ${input.answer}`,
  });
}

/** The answering tier owns the item now. One that moved on to another tier meanwhile is left as it is. */
function answeredItem({ group }: EscalationWithGroup, person: Person): Partial<DecidedState> {
  return {
    assignee_id: group.assignee_id ?? person.id,
    status: group.status === 'on_hold' ? 'on_hold' : 'in_progress',
    due_at_ms: null,
  };
}

/**
 * Gives the item back to the tier that asked, with the reason as its answer. It goes to the person who asked while
 * they can be reached, else to the pool of that tier; either way a new clock runs until somebody takes it on.
 */
export async function returnEscalation(
  context: CommandContext,
  input: InputOf<'escalations', 'return'>,
  policies: Policies,
): Promise<DecisionResult> {
  const { person, found } = await prepare(context, 'return', input.id);
  const { escalation, group } = found;
  const { nowMs, tx } = context;
  const reachable = reachableIds(await listDuties(tx, nowMs, nowMs + 1), nowMs);
  const severity = severityOfRank(group.severity);
  return write(context, found, {
    kind: 'escalation.return',
    statement: input.statement,
    change: {
      status: 'returned',
      accepted_by: escalation.accepted_by ?? person.id,
      answer: input.reason,
      answered_by: person.id,
      answered_at_ms: nowMs,
    },
    group: {
      tier: escalation.from_tier,
      assignee_id: reachable.has(escalation.asked_by) ? escalation.asked_by : null,
      status: 'new',
      hold_until_ms: null,
      due_at_ms: ackDueAtMs({ severity, startedAtMs: nowMs }, policies.sla),
    },
    summary: `Returned to ${tierInWords(escalation.from_tier as Tier)}: ${input.reason}`,
  });
}

async function prepare(
  context: CommandContext,
  action: Action,
  id: number,
): Promise<{ person: Person; found: EscalationWithGroup }> {
  const { actor, tx } = context;
  const person = actor.kind === 'person' ? await personById(tx, actor.id) : null;
  if (person === null || !person.isActive) {
    throw new EngineError('forbidden', 'Only somebody of the team can act on an escalation.');
  }
  const found = await loadEscalation(tx, id);
  if (found === null) throw new EngineError('not_found', 'This escalation does not exist.');
  const { escalation, group } = found;
  const may = mayActOnEscalation(
    action,
    {
      status: escalation.status as Escalation['status'],
      fromTier: escalation.from_tier as Tier,
      toTier: escalation.to_tier as Tier,
      acceptedBy: escalation.accepted_by,
      isItemOpen: group.is_open === 1,
      itemTier: group.tier as Tier,
    },
    person,
  );
  if (may.kind !== 'yes') throw new EngineError(may.kind, may.reason);
  return { person, found };
}

interface EscalationDecision {
  kind: DecisionKind;
  statement: Statement;
  change: EscalationChange;
  group: Partial<DecidedState>;
  summary: string;
}

async function write(
  context: CommandContext,
  { escalation, group }: EscalationWithGroup,
  decision: EscalationDecision,
): Promise<DecisionResult> {
  checkStatement(decision.statement, decision.kind, null);
  const { tx, nowMs } = context;
  await changeEscalation(tx, escalation.id, decision.change);
  const changes = new GroupChanges(tx, nowMs);
  await changes.change(group, { ...group, ...decision.group });
  await changes.finish();
  context.touch('escalation', group.id);
  context.touch('group', group.id);
  const { kind, statement, summary } = decision;
  const decisionId = await context.record({ kind, statement, summary, subjects: changes.subjects });
  return { decisionId, changed: 1, skipped: [], summary, seq: 0 };
}

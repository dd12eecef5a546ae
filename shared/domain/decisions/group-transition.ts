import type { SlaPolicy } from '../../model/policy.ts';
import { type Disposition, nextTier, type Severity, type Status, type Tier } from '../../model/vocabulary.ts';
import { ackDueAtMs } from '../routing/clock.ts';
import { dispositionInWords } from './sentences.ts';

/** What decisions change of an alert group. */
export interface GroupState {
  severity: Severity;
  status: Status;
  disposition: Disposition | null;
  tier: Tier;
  assigneeId: string | null;
  notNowCount: number;
  dueAtMs: number | null;
  holdUntilMs: number | null;
  tags: readonly string[];
  /** What came in that nobody who works on it has looked at yet. */
  news: string | null;
  /** Null while open. */
  closed: {
    atMs: number;
    kind: 'person' | 'rule' | 'source';
    id: string;
    ruleVersion: number | null;
    reason: string | null;
    /** Up to which alert a person's closing goes; null where no person closed it. */
    covers: Covers | null;
  } | null;
}

/** What a person saw when they closed a group, and how many alerts came in since that brought nothing new. */
export interface Covers {
  throughAlertId: number;
  laterCount: number;
}

export type GroupDecision =
  | { kind: 'acknowledge' }
  | { kind: 'assign'; personId: string | null }
  | { kind: 'dispose'; disposition: Disposition; reason: string; covers?: Covers | null }
  | { kind: 'reopen' }
  | { kind: 'escalate'; toTier: Tier; dueAtMs: number }
  | { kind: 'hold'; untilMs: number }
  | { kind: 'notNow' }
  | { kind: 'tag'; tag: string; isRemoved: boolean }
  | { kind: 'note' }
  /** The hold is over; decided by the clock. */
  | { kind: 'resume' };

export interface DecidedBy {
  id: string;
  isLead: boolean;
}

export type Transition = { kind: 'changed'; state: GroupState } | { kind: 'refused'; reason: string };

export const TAGS_MAX = 50;

/**
 * The state of a group after a decision, or why the decision does not apply to it. Reasons go on from the item's
 * title: "is already closed as false positive".
 */
export function decide(
  state: GroupState,
  decision: GroupDecision,
  by: DecidedBy,
  nowMs: number,
  policy: SlaPolicy,
): Transition {
  const outcome = transition(state, decision, by, nowMs, policy);
  // Whoever decides on an item by themselves has looked at it.
  if (outcome.kind === 'refused' || state.news === null || NO_LOOK.includes(decision.kind)) return outcome;
  if (decision.kind === 'assign' && decision.personId !== by.id) return outcome;
  return changed({ ...outcome.state, news: null });
}

/** Decisions that are made without looking at what came in. */
const NO_LOOK: readonly GroupDecision['kind'][] = ['note', 'tag', 'resume'];

function transition(
  state: GroupState,
  decision: GroupDecision,
  by: DecidedBy,
  nowMs: number,
  policy: SlaPolicy,
): Transition {
  switch (decision.kind) {
    case 'note':
      return changed(state);
    case 'tag':
      return tag(state, decision.tag, decision.isRemoved);
    case 'reopen':
      return reopen(state, nowMs, policy);
    default:
  }
  if (state.closed !== null) return refused(`is already closed${closedAs(state)}. Reopen it first`);
  switch (decision.kind) {
    case 'acknowledge':
      return acknowledge(state, by, nowMs);
    case 'assign':
      return decision.personId === null ? release(state, by) : assign(state, decision.personId, by, nowMs);
    case 'dispose':
      return changed(closedBy(state, by.id, decision, nowMs));
    case 'escalate':
      return changed({
        ...endHold(state, nowMs),
        status: 'acknowledged',
        tier: decision.toTier,
        assigneeId: null,
        notNowCount: 0,
        dueAtMs: decision.dueAtMs,
      });
    case 'hold':
      return hold(state, decision.untilMs, nowMs);
    case 'notNow':
      return notNow(state, by, policy);
    case 'resume':
      return resume(state, nowMs, policy);
  }
}

function changed(state: GroupState): Transition {
  return { kind: 'changed', state };
}

function refused(reason: string): Transition {
  return { kind: 'refused', reason };
}

function closedAs(state: GroupState): string {
  return state.disposition === null ? '' : ` as ${dispositionInWords(state.disposition)}`;
}

/** The first look. It stops the clock of the first acknowledgement, and whoever looks first owns what nobody owns. */
function acknowledge(state: GroupState, by: DecidedBy, nowMs: number): Transition {
  if (state.status === 'new') {
    return changed({ ...state, status: 'acknowledged', assigneeId: state.assigneeId ?? by.id, dueAtMs: null });
  }
  if (state.assigneeId === null) {
    const free = endHold(state, nowMs);
    return changed({ ...free, status: 'acknowledged', assigneeId: by.id });
  }
  // Something more severe came in after the first look: it is looked at again, by whoever has it.
  if (state.news !== null) return changed({ ...state, dueAtMs: null });
  return refused(state.status === 'on_hold' ? 'is on hold' : 'is already acknowledged');
}

/** Taking work up starts it; being given it by a lead leaves its clock running until the first look. */
function assign(state: GroupState, personId: string, by: DecidedBy, nowMs: number): Transition {
  if (personId !== by.id) {
    if (!by.isLead) return refused('can be given to another person by a lead only');
    if (state.assigneeId === personId) return refused('is already with that person');
    return changed({ ...state, assigneeId: personId });
  }
  if (state.assigneeId === personId && state.status === 'in_progress') return refused('is already yours');
  const free = endHold(state, nowMs);
  return changed({
    ...free,
    assigneeId: personId,
    status: 'in_progress',
    dueAtMs: state.status === 'new' ? null : free.dueAtMs,
  });
}

function release(state: GroupState, by: DecidedBy): Transition {
  if (state.assigneeId === null) return refused('is not owned by anyone');
  if (state.assigneeId !== by.id && !by.isLead) return refused('is with somebody else; they or a lead can release it');
  return changed({
    ...state,
    assigneeId: null,
    status: state.status === 'in_progress' ? 'acknowledged' : state.status,
  });
}

function closedBy(
  state: GroupState,
  personId: string,
  { disposition, reason, covers = null }: Extract<GroupDecision, { kind: 'dispose' }>,
  nowMs: number,
): GroupState {
  return {
    ...state,
    status: 'closed',
    disposition,
    dueAtMs: null,
    holdUntilMs: null,
    closed: { atMs: nowMs, kind: 'person', id: personId, ruleVersion: null, reason, covers },
  };
}

/** Back to the pool of its tier with a new clock, whoever had closed it. */
function reopen(state: GroupState, nowMs: number, policy: SlaPolicy): Transition {
  if (state.closed === null) return refused('is open');
  return changed({
    ...state,
    status: 'new',
    disposition: null,
    assigneeId: null,
    notNowCount: 0,
    dueAtMs: ackDueAtMs({ severity: state.severity, startedAtMs: nowMs }, policy),
    closed: null,
  });
}

/** Holding is a first look too. A clock that runs is put off by as long as the hold lasts. */
function hold(state: GroupState, untilMs: number, nowMs: number): Transition {
  const free = endHold(state, nowMs);
  if (state.holdUntilMs === untilMs) return refused('is already on hold until then');
  return changed({
    ...free,
    status: 'on_hold',
    holdUntilMs: untilMs,
    dueAtMs: state.status === 'new' || free.dueAtMs === null ? null : free.dueAtMs + (untilMs - nowMs),
  });
}

/** Takes back what is left of a hold, and of the time by which it had put off the clock. */
function endHold(state: GroupState, nowMs: number): GroupState {
  if (state.holdUntilMs === null) return state;
  const left = Math.max(0, state.holdUntilMs - nowMs);
  return { ...state, holdUntilMs: null, dueAtMs: state.dueAtMs === null ? null : state.dueAtMs - left };
}

/** Counted on the item. At the limit it goes up a tier, where the count starts anew. */
function notNow(state: GroupState, by: DecidedBy, policy: SlaPolicy): Transition {
  if (state.assigneeId !== null && state.assigneeId !== by.id) return refused('is with somebody else');
  const put = {
    ...state,
    assigneeId: null,
    status: state.status === 'in_progress' ? ('acknowledged' as const) : state.status,
    notNowCount: state.notNowCount + 1,
  };
  const up = nextTier(state.tier);
  if (put.notNowCount < policy.notNowLimit || up === null) return changed(put);
  return changed({ ...put, tier: up, notNowCount: 0 });
}

function tag(state: GroupState, name: string, isRemoved: boolean): Transition {
  const has = state.tags.includes(name);
  if (isRemoved && !has) return refused('does not have that tag');
  if (isRemoved) return changed({ ...state, tags: state.tags.filter((known) => known !== name) });
  if (has) return refused('has that tag already');
  if (state.tags.length >= TAGS_MAX) return refused(`has ${TAGS_MAX} tags already`);
  return changed({ ...state, tags: [...state.tags, name] });
}

function resume(state: GroupState, nowMs: number, policy: SlaPolicy): Transition {
  if (state.status !== 'on_hold') return refused('is not on hold');
  const free = endHold(state, nowMs);
  if (state.assigneeId !== null) return changed({ ...free, status: 'acknowledged' });
  return changed({
    ...free,
    status: 'new',
    dueAtMs: free.dueAtMs ?? ackDueAtMs({ severity: state.severity, startedAtMs: nowMs }, policy),
  });
}

import type { Priority, PriorityTerm } from '../../model/priority.ts';
import type { Disposition, PriorityLevel, Severity, Status, Tier } from '../../model/vocabulary.ts';
import { dispositionInWords } from '../decisions/sentences.ts';
import { tierInWords } from '../routing/escalate.ts';

export interface WhyFacts {
  severity: Severity;
  level: PriorityLevel;
  points: number;
  priority: Pick<Priority, 'terms' | 'adjustments'>;
  status: Status;
  tier: Tier;
  ownerName: string | null;
  dueAtMs: number | null;
  holdUntilMs: number | null;
  notNowCount: number;
  closed: { by: string; disposition: Disposition | null } | null;
  /** Whole sentences, each naming a rule that would have closed it and what kept it from doing so. */
  withheld: readonly string[];
}

/** One sentence: why the item is here and why now. The same facts give the same sentence on every screen. */
export function whyHere(facts: WhyFacts, nowMs: number): string {
  if (facts.closed !== null) {
    const as = facts.closed.disposition === null ? '' : ` as ${dispositionInWords(facts.closed.disposition)}`;
    return `It is no longer in the queue: ${facts.closed.by} closed it${as}.`;
  }
  const points = Math.round(facts.points);
  return `${facts.level} with ${points} points because ${mainReason(facts)}; ${placeOf(facts)}, ${clockOf(facts, nowMs)}${guardOf(facts)}.`;
}

/** The term that moved the points most, or the adjustment that overruled all of them. */
function mainReason({ priority, severity }: WhyFacts): string {
  const [adjusted] = priority.adjustments;
  if (adjusted !== undefined) return lowerFirst(withoutStop(adjusted));
  const raising = priority.terms.filter((term) => term.known && term.points > 0);
  const [most] = raising.toSorted((a, b) => b.points - a.points);
  if (most !== undefined) return lowerFirst(withoutStop(most.reason));
  const precision = priority.terms.find((term: PriorityTerm) => term.factor === 'precision');
  if (precision !== undefined) return lowerFirst(withoutStop(precision.reason));
  return `its severity is ${severity}`;
}

function placeOf({ tier, ownerName, status, notNowCount }: WhyFacts): string {
  const owner =
    ownerName === null ? 'nobody owns it yet' : `${ownerName} ${status === 'in_progress' ? 'works on it' : 'has it'}`;
  const put = notNowCount > 0 ? `, put off ${notNowCount === 1 ? 'once' : `${notNowCount} times`}` : '';
  return `it is with ${tierInWords(tier)}, ${owner}${put}`;
}

function clockOf({ dueAtMs, holdUntilMs, status }: WhyFacts, nowMs: number): string {
  if (status === 'on_hold' && holdUntilMs !== null) return `on hold for ${inWords(holdUntilMs - nowMs)} more`;
  if (dueAtMs === null) return 'and no clock runs';
  return dueAtMs <= nowMs
    ? `and its clock ran out ${inWords(nowMs - dueAtMs)} ago`
    : `and its clock is due in ${inWords(dueAtMs - nowMs)}`;
}

function guardOf({ withheld }: WhyFacts): string {
  const [first] = withheld;
  return first === undefined ? '' : `. ${withoutStop(first)}`;
}

/** "12 minutes", "3 hours", "2 days": the largest unit that is not nothing, and only what is over of it, as clocks are read. */
export function inWords(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}

/** Keeps names and ids as they are: only an ordinary word at the start loses its capital. */
function lowerFirst(sentence: string): string {
  return /^[A-Z][a-z]/.test(sentence) ? `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence;
}

import type { RuleAction } from '../../model/rule.ts';
import type { Severity } from '../../model/vocabulary.ts';
import type { FieldSubject } from '../alert/ecs-fields.ts';
import { fieldValues } from '../alert/ecs-fields.ts';
import { evaluateRules, type RuleHit, type RuleSet } from '../rules/rule-set.ts';
import { guardAgainstClosing, guardApproval } from './guards.ts';
import { isExpired } from './rule-life.ts';
import type { TriageHit, TriageOutcome } from './triage-outcome.ts';
import type { TriagePolicy } from './triage-policy.ts';
import { sentenceOf } from './triage-sentence.ts';

export interface TriageContext {
  nowMs: number;
  /** The one switch: while it is on, rules only say what they would do. */
  automationPaused: boolean;
  /** Alerts that each rule closed on this UTC day, by rule id. */
  closedTodayByRule: ReadonlyMap<string, number>;
  policy: TriagePolicy;
  /** What guards take this alert for, where people corrected what its product claims; its own claim otherwise. */
  severity?: Severity;
  /** Until when alerts with this key are suppressed by this rule; null when they are not. */
  suppressedUntilMs(ruleId: string, key: string): number | null;
}

/**
 * What the rules do with one alert. Total and deterministic: the same subject, rules and context give the same
 * outcome. Rules in shadow only speak; a closing action passes the guards or is withheld with the reason; a
 * condition that hangs on something unknown closes nothing.
 */
export function decideTriage(subject: FieldSubject, ruleSet: RuleSet, context: TriageContext): TriageOutcome {
  return decideOnHits(evaluateRules(ruleSet, subject), subject, context);
}

/** The same for who has asked the rules already: `hits` is what `evaluateRules` says of the subject. */
export function decideOnHits(hits: readonly RuleHit[], subject: FieldSubject, context: TriageContext): TriageOutcome {
  const outcome: TriageOutcome = {
    close: null,
    suppress: [],
    tags: [],
    priorityStep: 0,
    priorityStepBy: null,
    route: null,
    escalate: null,
    playbook: null,
    hits: [],
  };
  const decided = hits.flatMap((hit) => standingOf(hit, context) ?? []);
  // Escalations come first: a rule that asks for people must not lose the alert to one that closes.
  for (const each of decided) if (each.acts) applyEscalation(each.hit, outcome);
  for (const each of decided) outcome.hits.push(applyHit(each, subject, context, outcome));
  outcome.tags = [...new Set(outcome.tags)].sort();
  return outcome;
}

interface StandingHit {
  hit: RuleHit;
  acts: boolean;
  /** Why it only speaks. */
  reason: string | null;
}

/** Whether a rule may act at all; null for one that does not even speak. */
function standingOf(hit: RuleHit, context: TriageContext): StandingHit | null {
  const { status } = hit.rule.document;
  if (status === 'draft' || status === 'suspended' || status === 'expired') return null;
  if (isExpired(hit.rule.document.expires, context.nowMs)) return null;
  if (hit.result === 'unknown' && !hit.rule.closes) return null;
  if (status === 'shadow') return { hit, acts: false, reason: 'it is in shadow' };
  if (context.automationPaused) return { hit, acts: false, reason: 'automation is paused' };
  return { hit, acts: hit.result === 'match', reason: null };
}

function applyEscalation(hit: RuleHit, outcome: TriageOutcome): void {
  if (guardApproval(hit.rule) !== null) return;
  for (const action of hit.rule.document.actions) {
    if ('escalate' in action) outcome.escalate ??= { to: action.escalate.to, question: action.escalate.question };
  }
}

function applyHit(
  standing: StandingHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): TriageHit {
  const { hit } = standing;
  if (hit.result === 'unknown') {
    const fields = hit.unknownFields.join(', ');
    return told(hit, 'withheld', `nothing is known of ${fields}, and unknown never closes`);
  }
  if (!standing.acts) return told(hit, 'shadow', standing.reason);
  const approval = guardApproval(hit.rule);
  if (approval !== null) return told(hit, 'withheld', approval);
  const withheld: RuleAction[] = [];
  const reasons = new Set<string>();
  for (const action of hit.rule.document.actions) {
    const reason = applyAction(action, hit, subject, context, outcome);
    if (reason === null) continue;
    withheld.push(action);
    reasons.add(reason);
  }
  return withheld.length > 0 ? told(hit, 'withheld', [...reasons].join('; '), withheld) : told(hit, 'acted', null);
}

function told(
  hit: RuleHit,
  mode: TriageHit['mode'],
  reason: string | null,
  withheld: readonly RuleAction[] = hit.rule.document.actions,
): TriageHit {
  const { document } = hit.rule;
  return {
    ruleId: document.id,
    version: document.version,
    title: document.title,
    mode,
    why: sentenceOf(document, mode, hit.matched, reason, withheld),
    actions: [...document.actions],
    matched: hit.matched,
  };
}

/** Carries one action out on the outcome. The reason when it was withheld, null when it was done. */
function applyAction(
  action: RuleAction,
  hit: RuleHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): string | null {
  if ('close' in action) return applyClose(action.close, hit, subject, context, outcome);
  if ('suppress' in action) return applySuppress(action.suppress, hit, subject, context, outcome);
  if ('priority' in action) return applyPriority(action.priority, hit, subject, context, outcome);
  if ('tag' in action) outcome.tags.push(action.tag);
  else if ('route' in action) applyRoute(action.route, outcome);
  else if ('playbook' in action) {
    outcome.playbook ??= action.playbook;
    outcome.tags.push(`playbook:${action.playbook}`);
  }
  return null;
}

/** The first rule's word stands; the skill is a tag too, so that people see it and filter by it. */
function applyRoute(route: NonNullable<TriageOutcome['route']>, outcome: TriageOutcome): void {
  outcome.route = { ...route, ...outcome.route };
  if (route.skill !== undefined) outcome.tags.push(`skill:${route.skill}`);
}

type Closing = NonNullable<TriageOutcome['close']>;

function applyClose(
  disposition: Closing['disposition'],
  hit: RuleHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): string | null {
  const { document } = hit.rule;
  const refusal = refusalToClose(hit, subject, context, outcome);
  if (refusal !== null) return refusal;
  if (outcome.close !== null) {
    if (outcome.close.ruleId === document.id) return null;
    const differs = outcome.close.disposition === disposition ? 'also' : 'and says otherwise';
    return `rule ${outcome.close.ruleId} closed it before, ${differs} (${outcome.close.disposition})`;
  }
  const why = sentenceOf(document, 'acted', hit.matched, null);
  outcome.close = { ruleId: document.id, ruleVersion: document.version, disposition, why };
  return null;
}

function refusalToClose(
  hit: RuleHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): string | null {
  const guarded = guardOf(hit, subject, context);
  if (guarded !== null) return guarded;
  const { document } = hit.rule;
  if (document.expires === null) return 'it has no expiry, which a rule that closes must have';
  if (outcome.escalate !== null) return 'another rule asks for people to look at it';
  const closedToday = context.closedTodayByRule.get(document.id) ?? 0;
  if (document.status === 'provisional' && closedToday >= context.policy.provisionalDailyCap) {
    return `it is provisional and has closed ${closedToday} alerts today, which is its limit`;
  }
  return null;
}

/** What rules match is what the product said; what guards weigh is what people take it for. */
function guardOf({ rule }: RuleHit, { alert, enrichment }: FieldSubject, { severity }: TriageContext): string | null {
  return guardAgainstClosing(
    rule,
    { severity: severity ?? alert.severity, claimed: alert.severity, cves: alert.cves },
    enrichment,
  );
}

function applySuppress(
  suppress: { forMinutes: number; by: readonly string[] },
  hit: RuleHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): string | null {
  const refusal = refusalToClose(hit, subject, context, outcome);
  if (refusal !== null) return refusal;
  const key = suppressionKey(subject, suppress.by);
  if (key === null) return `it suppresses by ${suppress.by.join(', ')}, and not all of them are known`;
  const { id } = hit.rule.document;
  const untilMs = context.suppressedUntilMs(id, key);
  if (untilMs !== null && untilMs > context.nowMs) return applyClose('duplicate', hit, subject, context, outcome);
  outcome.suppress.push({ ruleId: id, key, untilMs: context.nowMs + suppress.forMinutes * 60_000 });
  return null;
}

/** Alerts with the same values in all these fields are alike. Null when a field has no value: then nothing is like it. */
function suppressionKey(subject: FieldSubject, by: readonly string[]): string | null {
  const parts: string[][] = [];
  for (const field of by) {
    const found = fieldValues(subject, field);
    if (found.state !== 'values') return null;
    parts.push([...found.values].map((value) => String(value).toLowerCase()).sort());
  }
  return JSON.stringify(parts);
}

/** Up wins over down, whichever rule comes first: a machine may raise what another would lower. */
function applyPriority(
  direction: 'up' | 'down',
  hit: RuleHit,
  subject: FieldSubject,
  context: TriageContext,
  outcome: TriageOutcome,
): string | null {
  const { title } = hit.rule.document;
  if (direction === 'up') {
    if (outcome.priorityStep <= 0) outcome.priorityStepBy = title;
    outcome.priorityStep = 1;
    return null;
  }
  const guarded = guardOf(hit, subject, context);
  if (guarded !== null) return guarded;
  if (outcome.priorityStep > 0) return 'another rule moved it up';
  outcome.priorityStepBy ??= title;
  outcome.priorityStep = -1;
  return null;
}

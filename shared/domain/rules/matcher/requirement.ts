import { fieldAccess } from '../../alert/ecs-fields.ts';
import { type LookupLists, networkOf, patternsOf } from '../compile-value.ts';
import type { DetectionItem, ValueTest } from '../detection.ts';
import { plainTextOf, type SigmaPattern } from '../sigma-pattern.ts';
import { requiredLiterals } from './required-literal.ts';
import type { Plan, Predicate } from './rule-plan.ts';
import type { Requirement, Sign, Trigger } from './trigger.ts';
import { weightOfTrigger } from './weight.ts';

type Needed = Requirement | null;

const NEVER: Requirement = { triggers: [], weight: 0 };

/** The rarest triggers without which a rule is false; null when it may hold for a subject that shows none. */
export function requirementOf(plan: Plan, lists: LookupLists): Needed {
  return ofPlan(plan, false, lists);
}

function ofPlan(plan: Plan, isNegated: boolean, lists: LookupLists): Needed {
  if (plan.kind === 'not') return ofPlan(plan.of, !isNegated, lists);
  if (plan.kind === 'predicate') {
    return isNegated ? ofNegated(plan.predicate.item) : ofPredicate(plan.predicate, lists);
  }
  // De Morgan: "not (a and b)" is "not a or not b".
  const isAnd = (plan.kind === 'and') !== isNegated;
  const of = plan.of.map((each) => ofPlan(each, isNegated, lists));
  return isAnd ? rarest(of) : together(of);
}

/** All must hold, so the triggers of any one of them are enough. */
function rarest(of: readonly Needed[]): Needed {
  let best: Needed = null;
  for (const each of of) if (each !== null && (best === null || each.weight < best.weight)) best = each;
  return best;
}

/** One must hold, so the triggers of all are needed. */
function together(of: readonly Needed[]): Needed {
  const triggers: Trigger[] = [];
  let weight = 0;
  for (const each of of) {
    if (each === null) return null;
    for (const trigger of each.triggers) triggers.push(trigger);
    weight += each.weight;
  }
  return { triggers, weight };
}

/** "Not absent" is the one negation that shows something. */
function ofNegated(item: DetectionItem): Needed {
  const tests = item.values.flat();
  const asksForAbsence = (test: ValueTest): boolean =>
    test.kind === 'null' || (test.kind === 'exists' && !test.value) || isEmptyText(test);
  if (item.field === null || !tests.some(asksForAbsence)) return null;
  return withSigns(item.field, [{ kind: 'present' }]);
}

function ofPredicate({ item, uses }: Predicate, lists: LookupLists): Needed {
  const signs: Sign[] = [];
  for (const test of item.values.flat()) {
    const found = item.field === null ? signsInRecord(test, lists) : signsOf(test, lists);
    if (found === null) return null;
    for (const sign of found) signs.push(sign);
  }
  const needed = withSigns(item.field, signs);
  // What many rules ask about is common in their alerts, too.
  return { triggers: needed.triggers, weight: needed.weight * (1 + uses / 8) };
}

function withSigns(field: string | null, signs: readonly Sign[]): Requirement {
  if (field !== null && fieldAccess(field) === null) return NEVER;
  const triggers = signs.map((sign): Trigger => ({ field, sign }));
  return { triggers, weight: triggers.reduce((sum, trigger) => sum + weightOfTrigger(trigger), 0) };
}

const PRESENT: readonly Sign[] = [{ kind: 'present' }];

/** Signs of which the value shows one when the test is true of it; null when an absent field can meet it. */
export function signsOf(test: ValueTest, lists: LookupLists): readonly Sign[] | null {
  switch (test.kind) {
    case 'pattern':
      return isEmptyText(test) ? null : patternSigns(test.pattern, test.isCased, lists);
    case 'number': {
      if (test.timePart !== null) return PRESENT;
      const texts = new Set([String(test.value).toLowerCase(), test.source.toLowerCase()]);
      return [...texts].map((text): Sign => ({ kind: 'equals', text }));
    }
    case 'boolean':
      return [{ kind: 'equals', text: String(test.value) }];
    case 'regex':
      return requiredLiterals(test.source)?.map((text): Sign => ({ kind: 'contains', text })) ?? PRESENT;
    case 'cidr': {
      const [bytes, length] = networkOf(test.source);
      return [{ kind: 'network', bytes, length }];
    }
    case 'compare':
      if (test.timePart !== null) return PRESENT;
      return [{ kind: 'compares', comparison: test.comparison, value: test.value }];
    case 'fieldref':
      return PRESENT;
    case 'exists':
      return test.value ? PRESENT : null;
    case 'null':
      return null;
  }
}

/** Keywords are texts inside texts; every subject has some text. */
export function signsInRecord(test: ValueTest, lists: LookupLists): readonly Sign[] | null {
  if (test.kind !== 'pattern' && test.kind !== 'regex') return null;
  const signs = signsOf(test, lists);
  if (signs === null || signs.some((sign) => sign.kind === 'present')) return null;
  return signs.map((sign) => ('text' in sign ? { kind: 'contains', text: sign.text } : sign));
}

function isEmptyText(test: ValueTest): boolean {
  return test.kind === 'pattern' && plainTextOf(test.pattern) === '';
}

function patternSigns(pattern: SigmaPattern, isCased: boolean, lists: LookupLists): readonly Sign[] {
  const expanded = patternsOf(pattern, lists);
  return Array.isArray(expanded) ? expanded.map((each) => signOfPattern(each, isCased)) : [];
}

function signOfPattern(pattern: SigmaPattern, isCased: boolean): Sign {
  const lowered = pattern.map((part) => (part.kind === 'text' ? { ...part, text: part.text.toLowerCase() } : part));
  const plain = plainTextOf(lowered);
  if (plain !== null) return isFoldable(plain, isCased) ? { kind: 'equals', text: plain } : PRESENT_SIGN;
  let text = '';
  let place = -1;
  lowered.forEach((part, at) => {
    if (part.kind !== 'text' || part.text.length <= text.length || !isFoldable(part.text, isCased)) return;
    text = part.text;
    place = at;
  });
  if (place < 0) return PRESENT_SIGN;
  if (place === 0) return { kind: 'startsWith', text };
  return place === pattern.length - 1 ? { kind: 'endsWith', text } : { kind: 'contains', text };
}

const PRESENT_SIGN: Sign = { kind: 'present' };

/** In lower case, some letters hang on their neighbours (the final sigma), so a cased pattern is only folded in ASCII. */
function isFoldable(text: string, isCased: boolean): boolean {
  if (!isCased) return true;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

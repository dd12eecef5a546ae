import fc from 'fast-check';
import { expect, test } from 'vitest';
import { every, FALSE, type Kleene, not, some, TRUE, UNKNOWN } from '../../../../shared/domain/rules/kleene.ts';
import { compilePattern } from '../../../../shared/domain/rules/match-pattern.ts';
import { compileRules, evaluateRule, evaluateRules } from '../../../../shared/domain/rules/rule-set.ts';
import { parsePattern } from '../../../../shared/domain/rules/sigma-pattern.ts';
import { ruleOf, subjectWith } from '../../../fixtures/rule-subjects.ts';
import {
  type NaiveCondition,
  type NaiveFacts,
  type NaiveItem,
  type NaiveValue,
  naiveAnd,
  naiveEvaluate,
  naiveOr,
} from './naive-evaluator.ts';

const NAMES = ['s0', 's1', 's2'];
const WORDS: NaiveValue[] = ['false', 'unknown', 'true'];
const kleene = fc.constantFrom<Kleene>(FALSE, UNKNOWN, TRUE);

const patternText = fc
  .array(fc.constantFrom('a', 'b', 'B', '*', '?', '\\', '.', '-'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const valueText = fc
  .array(fc.constantFrom('a', 'b', 'A', '*', '?', '\\', '.', '-'), { maxLength: 7 })
  .map((parts) => parts.join(''));

const item: fc.Arbitrary<NaiveItem> = fc
  .record({
    field: fc.constantFrom<NaiveItem['field']>('v', 'w', 'host.criticality', 'user.tier0'),
    modifier: fc.constantFrom<NaiveItem['modifier']>('', 'contains', 'startswith', 'endswith'),
    all: fc.boolean(),
    values: fc.array(patternText, { minLength: 1, maxLength: 5 }),
  })
  .map((each) => {
    if (each.field === 'host.criticality') return { ...each, modifier: '' as const, values: ['low', 'crown_jewel'] };
    return each.field === 'user.tier0' ? { ...each, modifier: '' as const, values: ['true'] } : each;
  });

const condition: fc.Arbitrary<NaiveCondition> = fc.letrec<{ condition: NaiveCondition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...NAMES),
    fc.record({ not: tie('condition') }),
    fc.record({ and: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
  ),
})).condition;

const facts: fc.Arbitrary<NaiveFacts> = fc.record({
  v: fc.array(
    valueText.filter((text) => text !== ''),
    { maxLength: 2 },
  ),
  w: fc.array(
    valueText.filter((text) => text !== ''),
    { maxLength: 2 },
  ),
  'host.criticality': fc.constantFrom('low', 'high', 'crown_jewel', null),
  'user.tier0': fc.constantFrom(true, false, null),
});

const selections = fc.record({
  s0: fc.array(fc.array(item, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  s1: fc.array(fc.array(item, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  s2: fc.array(fc.array(item, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
});

function conditionText(each: NaiveCondition): string {
  if (typeof each === 'string') return each;
  if ('not' in each) return `not (${conditionText(each.not)})`;
  const [word, of] = 'and' in each ? ['and', each.and] : ['or', each.or];
  return of.map((part) => `(${conditionText(part)})`).join(` ${word} `);
}

function detectionText(chosen: Record<string, NaiveItem[][]>, each: NaiveCondition): string {
  const lines = Object.entries(chosen).map(([name, maps]) => {
    const list = maps.map((items) => {
      // Two items on one field with the same modifiers would be one key twice, so keys are told apart by a modifier.
      const keys = new Map(items.map((one) => [keyOf(one), one.values]));
      return Object.fromEntries(keys);
    });
    return `  ${name}: ${JSON.stringify(list)}`;
  });
  return `${lines.join('\n')}\n  condition: ${conditionText(each)}\n`;
}

function keyOf(each: NaiveItem): string {
  const field = each.field === 'v' || each.field === 'w' ? `raw.${each.field}` : each.field;
  return [field, ...(each.modifier === '' ? [] : [each.modifier]), ...(each.all ? ['all'] : [])].join('|');
}

/** The last of two items with one key stands, in YAML's map as here. */
function withoutRepeatedKeys(chosen: Record<string, NaiveItem[][]>): Record<string, NaiveItem[][]> {
  const kept = Object.entries(chosen).map(([name, maps]): [string, NaiveItem[][]] => [
    name,
    maps.map((items) => [...new Map(items.map((each) => [keyOf(each), each])).values()]),
  ]);
  return Object.fromEntries(kept);
}

test('random rules mean what a naive reading of the specification says', () => {
  fc.assert(
    fc.property(selections, condition, facts, (chosen, each, known) => {
      const expected = naiveEvaluate(withoutRepeatedKeys(chosen), each, known);
      const ruleSet = compileRules([ruleOf(detectionText(chosen, each))]);
      const rule = ruleSet.rules[0];
      if (rule === undefined) throw new Error('no rule');
      const enrichment = {
        hostCriticality: known['host.criticality'] as 'low' | null,
        userTier0: known['user.tier0'],
      };
      const subject = subjectWith({}, enrichment, { v: known.v, w: known.w });
      const names = { true: 'match', false: 'no_match', unknown: 'unknown' } as const;
      expect(evaluateRule(ruleSet, rule, subject).result).toBe(names[expected]);
      expect(evaluateRules(ruleSet, subject).map((hit) => hit.result)).toEqual(
        expected === 'false' ? [] : [names[expected]],
      );
    }),
    { numRuns: 500 },
  );
});

test('every text, escaped, matches itself and no other text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (text, other) => {
      const escaped = text.replace(/[\\*?]/g, '\\$&');
      const matches = compilePattern(parsePattern(escaped), true);
      expect(matches(text)).toBe(true);
      expect(matches(other)).toBe(text === other);
    }),
  );
});

test('a pattern with wildcards matches what a regular expression of it matches', () => {
  const parts = fc.array(fc.constantFrom('a', 'b', 'ab', '*', '?'), { maxLength: 8 });
  fc.assert(
    fc.property(parts, fc.array(fc.constantFrom('a', 'b', 'c', '😀'), { maxLength: 10 }), (pattern, value) => {
      const source = pattern.map((part) => (part === '*' ? '.*' : part === '?' ? '.' : part)).join('');
      const expected = new RegExp(`^${source}$`, 'su').test(value.join(''));
      expect(compilePattern(parsePattern(pattern.join('')), true)(value.join(''))).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('the three truth values follow Kleene: tables, De Morgan, double negation', () => {
  const same = (value: Kleene): Kleene => value;
  fc.assert(
    fc.property(fc.array(kleene, { maxLength: 5 }), (values) => {
      const words = values.map((value) => WORDS[value] ?? 'unknown');
      expect(WORDS[every(values, same)]).toBe(naiveAnd(words));
      expect(WORDS[some(values, same)]).toBe(naiveOr(words));
      expect(not(every(values, same))).toBe(some(values, not));
      expect(not(some(values, same))).toBe(every(values, not));
      for (const value of values) expect(not(not(value))).toBe(value);
    }),
  );
});

test('a wildcard pattern takes no more than a moment on a long text', () => {
  const matches = compilePattern(parsePattern('*a*a*a*a*a*a*a*a*a?b*c'), false);
  expect(matches('a'.repeat(1_000_000))).toBe(false);
});

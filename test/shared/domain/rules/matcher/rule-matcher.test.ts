import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FieldSubject } from '../../../../../shared/domain/alert/ecs-fields.ts';
import type { RuleDocument } from '../../../../../shared/domain/rules/rule-document.ts';
import {
  compileRules,
  countRules,
  evaluateRule,
  evaluateRules,
  type RuleHit,
  type RuleSet,
} from '../../../../../shared/domain/rules/rule-set.ts';
import { ruleOf, subjectWith } from '../../../../fixtures/rule-subjects.ts';
import { LISTS, randomRule, randomSubject } from './random-language.ts';

/** The slow reference: every rule by itself, each with its own reading of the subject. */
function oneByOne(ruleSet: RuleSet, subject: FieldSubject): RuleHit[] {
  return ruleSet.rules.flatMap((rule): RuleHit[] => {
    const { result, matched, unknownFields } = evaluateRule(ruleSet, rule, subject);
    return result === 'no_match' ? [] : [{ rule, result, matched, unknownFields }];
  });
}

test('all rules together say what each says alone, with the same explanations in the same order', () => {
  let matches = 0;
  let unknowns = 0;
  fc.assert(
    fc.property(
      fc.array(randomRule, { minLength: 1, maxLength: 10 }),
      fc.array(randomSubject, { minLength: 5, maxLength: 15 }),
      (rules, subjects) => {
        const ruleSet = compileRules(
          rules.flatMap((rule) => rule ?? []),
          LISTS,
        );
        // Twice, because what is remembered of the first time must not change the second.
        for (const subject of [...subjects, ...subjects]) {
          const hits = evaluateRules(ruleSet, subject);
          expect(hits).toEqual(oneByOne(ruleSet, subject));
          matches += hits.filter(({ result }) => result === 'match').length;
          unknowns += hits.filter(({ result }) => result === 'unknown').length;
        }
      },
    ),
    { numRuns: Number(process.env.EVENWATCH_TEST_RUNS ?? 120) },
  );
  // The comparison is worth something only when much of it is not "no".
  expect(matches).toBeGreaterThan(1000);
  expect(unknowns).toBeGreaterThan(100);
}, 600_000);

const detections = {
  pivot: '  s: { rule.id: "1:7", source.ip|cidr: 10.0.0.0/8 }\n  condition: s\n',
  negation: '  s: { rule.id: "1:7" }\n  condition: not s\n',
  unknown: '  s: { host.criticality: crown_jewel }\n  condition: s\n',
  keyword: '  s: ["needle"]\n  condition: s\n',
  empty: '  s: { user.name: "" }\n  condition: s\n',
};

function setOf(names: readonly (keyof typeof detections)[]): RuleSet {
  return compileRules(
    names.map((name, at): RuleDocument => ({ ...ruleOf(detections[name]), id: `${at}`, title: name })),
  );
}

function titles(ruleSet: RuleSet, subject: FieldSubject): string[] {
  return evaluateRules(ruleSet, subject).map(({ rule, result }) => `${rule.document.title} ${result}`);
}

describe('a set of rules', () => {
  const all = setOf(['keyword', 'unknown', 'pivot', 'negation', 'empty']);

  test('answers in the order of its rules, whatever they wait for', () => {
    const subject = subjectWith({ ruleId: '1:7', sourceIp: '10.1.2.3' }, {}, { deep: [{ er: 'A NEEDLE here' }] });
    expect(titles(all, subject)).toEqual(['keyword match', 'unknown unknown', 'pivot match', 'empty match']);
  });

  test('takes what is known in part for unknown, unless it is enough', () => {
    const partly = (hostCriticality: 'low' | 'crown_jewel') =>
      subjectWith({ ruleId: '1:7', users: ['u'] }, { hostCriticality, hasUnknownHost: true });
    expect(titles(all, partly('low'))).toEqual(['unknown unknown']);
    expect(titles(all, partly('crown_jewel'))).toEqual(['unknown match']);
  });

  test('finds a cased text whose lower case hangs on its neighbours', () => {
    const ruleSet = compileRules([ruleOf('  s: { rule.name|contains|cased: "ΑΣ" }\n  condition: s\n')]);
    expect(evaluateRules(ruleSet, subjectWith({ ruleName: 'ΑΣΑ' }))).toHaveLength(1);
    expect(evaluateRules(ruleSet, subjectWith({ ruleName: 'ασα' }))).toHaveLength(0);
  });

  test('keeps nothing of the subject before', () => {
    const loud = subjectWith({ ruleId: '1:7', sourceIp: '10.1.2.3', users: ['u'] }, { hostCriticality: 'crown_jewel' });
    const quiet = subjectWith({ ruleId: '2', users: ['u'] }, { hostCriticality: 'low' });
    expect(titles(all, loud)).toEqual(['unknown match', 'pivot match']);
    expect(titles(all, quiet)).toEqual(['negation match']);
    expect(titles(all, loud)).toEqual(['unknown match', 'pivot match']);
  });

  test('answers the same after more values than it remembers', () => {
    const ruleSet = setOf(['pivot', 'negation']);
    const hit = subjectWith({ ruleId: '1:7', sourceIp: '10.1.2.3' });
    for (let n = 0; n < 12_000; n++) evaluateRules(ruleSet, subjectWith({ ruleId: `9:${n}` }));
    expect(titles(ruleSet, hit)).toEqual(['pivot match']);
  });

  test('counts what it explains', () => {
    const subject = subjectWith({ ruleId: '1:7', sourceIp: '10.1.2.3' });
    const counted: string[] = [];
    countRules(all, subject, (rule, result) => counted.push(`${rule.document.title} ${result}`));
    expect(counted).toEqual(titles(all, subject));
  });

  test('of none answers nothing', () => {
    expect(evaluateRules(compileRules([]), subjectWith())).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { generateRules } from '../../../engine/bench/generate-rules.ts';
import { plainAlert } from '../../../engine/bench/plain-alert.ts';
import { documentOf } from '../../../engine/bench/rule-documents.ts';
import { freshSubjects } from '../../../engine/bench/rules.ts';
import { generateEveLines } from '../../../engine/sample/generate-eve.ts';
import { seededRandom } from '../../../engine/sample/random.ts';
import { compileRules, evaluateRules } from '../../../shared/domain/rules/rule-set.ts';

test('generated rules match what their twins written by hand match', () => {
  const random = seededRandom('twins');
  const rules = generateRules(random, 1500);
  const ruleSet = compileRules(rules.map((rule, index) => documentOf(rule, index, random)));
  const lines = [...generateEveLines({ records: 3000, seed: 'twins', endsAtMs: 1_763_700_000_000 })];
  const found: string[] = [];
  const expected: string[] = [];
  for (const [at, subject] of freshSubjects(lines).entries()) {
    const alert = plainAlert(subject);
    for (const [index, rule] of rules.entries()) if (rule.matches(alert)) expected.push(`Rule ${index} on ${at}`);
    for (const hit of evaluateRules(ruleSet, subject)) {
      if (hit.result === 'match') found.push(`${hit.rule.document.title} on ${at}`);
    }
  }
  expect(expected.length).toBeGreaterThan(5);
  expect(found.sort()).toEqual(expected.sort());
});

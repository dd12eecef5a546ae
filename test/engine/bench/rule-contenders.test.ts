import { expect, test } from 'vitest';
import { generateRules } from '../../../engine/bench/generate-rules.ts';
import { measureAgainstLoop } from '../../../engine/bench/rule-contenders.ts';
import { documentOf } from '../../../engine/bench/rule-documents.ts';
import { freshSubjects } from '../../../engine/bench/rules.ts';
import { generateEveLines } from '../../../engine/sample/generate-eve.ts';
import { seededRandom } from '../../../engine/sample/random.ts';
import { compileRules } from '../../../shared/domain/rules/rule-set.ts';

const lines = [...generateEveLines({ records: 600, seed: 'contenders', endsAtMs: Date.UTC(2026, 10, 2) })];
const fresh = (count: number) => freshSubjects(lines.slice(0, count));
const random = seededRandom('contenders');
const generated = generateRules(random, 50);
const ruleSet = compileRules(generated.map((rule, index) => documentOf(rule, index, random)));

test('both ways to match are measured', () => {
  const measured = measureAgainstLoop(ruleSet, generated, fresh, 4);
  expect(measured.alertsPerSecond).toBeGreaterThan(0);
  expect(measured.plainAlertsPerSecond).toBeGreaterThan(0);
});

test('closures that find something else than the rules are not measured', () => {
  const always = generated.map((rule, place) => (place === 0 ? { ...rule, matches: () => true } : rule));
  expect(() => measureAgainstLoop(ruleSet, always, fresh, 1)).toThrow(/the rules found \d+ and the closures \d+/);
});

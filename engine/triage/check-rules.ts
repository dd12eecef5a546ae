import { existsSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import type { LookupLists } from '../../shared/domain/rules/compile-value.ts';
import { type RuleDocument, type RuleTests, ruleTestsSchema } from '../../shared/domain/rules/rule-document.ts';
import type { RuleProblem } from '../../shared/domain/rules/rule-problem.ts';
import { compileRules, evaluateRule } from '../../shared/domain/rules/rule-set.ts';
import { checkRuleLife, isExpired } from '../../shared/domain/triage/rule-life.ts';
import type { TriagePolicy } from '../../shared/domain/triage/triage-policy.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { RuleStatus } from '../../shared/model/rule.ts';
import { subjectOfExample } from './example-alert.ts';
import { type FileProblem, type LoadedRule, readRuleFiles, readText } from './rule-files.ts';

export interface CheckedRule {
  path: string;
  id: string;
  version: number;
  title: string;
  status: RuleStatus;
  owner: string;
  expires: string | null;
  closes: boolean;
  /** Examples that were tried, and how many of them did as they should. */
  tests: number;
  passed: number;
}

export interface RuleCheck {
  files: number;
  rules: CheckedRule[];
  problems: FileProblem[];
  /** No problem is an error: what a pull request needs. */
  ok: boolean;
}

/**
 * Checks rule files as a review would: grammar, life (owner, expiry, approval), the lookup lists that they name,
 * and the examples beside them, in the rule under `tests` or in `NAME.test.yml`. A rule that closes must have at
 * least one example that it matches and one that it does not.
 */
export function checkRuleFiles(
  paths: readonly string[],
  context: { policy: TriagePolicy; lists: LookupLists; nowMs: number },
): RuleCheck {
  const found = readRuleFiles(paths);
  const problems = [...found.problems];
  const rules = found.rules.map((loaded) => checkRule(loaded, context, problems));
  problems.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1));
  return { files: found.files.length, rules, problems, ok: !problems.some((problem) => problem.level === 'error') };
}

function checkRule(
  loaded: LoadedRule,
  context: { policy: TriagePolicy; lists: LookupLists; nowMs: number },
  problems: FileProblem[],
): CheckedRule {
  const { path, rule } = loaded;
  for (const problem of checkRuleLife(rule, context.policy, context.nowMs)) problems.push({ path, ...problem });
  const place = rule.places.get('detection') ?? { line: 1, column: 1 };
  const beside = testsBeside(path, problems);
  const examples = [
    ...examplesOf(rule.tests, rule.places.get('tests') ?? place, path),
    ...(beside === null ? [] : examplesOf(beside.tests, { line: 1, column: 1 }, beside.path)),
  ];
  const assumed = new Map<string, readonly string[]>([...context.lists, ...Object.entries(beside?.tests.lists ?? {})]);
  const { compiled, passed, faults, problems: found } = tryAll(rule, examples, assumed);
  for (const { message } of found) problems.push({ path, level: 'warning', ...place, message });
  for (const { example, message } of faults) {
    problems.push({ path: example.path, level: 'error', ...example.place, message });
  }
  const closes = compiled?.closes ?? false;
  if (closes && !isExpired(rule.expires, context.nowMs)) {
    for (const message of thinTests(examples)) problems.push({ path, level: 'warning', ...place, message });
  }
  const { id, version, title, status, owner, expires } = rule;
  return { path, id, version, title, status, owner, expires, closes, tests: examples.length, passed };
}

/** Tries the examples that stand in a rule's own text. What they come to are problems with their places. */
export function tryExamples(
  rule: RuleDocument,
  lists: LookupLists,
): { problems: RuleProblem[]; closes: boolean; tests: number; passed: number } {
  const place = rule.places.get('detection') ?? { line: 1, column: 1 };
  const examples = examplesOf(rule.tests, rule.places.get('tests') ?? place, '');
  const { compiled, passed, faults, problems: found } = tryAll(rule, examples, lists);
  const closes = compiled?.closes ?? false;
  const problems: RuleProblem[] = [
    ...found.map(({ message }): RuleProblem => ({ level: 'warning', ...place, message })),
    ...faults.map(({ example, message }): RuleProblem => ({ level: 'error', ...example.place, message })),
    ...(closes ? thinTests(examples) : []).map((message): RuleProblem => ({ level: 'warning', ...place, message })),
  ];
  return { problems, closes, tests: examples.length, passed };
}

function tryAll(rule: RuleDocument, examples: readonly Example[], lists: LookupLists) {
  const ruleSet = compileRules(
    [rule],
    new Map<string, readonly string[]>([...lists, ...Object.entries(rule.tests.lists)]),
  );
  const compiled = ruleSet.rules[0];
  const faults: { example: Example; message: string }[] = [];
  let passed = 0;
  // A rule whose lists are not there cannot be tried; a warning says so once.
  for (const example of compiled === undefined ? [] : examples) {
    const message = faultOf(example);
    if (message === null) passed++;
    else faults.push({ example, message });
  }
  function faultOf(example: Example): string | null {
    const subject = subjectOfExample(example.alert);
    if (typeof subject === 'string') return subject;
    if (compiled === undefined) return null;
    const { result, unknownFields } = evaluateRule(ruleSet, compiled, subject);
    if (example.shouldMatch === (result === 'match')) return null;
    const unknown = result === 'unknown' ? ` (${unknownFields.join(', ')} is unknown)` : '';
    return example.shouldMatch
      ? `"${rule.title}" does not match the example ${example.name}, and should${unknown}.`
      : `"${rule.title}" matches the example ${example.name}, and should not.`;
  }
  return { compiled, passed, faults, problems: ruleSet.problems };
}

interface Example {
  path: string;
  place: { line: number; column: number };
  name: string;
  alert: JsonObject;
  shouldMatch: boolean;
}

function examplesOf(tests: RuleTests, place: { line: number; column: number }, path: string): Example[] {
  const make = (shouldMatch: boolean, key: string) => (alert: JsonObject, at: number) => ({
    path,
    place,
    name: `${key}[${at}]`,
    alert,
    shouldMatch,
  });
  return [...tests.match.map(make(true, 'match')), ...tests.noMatch.map(make(false, 'noMatch'))];
}

/** Tests in `NAME.test.yml` beside `NAME.yml`; null when there are none or they cannot be read. */
function testsBeside(path: string, problems: FileProblem[]): { path: string; tests: RuleTests } | null {
  const beside = path.replace(/\.ya?ml$/i, '.test.yml');
  if (beside === path || !existsSync(beside)) return null;
  const text = readText(beside, problems);
  if (text === null) return null;
  try {
    const tests = ruleTestsSchema.parse(parseYaml(text, { maxAliasCount: 0, schema: 'core' }));
    // zod keeps the values of examples as they are, and YAML's core schema only makes JSON values.
    return { path: beside, tests: tests as RuleTests };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 300) : 'unknown fault';
    const message = `These tests cannot be read: ${reason}. Write lists "match" and "noMatch" of example alerts.`;
    problems.push({ path: beside, level: 'error', line: 1, column: 1, message });
    return null;
  }
}

function thinTests(examples: readonly Example[]): string[] {
  const missing = [
    ...(examples.some((example) => example.shouldMatch) ? [] : ['"match"']),
    ...(examples.some((example) => !example.shouldMatch) ? [] : ['"noMatch"']),
  ];
  if (missing.length === 0) return [];
  return [`A rule that closes should show what it does: add an example under tests, ${missing.join(' and ')}.`];
}

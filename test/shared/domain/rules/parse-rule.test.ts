import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../../shared/domain/rules/parse-rule.ts';
import { parseSigmaRules } from '../../../../shared/domain/rules/parse-sigma-rule.ts';
import { compileRules } from '../../../../shared/domain/rules/rule-set.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { ruleText } from '../../../fixtures/rule-subjects.ts';

const DETECTION = '  s:\n    rule.id: x\n  condition: s\n';

/** The errors as `line:column message`. */
function fault(text: string): string {
  const { rule, problems } = parseRule(text);
  const errors = problems.filter((problem) => problem.level === 'error');
  if (errors.length > 0) expect(rule).toBeNull();
  return errors.map((error) => `${error.line}:${error.column} ${error.message}`).join('\n');
}

describe('a rule', () => {
  test('is read whole', () => {
    const rest = `version: 3
status: certified
approvedBy: second
expires: 2027-02-28
tags: [a]
assurance: { maxFalseCloseRate: 0.005 }
actions:
  - close: false_positive
  - route: { tier: tier2 }
tests:
  match: [{ rule.id: x }]
`;
    const { rule, problems } = parseRule(ruleText(DETECTION, rest));
    expect(problems).toEqual([]);
    expect(rule).toMatchObject({
      id: '11111111-2222-4333-8444-555555555555',
      version: 3,
      status: 'certified',
      approvedBy: 'second',
      expires: '2027-02-28',
      actions: [{ close: 'false_positive' }, { route: { tier: 'tier2' } }],
      assurance: { maxFalseCloseRate: 0.005 },
      tests: { match: [{ 'rule.id': 'x' }], noMatch: [] },
    });
    expect(rule?.text).toContain('title: A rule');
  });

  test.each([
    ['a missing key', 'title: x\n', '1:1 "id" is missing'],
    ['a mistyped key', ruleText(DETECTION).replace('owner:', 'ownr:'), 'Did you mean "owner"'],
    ['a wrong status', ruleText(DETECTION).replace('shadow', 'active'), '5:9 "status" is wrong'],
    ['an unknown action', ruleText(DETECTION).replace('tag: seen', 'delete: all'), '7:5 "actions.0" is wrong'],
    ['a bad id', ruleText(DETECTION).replace('11111111-', 'x'), '2:5 "id" is wrong'],
    [
      'a modifier nobody knows',
      ruleText(DETECTION.replace('rule.id', 'rule.id|contain')),
      '10:5 The modifier "contain" is not known',
    ],
    ['a flag without an expression', ruleText(DETECTION.replace('rule.id', 'rule.id|i')), 'write "re|i"'],
    ['two kinds of comparison', ruleText(DETECTION.replace('rule.id', 'rule.id|re|cidr')), 'cannot stand together'],
    ['a network that is none', ruleText(DETECTION.replace('rule.id', 'rule.id|cidr')), '10:19 "x" is no network'],
    [
      'look-around',
      ruleText(DETECTION.replace('rule.id: x', "rule.id|re: 'a(?=b)c'")),
      'Look-around within an expression and back-references are not available',
    ],
    [
      'repeats that would fill the memory',
      ruleText(DETECTION.replace('rule.id: x', "rule.id|re: '(a|b){1000}(c|d){1000}'")),
      'comes to more than 5000 steps once its repeats are written out',
    ],
    ['a number that is none', ruleText(DETECTION.replace('rule.id', 'rule.id|gt')), '"gt" takes a number'],
    [
      'a selection that is not there',
      ruleText(DETECTION.replace('condition: s', 'condition: s and t')),
      '11:20 There is no selection "t". The selections are: s.',
    ],
    [
      'an open bracket',
      ruleText(DETECTION.replace('condition: s', 'condition: s and (s')),
      '11:20 This "(" is never closed',
    ],
    [
      'a missing operator',
      ruleText(DETECTION.replace('condition: s', 'condition: s s')),
      '"and" or "or" is missing before "s"',
    ],
    ['an aggregation', ruleText(DETECTION.replace('condition: s', 'condition: s | count() > 5')), 'Aggregations'],
    ['two of them', ruleText(DETECTION.replace('condition: s', 'condition: 2 of them')), '"2 of" is not known'],
    ['no condition', ruleText('  s:\n    rule.id: x\n'), 'has no "condition"'],
    ['an empty list', ruleText('  s:\n    rule.id: []\n  condition: s\n'), 'This list of values is empty'],
    ['a map as a value', ruleText('  s:\n    rule.id: { a: 1 }\n  condition: s\n'), 'A value must be text'],
    [
      'wildcards in Base64',
      ruleText("  s:\n    rule.id|base64: 'a*'\n  condition: s\n"),
      'cannot be encoded in Base64',
    ],
    ['a key twice', `${ruleText(DETECTION)}title: again\n`, '"title" stands here twice'],
    ['a second document', `${ruleText(DETECTION)}---\na: 1\n`, 'Only one rule is expected'],
    ['an alias', `${ruleText(DETECTION)}references: &a [x]\ntags: *a\n`, 'The alias "*a" is not allowed'],
    ['a tag', ruleText(DETECTION).replace('title: A rule', 'title: !!str A rule'), '1:14 The tag'],
    ['broken YAML', 'title: [a\n', 'This is not valid YAML'],
    ['a list', '- a\n', 'A rule must be a map'],
    ['nothing', '', 'There is nothing in this file'],
    ['only a comment', '# none\n', 'There is nothing in this file'],
  ])('with %s says where, and what would be right', (_name, text, expected) => {
    expect(fault(text)).toContain(expected);
  });

  test('with a field that no alert has is warned with the nearest name', () => {
    const { rule, problems } = parseRule(ruleText(DETECTION.replace('rule.id', 'sorce.ip')));
    expect(rule).not.toBeNull();
    expect(problems).toMatchObject([{ level: 'warning', line: 10, column: 5 }]);
    expect(problems[0]?.message).toContain('Did you mean "source.ip"');
  });

  test('with a selection that the condition leaves out is warned', () => {
    const { problems } = parseRule(ruleText('  s:\n    rule.id: x\n  t:\n    rule.id: y\n  condition: s\n'));
    expect(problems.map((problem) => problem.message)).toEqual(['The condition does not use the selection "t".']);
  });
});

describe('a hostile text', () => {
  const aliases = `a: &a [x,x,x,x,x,x,x,x]\n${Array.from('bcdefghi', (name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(8)}]`).join('\n')}\n`;
  test.each([
    ['over 1 MB', 'x'.repeat(1_000_001), 'at most 1 MB'],
    ['of nested brackets', '['.repeat(400_000), 'nested'],
    ['of nested brackets on lines', '[\n'.repeat(20_000), 'nested too deep'],
    ['of nested lists', `${'- '.repeat(20_000)}x`, 'nested too deep'],
    ['of aliases of aliases', aliases, 'is not allowed'],
    ['of nested maps', `${'{a: '.repeat(100)}1${'}'.repeat(100)}`, 'Nested more than 40 deep'],
    [
      'of nested "not"',
      ruleText(DETECTION.replace('condition: s', `condition: ${'not '.repeat(5000)}s`)),
      'Nested more than 200 deep',
    ],
    [
      'of brackets in a condition',
      ruleText(DETECTION.replace('condition: s', `condition: ${'('.repeat(5000)}s`)),
      'Nested more than 200 deep',
    ],
  ])('%s is refused', (_name, text, expected) => {
    expect(fault(text)).toContain(expected);
  });

  test('with keys of JavaScript is only text', () => {
    const text = ruleText('  __proto__:\n    constructor: x\n  condition: __proto__\n');
    const { rule } = parseRule(text);
    expect(rule?.detection.selections.has('__proto__')).toBe(true);
    expect(({} as Record<string, unknown>).constructor).toBe(Object);
  });

  test('of 10,000 selections is read', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => `  s${at}:\n    rule.id: x${at}\n`).join('');
    const { rule } = parseRule(ruleText(`${many}  condition: 1 of s*\n`));
    expect(rule?.detection.selections.size).toBe(10_000);
    expect(compileRules(rule === null ? [] : [rule]).rules).toHaveLength(1);
  });
});

const real = realAlertsDir();
if (real === null) console.log(NO_REAL_ALERTS);
describe.skipIf(real === null)('community rules', () => {
  test('all 400 of the sample parse and compile', () => {
    const path = join(real ?? '', 'sigma', 'rules-sample-400.yml.gz');
    const parsed = parseSigmaRules(gunzipSync(readFileSync(path)).toString('utf8'));
    expect(parsed.filter(({ rule }) => rule === null).map(({ problems }) => problems[0])).toEqual([]);
    expect(parsed).toHaveLength(400);
    const { rules, problems } = compileRules(parsed.flatMap(({ rule }) => rule ?? []));
    expect(problems).toEqual([]);
    expect(rules).toHaveLength(400);
    expect(rules.every(({ document }) => document.status === 'draft' && document.actions.length === 0)).toBe(true);
  });
});

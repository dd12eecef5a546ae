import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkRuleFiles } from '../../../engine/triage/check-rules.ts';
import { readRuleFiles } from '../../../engine/triage/rule-files.ts';
import type { LookupLists } from '../../../shared/domain/rules/compile-value.ts';
import { DEFAULT_TRIAGE_POLICY } from '../../../shared/domain/triage/triage-policy.ts';
import { ruleText } from '../../fixtures/rule-subjects.ts';

const NOW_MS = Date.parse('2026-11-21T00:00:00Z');
const check = (paths: string[], lists: LookupLists = new Map()) =>
  checkRuleFiles(paths, { policy: DEFAULT_TRIAGE_POLICY, lists, nowMs: NOW_MS });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rules-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const TAGS = 'status: shadow\nactions:\n  - tag: seen\n';
const DETECTION = '  s:\n    rule.id: x\n  condition: s\n';

describe('the rules that come with it', () => {
  const dir = fileURLToPath(new URL('../../../resources/rules/', import.meta.url));
  test('pass their own check with all examples, close by expiry only, and start in shadow', () => {
    const result = check([dir]);
    expect(result.problems).toEqual([]);
    expect(result.ok).toBe(true);
    expect(result.rules.length).toBeGreaterThanOrEqual(12);
    for (const rule of result.rules) {
      expect(rule, rule.title).toMatchObject({ status: 'shadow', passed: rule.tests });
      expect(rule.tests, rule.title).toBeGreaterThanOrEqual(2);
      if (rule.closes) expect(rule.expires, rule.title).not.toBeNull();
    }
  });
});

describe('the check', () => {
  test('runs the examples of a rule and of the file beside it', () => {
    file('a.yml', ruleText(DETECTION, `${TAGS}tests:\n  match: [{ rule.id: X }, { rule.id: y }]\n`));
    file('a.test.yml', 'noMatch:\n  - { rule.id: y }\n  - { rule.id: x }\n  - { rul.id: x }\n');
    const result = check([folder]);
    expect(result.rules).toMatchObject([{ tests: 5, passed: 2 }]);
    expect(result.ok).toBe(false);
    const messages = result.problems.map(({ path, message }) => `${path.slice(folder.length + 1)}: ${message}`);
    expect(messages).toEqual([
      'a.test.yml: "A rule" matches the example noMatch[1], and should not.',
      'a.test.yml: An example cannot set "rul.id". Did you mean "rule.id"?',
      'a.yml: "A rule" does not match the example match[1], and should.',
    ]);
  });
  test('warns of a lookup list that is not there, and takes the one that its tests assume', () => {
    const listed = "  s:\n    source.ip|expand: '%probes%'\n  condition: s\n";
    const match = 'tests:\n  match: [{ source.ip: 192.0.2.1 }]\n';
    file('a.yml', ruleText(listed, `${TAGS}${match}`));
    const missing = check([folder]);
    expect(missing).toMatchObject({ ok: true, rules: [{ tests: 1, passed: 0 }] });
    expect(missing.problems).toMatchObject([{ level: 'warning', message: expect.stringContaining('%probes%') }]);
    expect(check([folder], new Map([['probes', ['192.0.2.1']]])).rules).toMatchObject([{ passed: 1 }]);
    file('a.yml', ruleText(listed, `${TAGS}${match}  lists: { probes: [192.0.2.1] }\n`));
    expect(check([folder])).toMatchObject({ problems: [], rules: [{ passed: 1 }] });
  });
  test('tells of a closing rule without an expiry or examples', () => {
    file('a.yml', ruleText(DETECTION, 'status: shadow\nactions:\n  - close: duplicate\n'));
    const messages = check([folder]).problems.map(({ level, message }) => `${level} ${message}`);
    expect(messages.join('\n')).toContain('error A rule that closes needs "expires"');
    expect(messages.join('\n')).toContain('warning A rule that closes should show what it does');
  });
});

describe('reading files', () => {
  test('goes on after every kind of bad file, and names its place', () => {
    file('good.yml', ruleText(DETECTION));
    file(
      'two.yaml',
      `${ruleText(DETECTION)}---\n${ruleText(DETECTION).replace('5555-', '5556-').replace('4333', '4334')}`,
    );
    file('broken.yml', 'title: [a\n');
    file('huge.yml', 'a'.repeat(1_000_001));
    file('latin.yml', Uint8Array.from([0x74, 0xff, 0xfe]));
    file('ignored.txt', 'not a rule');
    mkdirSync(join(folder, 'deeper.yml'));
    file('deeper.yml/inner.yml', ruleText(DETECTION).replace('4333', '4335'));
    symlinkSync('/etc/passwd', join(folder, 'link.yml'));
    const { rules, problems } = readRuleFiles([folder, join(folder, 'nowhere')]);
    expect(rules.map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'deeper.yml/inner.yml',
      'good.yml',
      'two.yaml',
    ]);
    const found = problems.map(({ path, message }) => `${path.slice(folder.length + 1)}: ${message}`).join('\n');
    expect(found).toContain('broken.yml: This is not valid YAML');
    expect(found).toContain('huge.yml: A rule file is at most 1 MB');
    expect(found).toContain('latin.yml: This file is not UTF-8 text');
    expect(found).toContain('nowhere: There is no such file or folder');
    expect(found).toContain('two.yaml: The id 11111111-2222-4333-8444-555555555555 is that of a rule in');
    expect(problems).toHaveLength(5);
  });
  test('takes a file by name whatever it is called', () => {
    const path = file('rule.txt', ruleText(DETECTION));
    chmodSync(path, 0o644);
    expect(readRuleFiles([path]).rules).toHaveLength(1);
  });
});

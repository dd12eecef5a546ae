import { describe, expect, test } from 'vitest';
import { compileRules, evaluateRule } from '../../../../shared/domain/rules/rule-set.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';
import { ruleOf, subjectWith } from '../../../fixtures/rule-subjects.ts';

function result(detection: string, raw: JsonObject, lists: Record<string, string[]> = {}): string {
  const ruleSet = compileRules([ruleOf(detection)], new Map(Object.entries(lists)));
  const rule = ruleSet.rules[0];
  if (rule === undefined) throw new Error(ruleSet.problems.map((each) => each.message).join());
  return evaluateRule(ruleSet, rule, subjectWith({}, {}, raw)).result;
}

/** One selection on `raw.v` with these modifiers and this YAML value. */
function one(modifiers: string, value: string): string {
  return `  s:\n    raw.v${modifiers}: ${value}\n  condition: s\n`;
}

describe('modifiers and values', () => {
  const cases: [modifiers: string, value: string, found: JsonObject[string], expected: boolean][] = [
    ['', 'abc', 'ABC', true],
    ['', 'abc', 'abcd', false],
    ['|cased', 'abc', 'ABC', false],
    ['|cased', 'abc', 'abc', true],
    ['', "'a*'", 'AXYZ', true],
    ['', "'a?c'", 'abc', true],
    ['', "'a?c'", 'ac', false],
    ['', "'a?c'", 'a😀c', true],
    ['', "'?*a'", 'a', false],
    ['', "'?*a'", 'xa', true],
    ['', "'a*b*c'", 'a-b-b-c', true],
    ['', "'a*bc*c'", 'abc', false],
    ['', "'*a?b*'", 'zzaab1', true],
    // Escaping, as the table of the Sigma specification has it.
    ['', String.raw`'a\*c'`, 'a*c', true],
    ['', String.raw`'a\*c'`, 'abc', false],
    ['', String.raw`'a\?c'`, 'a?c', true],
    ['', String.raw`'a\?c'`, 'abc', false],
    ['', String.raw`'c:\dir'`, String.raw`C:\dir`, true],
    ['', String.raw`'c:\\dir'`, String.raw`c:\dir`, true],
    ['', String.raw`'dir\\*'`, String.raw`dir\anything`, true],
    ['', String.raw`'dir\\*'`, 'dir*', false],
    ['', String.raw`'dir\\\*'`, String.raw`dir\*`, true],
    ['', String.raw`'dir\\\*'`, String.raw`dir\x`, false],
    ['', String.raw`'\\\\host'`, String.raw`\\host`, true],
    ['', String.raw`'\\\host'`, String.raw`\\host`, true],
    ['|contains', 'b', 'ABC', true],
    ['|contains', String.raw`'100\%'`, String.raw`x 100\% y`, true],
    ['|startswith', 'ab', 'ABC', true],
    ['|startswith', 'bc', 'ABC', false],
    ['|endswith', 'bc', 'ABC', true],
    ['|contains|all', '[a, b]', 'xbax', true],
    ['|contains|all', '[a, b]', 'xax', false],
    ['|contains', '[a, b]', 'xbx', true],
    ['', '[one, two, three, four, five]', 'FOUR', true],
    ['', '[one, two, three, four, five]', 'six', false],
    ['', '4769', 4769, true],
    ['', '4769', '4769', true],
    ['', "'4769'", 4769, true],
    ['', '4769', '47690', false],
    ['', 'true', true, true],
    ['', 'true', 'TRUE', true],
    ['', 'false', true, false],
    ['', 'null', null, true],
    ['', 'null', 'x', false],
    ['', "''", '', true],
    ['', "''", 'x', false],
    ['|exists', 'true', 'x', true],
    ['|exists', 'false', 'x', false],
    ['|exists', 'false', null, true],
    ['|exists', 'yes', 'x', true],
    ['|exists', 'no', 'x', false],
    ['|re', String.raw`'^(?!10\.)\d+\.'`, '203.0.113.1', true],
    ['|re', String.raw`'^(?!10\.)\d+\.'`, '10.0.0.1', false],
    ['|re', String.raw`'http://[0-9]{1,10}(?!.)'`, 'get http://1359248394', true],
    ['|re', String.raw`'http://[0-9]{1,10}(?!.)'`, 'get http://1359248394/x', false],
    ['|re', String.raw`'[\u4e00-\u9fff]'`, 'cmd /c 中', true],
    // Runs of blanks that are no plain spaces are values like others.
    ['|contains', "'\u2003\u2003'", 'a\u2003\u2003# b', true],
    ['|contains', "'\u2003\u2003'", 'a  # b', false],
    ['|contains', "'  '", 'a  b', true],
    ['|contains', "'  '", 'a b', false],
    ['|contains', String.raw`"\u0410"`, 'p\u0430ypal', true],
    ['|contains', "'%{(IRM $_)}'", 'x|%{(irm $_)}', true],
    ['|contains', "'..%c0%af'", '/..%C0%AF/', true],
    ['|windash|contains', "'-ö'", 'x /ö', true],
    ['|neq', 'abc', 'abd', true],
    ['|neq', 'abc', 'ABC', false],
    ['|neq', '[1, 2]', 3, true],
    ['|neq', '[1, 2]', 2, false],
    ['|lt', '5', 4, true],
    ['|lt', '5', 5, false],
    ['|lte', '5', '5', true],
    ['|gt', '5', '5.5', true],
    ['|gte', '5', 'five', false],
    ['|gte', '0.5', 0.5, true],
    ['|cidr', '10.20.0.0/24', '10.20.0.255', true],
    ['|cidr', '10.20.0.0/24', '10.20.1.0', false],
    ['|cidr', '10.20.0.0/24', '::ffff:10.20.0.9', true],
    ['|cidr', '10.20.0.0/24', '10.20.0', false],
    ['|cidr', '0.0.0.0/0', '203.0.113.9', true],
    ['|cidr', "'2001:db8::/33'", '2001:db8:7fff::1', true],
    ['|cidr', "'2001:db8::/33'", '2001:db8:8000::1', false],
    ['|cidr', '10.0.0.7', '10.0.0.7', true],
    ['|re', "'^a.c$'", 'abc', true],
    ['|re', "'^a.c$'", 'ABC', false],
    ['|re|i', "'^a.c$'", 'ABC', true],
    ['|re', "'b'", 'abc', true],
    ['|re|m', "'^b$'", 'a\nb\nc', true],
    ['|re', "'^b$'", 'a\nb\nc', false],
    ['|re|s', "'a.c'", 'a\nc', true],
    ['|re', "'a.c'", 'a\nc', false],
    ['|windash|contains', "' -enc '", 'powershell /enc abc', true],
    ['|contains|windash', "' -enc '", 'powershell \u2014enc abc', true],
    ['|contains|windash', "' /enc '", 'powershell -enc abc', true],
    ['|windash', "'-a-b'", '/a-b', true],
    ['|windash', "'-a-b'", '/a/b', false],
    ['|expand', "'%lists%x'", 'onex', true],
    ['|expand', "'%lists%x'", 'threex', false],
    ['', "'%lists%'", '%lists%', true],
    ['|expand', String.raw`'\%plain%lists%'`, '%plaintwo', true],
    ['|hour', '9', '2026-11-02T09:15:00Z', true],
    ['|minute', '15', '2026-11-02 09:15:00', true],
    ['|week', '45', '2026-11-02T09:15:00Z', true],
    ['|week', '53', '2027-01-01T00:00:00Z', true],
    ['|year|gte', '2026', '2026-11-02', true],
    ['', 'b', ['a', 'B'], true],
    ['|contains|all', '[a, b]', ['xa', 'xb'], true],
  ];
  test.each(cases)('raw.v%s: %s of %j is %s', (modifiers, value, found, expected) => {
    const lists = { lists: ['one', 'two'] };
    expect(result(one(modifiers, value), { v: found }, lists)).toBe(expected ? 'match' : 'no_match');
  });

  test('the three Base64 forms of a text are found at every offset', () => {
    for (const before of ['', 'x', 'xy', 'xyz']) {
      const encoded = Buffer.from(`${before}foobar, and more`).toString('base64');
      expect(result(one('|base64offset|contains', 'foobar'), { v: encoded })).toBe('match');
    }
    expect(result(one('|base64offset|contains', 'foobar'), { v: Buffer.from('fooba').toString('base64') })).toBe(
      'no_match',
    );
  });

  test('wide text is found inside Base64, as PowerShell encodes it', () => {
    const encoded = Buffer.from('IEX (New-Object Net.WebClient)', 'utf16le').toString('base64');
    for (const name of ['wide', 'utf16le']) {
      expect(result(one(`|${name}|base64offset|contains`, 'New-Object'), { v: `powershell -e ${encoded}` })).toBe(
        'match',
      );
    }
    expect(result(one('|base64', 'foobar'), { v: 'Zm9vYmFy' })).toBe('match');
    expect(result(one('|utf16be|base64', 'ab'), { v: Buffer.from([0, 97, 0, 98]).toString('base64') })).toBe('match');
    expect(result(one('|utf16|base64', 'a'), { v: Buffer.from([255, 254, 97, 0]).toString('base64') })).toBe('match');
    expect(result(one('|base64', 'grün'), { v: Buffer.from('grün').toString('base64') })).toBe('match');
  });

  test('a field is compared with another field', () => {
    expect(result(one('|fieldref', 'raw.w'), { v: 'Ana', w: 'ana' })).toBe('match');
    expect(result(one('|fieldref|neq', 'raw.w'), { v: 'Ana', w: 'ben' })).toBe('match');
    expect(result(one('|fieldref|startswith', 'raw.w'), { v: 'anaconda', w: 'ana' })).toBe('match');
    expect(result(one('|fieldref', 'raw.w'), { v: 'Ana' })).toBe('no_match');
  });
});

describe('selections and conditions', () => {
  const raw = { a: 1, b: 2, deep: { text: 'EvilService started' } };
  const selections =
    '  sel_a:\n    raw.a: 1\n  sel_b:\n    raw.b: 2\n  other:\n    raw.b: 3\n  _hidden:\n    raw.a: 9\n';
  const cases: [condition: string, expected: boolean][] = [
    ['sel_a', true],
    ['sel_a and sel_b', true],
    ['sel_a and other', false],
    ['not other', true],
    ['sel_a and not other', true],
    ['other or sel_a and sel_b', true],
    ['(other or sel_a) and other', false],
    ['not (sel_a and sel_b)', false],
    ['not not sel_a', true],
    ['1 of sel_*', true],
    ['all of sel_*', true],
    ['1 of *_hidden', false],
    ['1 of them', true],
    ['all of them', false],
    ['any of them', true],
    ['not 1 of oth*r', true],
    ['sel_a AND NOT other', true],
  ];
  test.each(cases)('%s', (condition, expected) => {
    expect(result(`${selections}  condition: ${condition}\n`, raw)).toBe(expected ? 'match' : 'no_match');
  });

  test('a list of conditions is an "or"', () => {
    expect(result(`${selections}  condition:\n    - other\n    - sel_b\n`, raw)).toBe('match');
  });
  test('"all of them" leaves out names with an underscore', () => {
    const detection = '  a:\n    raw.a: 1\n  _b:\n    raw.a: 9\n  condition: all of them\n';
    expect(result(detection, raw)).toBe('match');
  });
  test('a list of maps is an "or", keywords are searched in every text', () => {
    expect(result('  s:\n    - raw.a: 9\n    - raw.b: 2\n      raw.a: 1\n  condition: s\n', raw)).toBe('match');
    expect(result('  s:\n    - raw.a: 9\n    - raw.b: 2\n      raw.a: 2\n  condition: s\n', raw)).toBe('no_match');
    expect(result('  k:\n    - nothing\n    - EVILSERVICE\n  condition: k\n', raw)).toBe('match');
    expect(result("  k:\n    '|all':\n      - evilservice\n      - started\n  condition: k\n", raw)).toBe('match');
    expect(result("  k:\n    '|all':\n      - evilservice\n      - stopped\n  condition: k\n", raw)).toBe('no_match');
    expect(result("  k:\n    '|re': 'Evil[A-Z]'\n  condition: k\n", raw)).toBe('match');
    expect(result('  k: evil*started\n  condition: k\n', raw)).toBe('match');
  });
});

describe('what nobody knows', () => {
  const critical = '  s:\n    raw.v: 1\n  c:\n    host.criticality: crown_jewel\n  condition: s and not c\n';
  const evaluate = (detection: string, enrichment: object, raw: JsonObject) => {
    const ruleSet = compileRules([ruleOf(detection)]);
    const rule = ruleSet.rules[0];
    if (rule === undefined) throw new Error('no rule');
    return evaluateRule(ruleSet, rule, subjectWith({ hosts: ['a', 'b'] }, enrichment, raw));
  };
  test('is neither true nor false, and is named', () => {
    expect(evaluate(critical, {}, { v: 1 })).toMatchObject({ result: 'unknown', unknownFields: ['host.criticality'] });
    expect(evaluate(critical, { hostCriticality: 'low' }, { v: 1 }).result).toBe('match');
    expect(evaluate(critical, { hostCriticality: 'crown_jewel' }, { v: 1 }).result).toBe('no_match');
  });
  test('does not matter where something known decides', () => {
    expect(evaluate(critical, {}, { v: 2 }).result).toBe('no_match');
  });
  test('of one machine among several keeps "no" from being said, and "yes" not', () => {
    expect(evaluate(critical, { hostCriticality: 'low', hasUnknownHost: true }, { v: 1 }).result).toBe('unknown');
    const high = '  s:\n    host.criticality: [low, high]\n  condition: s\n';
    expect(evaluate(high, { hostCriticality: 'low', hasUnknownHost: true }, {}).result).toBe('match');
  });
  test.each(['exists: true', 'exists: false'])('stays unknown when a rule asks whether it %s', (asked) => {
    const detection = `  s:\n    user.tier0|${asked}\n  condition: s\n`;
    expect(evaluate(detection, {}, {}).result).toBe('unknown');
  });
  test.each(["'*'", 'null', "''"])('stays unknown when compared with %s', (value) => {
    expect(evaluate(`  s:\n    user.tier0: ${value}\n  condition: s\n`, {}, {}).result).toBe('unknown');
  });
});

describe('explaining a match', () => {
  test('names selection, field, pattern and value, and nothing of branches that were false', () => {
    const detection =
      '  net:\n    raw.ip|cidr: 10.20.0.0/24\n    raw.name|contains: [nmap, ET SCAN]\n  other:\n    raw.name|contains: scan\n  off:\n    raw.x: 1\n  condition: net and not off or other and off\n';
    const ruleSet = compileRules([ruleOf(detection)]);
    const rule = ruleSet.rules[0];
    if (rule === undefined) throw new Error('no rule');
    const subject = subjectWith({}, {}, { ip: '10.20.0.7', name: 'ET SCAN Nmap' });
    expect(evaluateRule(ruleSet, rule, subject).matched).toEqual([
      { selection: 'net', field: 'raw.ip', pattern: 'cidr 10.20.0.0/24', value: '10.20.0.7' },
      { selection: 'net', field: 'raw.name', pattern: 'contains nmap', value: 'ET SCAN Nmap' },
      { selection: 'net', field: 'raw.name', pattern: 'contains ET SCAN', value: 'ET SCAN Nmap' },
    ]);
  });
});

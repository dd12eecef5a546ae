import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFieldName } from '../../../../shared/domain/alert/ecs-fields.ts';
import {
  type Detection,
  type DetectionItem,
  itemsOf,
  type SelectionBody,
} from '../../../../shared/domain/rules/detection.ts';
import { importSigmaRules, readAnyRules } from '../../../../shared/domain/rules/import-sigma.ts';
import { parseSigmaRules } from '../../../../shared/domain/rules/parse-sigma-rule.ts';
import { compileRules, evaluateRule } from '../../../../shared/domain/rules/rule-set.ts';
import { ruleFieldOf, SIGMA_FIELD_NAMES } from '../../../../shared/domain/rules/sigma-field-names.ts';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { subjectWith } from '../../../fixtures/rule-subjects.ts';

const LOGSOURCE = 'logsource:\n    category: process_creation\n    product: windows\n';
const rule = (detection: string, more = ''): string =>
  `title: Something\nid: 5259cbf2-0a75-48bf-b57a-c54d6fabaef3\nauthor: Ann Author\nlevel: high\n${LOGSOURCE}${more}detection:\n${detection}`;

/** What the one rule of a text came to. */
function only(text: string) {
  const rules = importSigmaRules(text);
  expect(rules).toHaveLength(1);
  const first = rules[0];
  if (first === undefined) throw new Error('no rule');
  return { ...first, error: first.problems.find(({ level }) => level === 'error') ?? null };
}

/** Whether the rule of a text matches a process. */
function matches(detection: string, process: { executable?: string; commandLine?: string }, raw = {}): boolean {
  const { rule: document, error } = only(rule(detection));
  if (document === null) throw new Error(error?.message);
  const ruleSet = compileRules([document]);
  const compiled = ruleSet.rules[0];
  if (compiled === undefined) throw new Error('not compiled');
  const subject = subjectWith(
    { process: { executable: null, commandLine: null, parentExecutable: null, ...process } },
    {},
    raw,
  );
  return evaluateRule(ruleSet, compiled, subject).result === 'match';
}

describe('a draft', () => {
  test('marks and never closes, says what is missing, and keeps who wrote it', () => {
    const { rule: draft, error } = only(rule('    s:\n        Image: a\n    condition: s\n'));
    expect(error).toBeNull();
    expect(draft).toMatchObject({
      id: '5259cbf2-0a75-48bf-b57a-c54d6fabaef3',
      status: 'draft',
      author: 'Ann Author',
      actions: [{ tag: 'sigma' }, { priority: 'up' }],
      expires: null,
    });
    expect(draft?.rationale).toMatch(/^Missing/);
  });
  test('has an id of its own when the one of its author is no UUID, the same each time', () => {
    const text = rule('    s:\n        Image: a\n    condition: s\n').replace(
      /id: .*/,
      'id: a1b2c3d4-e5f6-a7b8-c9d0-e1f2a3b4c5d6',
    );
    const { rule: draft } = only(text);
    expect(draft?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8/);
    expect(draft?.description).toContain('Sigma rule a1b2c3d4-e5f6-a7b8-c9d0-e1f2a3b4c5d6');
    expect(only(text).rule?.id).toBe(draft?.id);
  });
  test('keeps numbers as they were written', () => {
    const { rule: draft } = only(rule('    s:\n        Flags: [0x40, 007, 1.0]\n    condition: s\n'));
    expect(draft?.text).toContain('0x40, 007, 1.0');
  });
  test('has our names of fields, by log source, and warns of those that are none', () => {
    const {
      rule: draft,
      problems,
      unmapped,
    } = only(
      rule(
        "    s:\n        Image|endswith: '\\a.exe'\n        Made.Up: 1\n        CommandLine|fieldref: ParentImage\n    condition: s\n",
      ),
    );
    const items = [...(draft?.detection.selections.values() ?? [])].flatMap(itemsOf);
    expect(items.map(({ field }) => field)).toEqual(['process.executable', 'raw.Made.Up', 'process.command_line']);
    expect(items[2]?.values[0]?.[0]).toMatchObject({ field: 'process.parent.executable' });
    expect(unmapped).toEqual(['Made.Up']);
    expect(problems).toMatchObject([{ level: 'warning', message: expect.stringContaining('raw.Made.Up') }]);
  });
  test('looks two names of one field up apart, since one map has each key once', () => {
    const text = rule('    s:\n        c-uri|contains: a\n        cs-uri|contains: b\n    condition: s\n').replace(
      'process_creation',
      'proxy',
    );
    const items = [...(only(text).rule?.detection.selections.values() ?? [])].flatMap(itemsOf);
    expect(items.map(({ field }) => field)).toEqual(['url.full', 'raw.cs-uri']);
  });
});

describe('the table of names', () => {
  test('leads to fields that alerts have, each with where it is from', () => {
    expect(SIGMA_FIELD_NAMES.length).toBeGreaterThan(60);
    for (const { name, field, source } of SIGMA_FIELD_NAMES) {
      expect(isFieldName(field), `${name} to ${field}`).toBe(true);
      expect(source).not.toBe('');
    }
  });
  test.each([
    ['Image', 'windows', 'process_creation', 'process.executable'],
    ['TargetFilename', 'linux', 'file_event', 'raw.file.path'],
    ['DestinationIp', null, 'network_connection', 'destination.ip'],
    ['Computer', 'windows', null, 'host.name'],
    ['EventID', 'windows', null, 'raw.event.code'],
    ['c-uri', null, 'proxy', 'url.full'],
    ['cs-host', 'apache', 'webserver', 'url.domain'],
    ['source.ip', null, 'network', 'source.ip'],
    ['Image', 'aws', null, 'raw.Image'],
    ['constructor', 'windows', 'process_creation', 'raw.constructor'],
  ])('%s of %s %s is %s', (name, product, category, field) => {
    expect(ruleFieldOf(name, { product, category, service: null }).field).toBe(field);
  });
});

describe('what may occur', () => {
  const process = { executable: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd.exe –enc aGVsbG8gd29ybGQ= whoami' };
  test.each<[string, string, boolean]>([
    ['1 of them', "    a: {Image|endswith: '\\cmd.exe'}\n    b: {Image: x}\n    condition: 1 of them\n", true],
    ['all of them', "    a: {Image|endswith: '\\cmd.exe'}\n    b: {Image: x}\n    condition: all of them\n", false],
    [
      '1 of selection*',
      '    selection1: {Image: x}\n    selection2: {Image|contains: SYSTEM32}\n    condition: 1 of selection*\n',
      true,
    ],
    [
      'lists of maps in lists',
      '    s:\n        - Image: x\n        - - Image: y\n          - Image|endswith: cmd.exe\n            CommandLine|contains: whoami\n    condition: s\n',
      true,
    ],
    ['keywords', '    keywords:\n        - nothing\n        - whoami\n    condition: keywords\n', true],
    [
      'all keywords',
      "    keywords:\n        '|all':\n            - whoami\n            - nothing\n    condition: keywords\n",
      false,
    ],
    ['re|i', "    s: {CommandLine|re|i: 'WHO.MI$'}\n    condition: s\n", true],
    ['re with its case', "    s: {CommandLine|re: 'WHO.MI$'}\n    condition: s\n", false],
    [
      'windash|contains|all',
      "    s:\n        CommandLine|windash|contains|all: [' -enc', ' whoami']\n    condition: s\n",
      true,
    ],
    ['base64offset|contains', "    s: {CommandLine|base64offset|contains: 'lo wor'}\n    condition: s\n", true],
    ['an empty text', "    s: {ParentImage: ''}\n    condition: s\n", true],
    ['null', '    s: {ParentImage: null}\n    condition: s\n', true],
    ['null of what is there', '    s: {Image:}\n    condition: s\n', false],
    ['a list of conditions', '    a: {Image: x}\n    b: {CommandLine|contains: whoami}\n    condition: [a, b]\n', true],
    ['a timeframe', '    a: {CommandLine|contains: whoami}\n    timeframe: 5m\n    condition: a\n', true],
    [
      'an anchor and its alias',
      '    a: {Image: &x [y, z]}\n    b: {CommandLine: *x}\n    condition: not a and not b\n',
      true,
    ],
    [
      'a condition over lines',
      '    a: {Image: x}\n    b: {Image|contains: cmd}\n    condition: >\n        (not a)\n        and b\n',
      true,
    ],
  ])('%s', (_name, detection, expected) => {
    expect(matches(detection, process)).toBe(expected);
  });
  test('networks in a list', () => {
    const { rule: draft } = only(
      rule("    s:\n        DestinationIp|cidr: [10.0.0.0/8, 'fc00::/7']\n    condition: s\n"),
    );
    if (draft === null) throw new Error('no draft');
    const ruleSet = compileRules([draft]);
    const compiled = ruleSet.rules[0];
    const hits = ['10.1.2.3', 'fd00::1', '192.0.2.1'].map(
      (destinationIp) => compiled && evaluateRule(ruleSet, compiled, subjectWith({ destinationIp })).result,
    );
    expect(hits).toEqual(['match', 'match', 'no_match']);
  });
  test('a placeholder is named with its list', () => {
    const found = only(rule("    s: {User|expand: '%Administrators%'}\n    condition: s\n"));
    expect(found).toMatchObject({ lists: ['Administrators'], error: null });
  });
  test.each([
    ['a byte order mark', '\uFEFF', 5],
    ['comments', '# one\n# two\n', 7],
    ['a mark of a document', '---\n', 6],
  ])('%s before it', (_name, before, line) => {
    const text = `${before}${rule('    s: {Image|contans: a}\n    condition: s\n')}`;
    expect(only(text).error?.line).toBe(line + 4);
  });
  test('Windows line ends, and line ends of both kinds', () => {
    const text = rule('    s:\n        Image|contains: |-\n            cmd\n    condition: s\n');
    expect(only(text.replaceAll('\n', '\r\n')).error).toBeNull();
    const two = `${text.replaceAll('\n', '\r\n')}\r\n---\r\n${text}---\n`;
    expect(importSigmaRules(two).map(({ rule: draft }) => draft !== null)).toEqual([true, true]);
  });
});

describe('what cannot be used', () => {
  const bad = (detection: string): string => rule(`${detection}`);
  test.each<[string, string, number, RegExp]>([
    [
      'an aggregation',
      bad('    s: {Image: a}\n    condition: s | count() by User > 5\n'),
      10,
      /Aggregations after "\|"/,
    ],
    ['near', bad('    s: {Image: a}\n    t: {Image: b}\n    condition: s | near t\n'), 11, /Aggregations after "\|"/],
    [
      'an unknown modifier',
      bad('    s: {Image|startwith: a}\n    condition: s\n'),
      9,
      /"startwith" is not known. Did you mean "startswith"\?/,
    ],
    [
      'a key twice',
      bad('    s:\n        Image: a\n        Image: b\n    condition: s\n'),
      11,
      /"Image" stands here twice/,
    ],
    ['tabs to indent', bad('    s:\n\t\tImage: a\n    condition: s\n'), 10, /not valid YAML/],
    ['look-around', bad("    s: {Image|re: '(?!a)b'}\n    condition: s\n"), 9, /Look-around/],
    ['a correlation', 'title: Many\ncorrelation:\n    type: event_count\n    rules: [a]\n', 2, /Sigma correlation/],
    [
      'a filter',
      'title: Less\nlogsource: {product: windows}\nfilter:\n    rules: [a]\n    s: {User: b}\n    condition: s\n',
      3,
      /Sigma filter/,
    ],
    ['no title', 'detection:\n    s: {Image: a}\n    condition: s\n', 1, /"title" is missing/],
    ['no rule', 'just text\n', 1, /must be a map/],
    ['a tag', bad('    s: {Image: !!python/object a}\n    condition: s\n'), 9, /tag/],
    [
      'aliases that explode',
      `a: &a [x, x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f'].map((key, at) => `${key}: &${key} [${`*${'abcde'.charAt(at)}, `.repeat(9)}*${'abcde'.charAt(at)}]`).join('\n')}\n`,
      4,
      /Aliases come to more than/,
    ],
    ['an alias of what it stands in', 'a: &a [*a]\n', 1, /names what it stands in/],
    ['an alias of nothing', 'a: *b\n', 1, /./],
    [
      'repeats that explode',
      bad(`    s: {Image|re: '${'(a|b){1000}'.repeat(3)}'}\n    condition: s\n`),
      9,
      /more than 5000 steps/,
    ],
    [
      'expressions that are too many',
      bad(`    s:\n        Image|re:\n${"            - '(a|b){1000}'\n".repeat(40)}    condition: s\n`),
      10,
      /at most 100000 steps together/,
    ],
  ])('%s is named with its line', (_name, text, line, message) => {
    expect(only(text)).toMatchObject({ rule: null, error: { line, message: expect.stringMatching(message) } });
  });
  test('unknown modifiers are counted', () => {
    const text = rule('    s: {Image|startwith: a, CommandLine|contains|foo: b}\n    condition: s\n');
    expect(only(text).unknownModifiers.sort()).toEqual(['foo', 'startwith']);
  });
  test('one of a stream leaves the others alone, and lines go on', () => {
    const good = rule('    s: {Image: a}\n    condition: s\n');
    const rules = importSigmaRules(
      `---\n${good}---\ntitle: [broken\n---\n${good}...\n---\n${good.replace('condition: s', 'condition: t')}`,
    );
    expect(rules.map(({ rule: draft }) => draft !== null)).toEqual([true, false, true, false]);
    expect(rules[3]?.problems[0]).toMatchObject({
      line: 36,
      message: expect.stringContaining('There is no selection "t"'),
    });
  });
});

test('authors that stand in a list keep their names', () => {
  const text = rule('    s: {Image: a}\n    condition: s\n').replace('author: Ann Author', 'author: [Ann, Bo]');
  expect(only(text).rule?.author).toBe('Ann, Bo');
});

describe('collections of the first Sigma', () => {
  test('share what the global document says, until a reset', () => {
    const text = `action: global\ntitle: Shared\nlogsource: {product: windows}\ndetection:\n    condition: s\n---\ndetection:\n    s: {Image: a}\n---\nid: 5259cbf2-0a75-48bf-b57a-c54d6fabaef3\ndetection:\n    s: {CommandLine|foo: b}\n---\naction: reset\n---\ndetection:\n    s: {Image: c}\n    condition: s\n`;
    const rules = importSigmaRules(text);
    expect(rules.map(({ rule: draft }) => draft?.title ?? null)).toEqual(['Shared', null, null]);
    expect(rules[1]?.problems[0]).toMatchObject({ line: 12, message: expect.stringContaining('"foo"') });
    const fields = [...(rules[0]?.rule?.detection.selections.values() ?? [])]
      .flatMap(itemsOf)
      .map(({ field }) => field);
    expect(fields).toEqual(['process.executable']);
  });
  test('repeat the rule before with what is said anew', () => {
    const text = `${rule('    s: {Image: a}\n    condition: s\n')}---\naction: repeat\ntitle: Again\n`;
    const rules = importSigmaRules(`${text}---\naction: repeat\ntitle: Once more\n`);
    expect(rules.map(({ rule: draft }) => draft?.title)).toEqual(['Something', 'Again', 'Once more']);
    const fields = rules.map(
      ({ rule: draft }) => [...(draft?.detection.selections.values() ?? [])].flatMap(itemsOf)[0]?.field,
    );
    expect(fields).toEqual(['process.executable', 'process.executable', 'process.executable']);
  });
});

describe('a text made to hang', () => {
  const head = 'title: a\ndetection:\n  condition: s\n';
  const many = (text: string, bytes: number): string => text.repeat(Math.floor(bytes / text.length));
  test.each<[string, string, RegExp | null]>([
    ['of blank lines', many('\n', 5_000_000), null],
    ['of marks', many('---\n', 2_000_000), null],
    ['of one quote that never ends', `a: "${many('x', 900_000)}`, /not valid YAML/],
    ['over 1 MB in one rule', `${head}  s: {a: ${many('x', 1_000_001)}}\n`, /at most 1 MB/],
    ['of modifiers', `${head}  s:\n    a${many('|contains', 900)}|cotains: b\n`, /Did you mean "contains"/],
    ['of dashes to spell out', `${head}  s:\n    a|windash|base64: '${many(' -a', 300_000)}'\n`, /spellings/],
    [
      'of negations',
      `title: a\ndetection:\n  s: {a: b}\n  condition: ${many('not ', 40_000)}s\n`,
      /Nested more than 200 deep/,
    ],
    [
      'of a large global document and many rules',
      `action: global\ntitle: x\nreferences: [${many('a, ', 90_000)}]\n---\n${many('detection: {s: {a: 1}, condition: s}\n---\n', 8_000)}`,
      /comes to too much/,
    ],
  ])(
    '%s is answered',
    (_name, text, message) => {
      const errors = importSigmaRules(text).flatMap(({ problems }) =>
        problems.filter(({ level }) => level === 'error'),
      );
      if (message === null) expect(errors).toEqual([]);
      else expect(errors[0]?.message).toMatch(message);
    },
    60_000,
  );
});

test('rules of ours and of the community are told apart', () => {
  const ours =
    'title: Ours\nid: 5259cbf2-0a75-48bf-b57a-c54d6fabaef4\nrationale: Why.\nowner: Ann\nstatus: shadow\nactions: [{ tag: seen }]\ndetection:\n    s: {Image: a}\n    condition: s\n';
  const rules = readAnyRules(`${ours}---\n${rule('    s: {Image: a}\n    condition: s\n')}`);
  const fields = rules.map(
    ({ rule: read }) => [...(read?.detection.selections.values() ?? [])].flatMap(itemsOf)[0]?.field,
  );
  expect(fields).toEqual(['Image', 'process.executable']);
});

const real = realAlertsDir();
if (real === null) console.log(NO_REAL_ALERTS);
describe.skipIf(real === null)('community rules', () => {
  const text = real === null ? '' : gunzipSync(readFileSync(join(real, 'sigma', 'rules-sample-400.yml.gz'))).toString();

  test('say as drafts what they said, but for the names of fields', () => {
    const parsed = parseSigmaRules(text);
    const drafts = importSigmaRules(text);
    expect(drafts).toHaveLength(400);
    for (const [at, { rule: draft, problems }] of drafts.entries()) {
      const before = parsed[at]?.rule;
      if (draft === null || before === undefined || before === null) throw new Error(problems[0]?.message);
      expect(meaningOf(draft.detection), draft.title).toEqual(meaningOf(before.detection));
      expect(draft.author).toBe(before.author);
    }
  });

  test('changed at random are read or refused with a place, and never throw', () => {
    const pieces = text.split(/^---$/m).filter((piece) => piece.includes('detection:'));
    const change = fc.record({
      at: fc.nat(),
      cut: fc.nat(40),
      insert: fc.oneof(
        fc.constantFrom(
          '|',
          '*x',
          '&x ',
          '\t',
          '\r',
          '---\n',
          '- ',
          ': ',
          '{',
          '[',
          '%',
          "'",
          '"',
          '\\',
          '(',
          ' of ',
          'null',
          '\uFEFF',
          '!!js ',
          '|re: ',
          '<<: ',
          '\u0000',
        ),
        fc.string({ maxLength: 12, unit: 'binary' }),
      ),
    });
    fc.assert(
      fc.property(fc.nat(), fc.array(change, { minLength: 1, maxLength: 4 }), (which, changes) => {
        let changed = pieces[which % pieces.length] ?? '';
        for (const { at, cut, insert } of changes) {
          const from = at % (changed.length + 1);
          changed = changed.slice(0, from) + insert + changed.slice(from + cut);
        }
        const lines = changed.split('\n').length + 1;
        for (const { rule: draft, problems } of importSigmaRules(changed)) {
          const errors = problems.filter(({ level }) => level === 'error');
          expect(errors.length > 0).toBe(draft === null);
          for (const { line, message } of problems) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(line).toBeLessThanOrEqual(lines);
            expect(message).not.toBe('');
          }
          if (draft !== null) compileRules([draft]);
        }
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});

/** A detection without the names of fields and the places. */
function meaningOf({ selections, condition }: Detection): unknown {
  const item = ({ field, modifiers, values, needsAll, isNegated }: DetectionItem): unknown => ({
    isKeyword: field === null,
    modifiers,
    values: values.map((tests) => tests.map((test) => (test.kind === 'fieldref' ? test.how : test))),
    needsAll,
    isNegated,
  });
  const body = (each: SelectionBody): unknown => (each.kind === 'any' ? each.of.map(body) : each.items.map(item));
  return { selections: [...selections].map(([name, each]) => [name, body(each)]), condition };
}

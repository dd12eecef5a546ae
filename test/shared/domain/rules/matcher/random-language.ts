import fc from 'fast-check';
import type { FieldSubject } from '../../../../../shared/domain/alert/ecs-fields.ts';
import { parseRule } from '../../../../../shared/domain/rules/parse-rule.ts';
import type { RuleDocument } from '../../../../../shared/domain/rules/rule-document.ts';
import type { Json } from '../../../../../shared/model/json.ts';
import { ruleText, subjectWith } from '../../../../fixtures/rule-subjects.ts';

/** Rules over all that the language has, and subjects in which small alphabets make hits likely. */

const ATOMS = [
  'a',
  'b',
  'B',
  'ab',
  '-',
  '/',
  '.',
  ' ',
  'ſ',
  'S',
  's',
  'İ',
  'Σ',
  'σ',
  'ς',
  'é',
  '1',
  '10',
  '\\',
  '\u212a',
  'k',
  '😀',
];
const text = fc.array(fc.constantFrom(...ATOMS), { maxLength: 5 }).map((parts) => parts.join(''));
const pattern = fc
  .array(fc.constantFrom(...ATOMS, '*', '?', '\\*', '\\?'), { maxLength: 6 })
  .map((parts) => parts.join(''));
const regex = fc
  .array(
    fc.constantFrom(
      'ab',
      's',
      'K',
      'a',
      'b+',
      'b*',
      'a?',
      '(ab|sk)',
      '(?:a|b)',
      '[ab]',
      '[^s]',
      '.',
      '^',
      '$',
      'a{2}',
      'b{0,3}',
      's{2,}',
      '\\.',
      '\\s',
      '\\bab',
      '(?i)as',
      '(?i:ks)',
      '|',
      '(a|)',
      'b+?',
      '\\x61',
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const network = fc.constantFrom(
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '10.1.2.3/32',
  '10.1.2.3',
  '0.0.0.0/0',
  '10.1.2.128/25',
  '2001:db8::/32',
  '2001:db8::1',
  '::/0',
  '::ffff:10.1.0.0/112',
  '10.1',
);
const address = fc.constantFrom(
  '10.1.2.3',
  '10.1.2.200',
  '10.9.0.1',
  '192.0.2.1',
  '2001:db8::1',
  '2001:db9::',
  '::ffff:10.1.2.3',
  '010.1.2.3',
  '10.1.2',
  'x',
  '1.2.3.256',
  'fe80::1%eth0',
);
const number = fc.constantFrom(0, 1, 10, -1, 25, 25.5, 70, 443, 1e21);

const TEXT_FIELDS = [
  'rule.id',
  'rule.name',
  'host.name',
  'related.hosts',
  'user.name',
  'raw.v',
  'raw.w',
  'raw.n.v',
  'message',
  'process.command_line',
  'process.name',
  'NoSuchField',
];
const UNKNOWABLE = ['host.criticality', 'user.tier0', 'event.severity', 'event.severity_name', 'host.internet_facing'];
const textField = fc.constantFrom(...TEXT_FIELDS);
const anyField = fc.constantFrom(...TEXT_FIELDS, ...UNKNOWABLE, 'source.ip', 'source.port');
const generic = fc.constantFrom('', '', '', '|all', '|neq', '|neq|all');
const list = <T>(each: fc.Arbitrary<T>, maxLength = 4): fc.Arbitrary<T[]> =>
  fc.array(each, { minLength: 1, maxLength });

/** One line of a selection: its key and its values. */
type Line = [key: string, values: unknown];

const textLine = fc
  .tuple(
    textField,
    fc.constantFrom(
      '',
      '|contains',
      '|startswith',
      '|endswith',
      '|windash',
      '|contains|windash',
      '|base64offset|contains',
      '|wide|base64|contains',
    ),
    fc.constantFrom('', '', '', '|cased'),
    generic,
    list(fc.oneof({ weight: 8, arbitrary: pattern }, { weight: 1, arbitrary: fc.constant('') }), 12),
  )
  .map(([field, how, cased, all, values]): Line => {
    const encodes = how.includes('base64');
    return [`${field}${how}${cased}${all}`, encodes ? values.map((each) => each.replace(/[*?\\]/g, 'a')) : values];
  });
const mixedLine = fc
  .tuple(
    anyField,
    generic,
    list(
      fc.oneof(pattern, number, fc.boolean(), fc.constant(null), fc.constantFrom('low', 'crown_jewel', 'true', '10')),
      12,
    ),
  )
  .map(([field, all, values]): Line => [`${field}${all}`, values]);
const lines: fc.Arbitrary<Line> = fc.oneof(
  { weight: 4, arbitrary: textLine },
  { weight: 3, arbitrary: mixedLine },
  fc
    .tuple(textField, fc.constantFrom('', '|i', '|m', '|s'), generic, list(regex))
    .map(([field, flag, all, values]): Line => [`${field}|re${flag}${all}`, values]),
  fc
    .tuple(fc.constantFrom('source.ip', 'related.ip', 'raw.v', 'host.name'), generic, list(network))
    .map(([field, all, values]): Line => [`${field}|cidr${all}`, values]),
  fc
    .tuple(
      fc.constantFrom('event.severity', 'source.port', 'raw.v', 'raw.n.v'),
      fc.constantFrom('lt', 'lte', 'gt', 'gte'),
      generic,
      list(number, 2),
    )
    .map(([field, how, all, values]): Line => [`${field}|${how}${all}`, values]),
  fc
    .tuple(fc.constantFrom('raw.t', 'raw.v'), fc.constantFrom('hour', 'day', 'week|gte', 'month|lt'), list(number, 2))
    .map(([field, how, values]): Line => [`${field}|${how}`, values]),
  fc.tuple(anyField, generic, fc.boolean()).map(([field, all, value]): Line => [`${field}|exists${all}`, value]),
  fc
    .tuple(anyField, fc.constantFrom('', '|contains', '|startswith', '|endswith', '|cased'), generic, list(anyField, 2))
    .map(([field, how, all, values]): Line => [`${field}|fieldref${how}${all}`, values]),
  fc
    .tuple(
      textField,
      fc.constantFrom('|expand', '|contains|expand'),
      list(fc.constantFrom('%names%', 'a%names%', '%none%*', '%names%%names%'), 2),
    )
    .map(([field, how, values]): Line => [`${field}${how}`, values]),
  fc
    .tuple(fc.constantFrom('', '|all', '|cased', '|neq'), list(pattern))
    .map(([how, values]): Line => [how === '' ? '|contains' : how, values]),
  fc.tuple(list(regex, 2)).map(([values]): Line => ['|re', values]),
);

/** Entries of the lookup lists that rules name. One of them is empty. */
export const LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['names', ['a', 'Ab', 'Σ', 'ςa', '']],
  ['none', []],
]);

const items = fc.array(lines, { minLength: 1, maxLength: 3 }).map((each) => Object.fromEntries(each));
const selection: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: items },
  { weight: 2, arbitrary: fc.array(items, { minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: list(fc.oneof(pattern, number, fc.constantFrom('true', 'e', '', null)), 3) },
);
const NAMES = ['s0', 's1', 's2'];
const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...NAMES, '1 of s*', 'all of them'),
    tie('condition').map((each) => `not (${each})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('and', 'or'), tie('condition'))
      .map(([a, word, b]) => `(${a} ${word} ${b})`),
  ),
})).condition;

const detection = fc.tuple(selection, selection, selection, condition).map(([s0, s1, s2, each]) => {
  const selections = Object.entries({ s0, s1, s2 }).map(([name, body]) => `  ${name}: ${JSON.stringify(body)}`);
  return `${selections.join('\n')}\n  condition: ${each}\n`;
});

/** A rule, or null when the random text is none (a regular expression may be faulty). */
export const randomRule: fc.Arbitrary<RuleDocument | null> = fc.tuple(detection, fc.uuid()).map(([each, id]) => {
  const { rule } = parseRule(ruleText(each));
  return rule === null ? null : { ...rule, id };
});

const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  text,
  number,
  fc.boolean(),
  fc.constant(null),
  address,
  fc.constantFrom('2026-03-04T05:06:07Z', 'true', '10'),
);
const value: fc.Arbitrary<Json> = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));

export const randomSubject: fc.Arbitrary<FieldSubject> = fc
  .record({
    ruleId: text,
    ruleName: text,
    title: text,
    description: text,
    hosts: fc.array(text, { maxLength: 3 }),
    users: fc.array(fc.constantFrom('A\\b', 'ab', 'B'), { maxLength: 2 }),
    sourceIp: fc.option(address),
    sourcePort: fc.option(fc.constantFrom(0, 1, 10, 443)),
    severityScore: fc.option(number),
    severity: fc.constantFrom('low' as const, 'high' as const, 'unknown' as const),
    commandLine: fc.option(text),
    executable: fc.option(text),
    enrichment: fc.record({
      hostCriticality: fc.option(fc.constantFrom('low' as const, 'crown_jewel' as const)),
      hasUnknownHost: fc.boolean(),
      hostInternetFacing: fc.option(fc.boolean()),
      userTier0: fc.option(fc.boolean()),
    }),
    raw: fc.record(
      {
        v: value,
        w: value,
        t: fc.constantFrom('2026-03-04T05:06:07Z', '2026-12-31', 'x'),
        n: fc.record({ v: value, x: value }),
        'n.v': value,
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ commandLine, executable, enrichment, raw, ...alert }) =>
    subjectWith({ ...alert, process: { executable, commandLine, parentExecutable: null } }, enrichment, raw),
  );

import { describe, expect, it } from 'vitest';
import { parseMapping } from '../../../../shared/domain/mapping/parse-mapping.ts';

const HEAD = `name: acme
label: Acme IDS
recognise:
  has: acme.rule
`;
const GOOD = `${HEAD}fields:
  time: at
  title: acme.rule
`;

function said(text: string): string[] {
  const { mapping, problems } = parseMapping(text);
  if (problems.some((problem) => problem.level === 'error')) expect(mapping).toBeNull();
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('mapping files', () => {
  it('reads the smallest one', () => {
    const { mapping, problems } = parseMapping(GOOD);
    expect(problems).toEqual([]);
    expect(mapping).toMatchObject({ name: 'acme', label: 'Acme IDS', recognise: { kind: 'has', path: 'acme.rule' } });
    expect(mapping?.product.from).toEqual({ kind: 'const', text: 'acme ids' });
  });

  it('says what is missing', () => {
    expect(said('label: Acme\n')).toEqual([
      expect.stringContaining('1:1 "name" is missing. Add a name in small letters'),
      expect.stringContaining('1:1 "recognise" is missing.'),
      expect.stringContaining('1:1 "fields" is missing.'),
    ]);
    expect(said(`${HEAD}fields:\n  title: x\n`)).toEqual([expect.stringContaining('6:3 "time" is missing')]);
  });

  it.each([
    ['nam: x', '8:1 The key "nam" is not known here. Did you mean "name"?'],
    ['id: [a..b]', '8:6 "a..b" is no path.'],
    ['id: "a.b[0].c"', 'write "a.b.c"'],
    ['skip: { when: { has: a } }', '8:7 An entry of "skip" needs "when", a condition, and "why"'],
    ['skip: { when: { field: a }, why: x }', '"field" needs a test beside it: one of equals'],
    ['skip: { when: { field: a, equal: x }, why: x }', 'The key "equal" is not known here. Did you mean "equals"?'],
    ['skip: { when: { equals: x }, why: x }', '"equals" needs a "field" beside it'],
    ['skip: { when: { has: a, not: { has: b } }, why: x }', '"has" and "not" cannot stand together'],
    ['product: { const: a, from: b }', '"from" and "const" cannot stand together'],
    ['product: { with: a }', 'A value needs one of from, const'],
    ['product: { from: a, transforms: [lowr] }', '8:34 There is no transform "lowr". Did you mean "lower"?'],
    ['product: { from: a, transforms: [split] }', '"split" needs a value'],
    ['product: { from: a, transforms: [{ regex: "(" }] }', 'This is no regular expression (RE2)'],
    ['product: { from: a, transforms: [{ regex: "(?<=a)b" }] }', 'This is no regular expression (RE2)'],
    ['product: { from: a, transforms: [{ epoch: h }] }', '"h" is no unit. Use s, ms, us or ns.'],
    ['product: { from: a, transforms: [{ time: "HH:mm" }] }', 'it needs a year, a month and a day'],
    ['product: { from: a, transforms: [{ time: { format: yyyy-MM-dd, zone: here } }] }', '"here" is no zone'],
    ['product: { from: a, transforms: [{ multiply: two }] }', '"multiply" must be a number'],
    ['name: Acme!', '"name" stands here twice'],
    ['closedAtSource: yes please', 'A condition (for example'],
  ])('says what would be right: %s', (line, expected) => {
    expect(said(`${GOOD}${line}\n`).join('\n')).toContain(expected);
  });

  it('refuses names that stand for something else', () => {
    expect(said(GOOD.replace('name: acme', 'name: auto')).join()).toContain('Choose another name');
    expect(said(GOOD.replace('name: acme', 'name: Acme X')).join()).toContain('is no name');
  });

  it('names the field that was meant', () => {
    expect(said(`${GOOD}  sourceIP: a\n`)).toEqual([
      '8:3 The key "sourceIP" is not known here. Did you mean "sourceIp"?',
    ]);
  });

  it.each([
    ['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nname: [*b, *b]\n', 'is not allowed'],
    ['a tag', 'name: !!js/function "x"\n', 'is not allowed'],
    ['deep brackets', `name: ${'['.repeat(5000)}\n`, 'nested'],
    ['deep maps', `name: ${Array.from({ length: 1000 }, (_, i) => `\n${' '.repeat(i)}a:`).join('')}\n`, 'nested'],
    ['one megabyte', `# ${'x'.repeat(1_000_001)}`, 'A mapping file is at most 1 MB'],
    ['two documents', `${GOOD}---\n${GOOD}`, 'One mapping stands in one file'],
    ['nothing', '', 'There is nothing in this file'],
    ['a list', '- a\n', 'A mapping must be a map'],
    ['text that is no YAML', 'a: b: c: d\n\t- x', 'This is not valid YAML'],
    [
      'keys of JavaScript',
      `${GOOD}__proto__: { polluted: true }\nconstructor: 1\n`,
      'The key "__proto__" is not known',
    ],
  ])('refuses %s', (_name, text, expected) => {
    expect(said(text).join('\n')).toContain(expected);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('refuses lists and tables that nobody wrote by hand', () => {
    const table = Array.from({ length: 600 }, (_, i) => `k${i}: v`).join(', ');
    expect(said(`${GOOD}product: { from: a, transforms: [{ map: { ${table} } }] }\n`).join()).toContain(
      'more than 500',
    );
    expect(said(`${GOOD}product: { from: ${Array(13).fill('a').join('.')} }\n`).join()).toContain('at most 12 keys');
  });
});

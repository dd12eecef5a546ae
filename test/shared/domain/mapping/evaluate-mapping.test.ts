import { describe, expect, it } from 'vitest';
import { holds, mayHold, textsAt } from '../../../../shared/domain/mapping/evaluate-mapping.ts';
import type { MappedValue } from '../../../../shared/domain/mapping/mapping-document.ts';
import { parseMapping } from '../../../../shared/domain/mapping/parse-mapping.ts';
import type { JsonObject } from '../../../../shared/model/json.ts';

function mappingWith(line: string) {
  const { mapping, problems } = parseMapping(
    `name: acme\nrecognise: { has: a }\nfields:\n  time: at\n  title: x\n${line}\n`,
  );
  if (mapping === null) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return mapping;
}

/** The value that this YAML describes, for a field that holds many. */
function value(yaml: string): MappedValue {
  const found = mappingWith(`  tags: ${yaml}`).fields.get('tags');
  if (found === undefined) throw new Error('no value');
  return found;
}

const RECORD: JsonObject = {
  name: 'Port Scan',
  'dotted.key': 'whole',
  level: 3,
  score: 0.29,
  flag: false,
  hosts: [{ name: 'a' }, { name: 'b' }],
  list: 'one, two,,three ',
  at: '27.10.2026 14:05:06',
  epoch: 1_793_613_600_123,
  message: 'user=ana from 10.0.0.7',
  empty: '  ',
  nothing: null,
};

describe('values of a mapping', () => {
  it.each<[string, string[]]>([
    ['name', ['Port Scan']],
    ['raw.name', ['Port Scan']],
    ['dotted.key', ['whole']],
    ['hosts.name', ['a', 'b']],
    ['flag', ['false']],
    ['empty', []],
    ['nothing', []],
    ['[nothing, name, level]', ['Port Scan', '3']],
    ['{ firstOf: [nothing, name, level] }', ['Port Scan']],
    ['{ all: [name, level] }', ['Port Scan', '3']],
    ['{ const: fixed }', ['fixed']],
    ['{ from: nothing, default: fallen back }', ['fallen back']],
    ['{ join: [name, nothing, level], with: "/" }', ['Port Scan/3']],
    ['{ join: [nothing] }', []],
    ['{ from: name, transforms: [lower] }', ['port scan']],
    ['{ from: name, transforms: [upper] }', ['PORT SCAN']],
    ['{ from: list, transforms: [{ split: "," }] }', ['one', 'two', 'three']],
    ['{ from: name, transforms: [{ replace: { text: " ", by: _ } }] }', ['Port_Scan']],
    ['{ from: message, transforms: [{ regex: "user=([a-z]+)" }] }', ['ana']],
    ['{ from: message, transforms: [{ regex: "[0-9.]{7,}" }] }', ['10.0.0.7']],
    ['{ from: message, transforms: [{ regex: "host=(x)" }], default: none }', ['none']],
    ['{ from: level, transforms: [{ map: { 3: high, 4: low } }] }', ['high']],
    ['{ from: name, transforms: [{ map: { port scan: scan } }] }', ['scan']],
    ['{ from: name, transforms: [{ map: { x: y } }] }', []],
    ['{ from: name, transforms: [{ map: { x: y, "*": other } }] }', ['other']],
    ['{ from: score, transforms: [{ multiply: 100 }] }', ['29']],
    ['{ from: level, transforms: [{ multiply: -10 }, { add: 100 }] }', ['70']],
    ['{ from: name, transforms: [{ multiply: 2 }] }', []],
    ['{ from: at, transforms: [{ time: "dd.MM.yyyy HH:mm:ss" }] }', ['2026-10-27T14:05:06.000Z']],
    [
      '{ from: at, transforms: [{ time: { format: "dd.MM.yyyy HH:mm:ss", zone: "+02:00" } }] }',
      ['2026-10-27T12:05:06.000Z'],
    ],
    ['{ from: epoch, transforms: [{ epoch: ms }] }', ['2026-11-02T10:00:00.123Z']],
    ['{ from: level, transforms: [{ epoch: ns }] }', ['1970-01-01T00:00:00.000Z']],
  ])('%s', (yaml, expected) => {
    expect(textsAt(value(yaml), RECORD)).toEqual(expected);
  });

  it('takes a list for the first that has something where the field holds one', () => {
    const found = mappingWith('  category: [nothing, name, level]').fields.get('category');
    expect(found === undefined ? null : textsAt(found, RECORD)).toEqual(['Port Scan']);
  });

  it('keeps to bounds, however much there is', () => {
    const many = value('list');
    expect(textsAt(many, { list: Array(5000).fill('x') }).length).toBe(100);
    expect(textsAt(many, { list: 'x'.repeat(1_000_000) })[0]?.length).toBe(32_000);
    const grown = value('{ from: list, transforms: [{ replace: { text: x, by: xxxxxxxxxx } }] }');
    expect(textsAt(grown, { list: 'x'.repeat(1_000_000) })[0]?.length).toBe(32_000);
    expect(textsAt(value('{ from: list, transforms: [{ split: x }] }'), { list: 'axb'.repeat(100_000) }).length).toBe(
      100,
    );
    expect(textsAt(value('{ from: n, transforms: [{ epoch: s }] }'), { n: 1e300 })).toEqual([]);
    expect(textsAt(value('{ from: n, transforms: [{ multiply: 1e300 }] }'), { n: 1e300 })).toEqual([]);
  });
});

describe('conditions of a mapping', () => {
  const cases: [string, boolean][] = [
    ['{ has: name }', true],
    ['{ has: nothing }', false],
    ['{ has: constructor }', false],
    ['{ field: name, equals: port scan }', true],
    ['{ field: level, equals: 3 }', true],
    ['{ field: flag, equals: false }', true],
    ['{ field: hosts.name, in: [x, b] }', true],
    ['{ field: name, contains: SCAN }', true],
    ['{ field: name, startsWith: port }', true],
    ['{ field: name, endsWith: port }', false],
    ['{ field: message, matches: "user=[a-z]+" }', true],
    ['{ field: level, above: 2 }', true],
    ['{ field: level, below: 3 }', false],
    ['{ field: name, above: 2 }', false],
    ['{ not: { has: name } }', false],
    ['{ any: [{ has: nothing }, { has: level }] }', true],
    ['[{ has: name }, { has: nothing }]', false],
    ['{ field: { from: level, transforms: [{ multiply: 10 }] }, equals: 30 }', true],
    ['{ field: { from: gone, default: high }, equals: high }', true],
  ];

  it.each(cases)('%s is %s', (yaml, expected) => {
    const { closedAtSource } = mappingWith(`closedAtSource: ${yaml}`);
    if (closedAtSource === null) throw new Error('no condition');
    expect(holds(closedAtSource, RECORD)).toBe(expected);
    if (expected) expect(mayHold(closedAtSource, RECORD)).toBe(true);
  });

  it('says of keys alone that a record cannot be meant', () => {
    const of = (yaml: string, record: JsonObject) => {
      const { closedAtSource } = mappingWith(`closedAtSource: ${yaml}`);
      return closedAtSource !== null && mayHold(closedAtSource, record);
    };
    expect(of('{ has: a.b.c }', { a: 1 })).toBe(true);
    expect(of('{ has: a.b.c }', { 'a.b': {} })).toBe(true);
    expect(of('{ has: a.b.c }', { b: {} })).toBe(false);
    expect(of('{ field: a.kind, equals: x }', { b: 1 })).toBe(false);
    expect(of('{ not: { has: a } }', { a: 1 })).toBe(true);
  });
});

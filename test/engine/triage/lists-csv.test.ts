import { describe, expect, test } from 'vitest';
import { readAssets, readIdentities, readLookup } from '../../../engine/triage/lists-csv.ts';

describe('assets', () => {
  test('come from columns in any order and case, with either separator, a byte order mark and CRLF', () => {
    const csv =
      '\ufeffOwner;Criticality;NAME;Internet Facing\r\n"Web; team";Crown Jewel;WEB-1;yes\r\n;;10.20.0.0/24;\r\n;low;10.0.0.7;no\r\n';
    expect(readAssets(csv)).toEqual({
      problems: [],
      rows: [
        {
          key: 'web-1',
          kind: 'host',
          criticality: 'crown_jewel',
          internetFacing: true,
          owner: 'Web; team',
          note: null,
        },
        { key: '10.20.0.0/24', kind: 'cidr', criticality: null, internetFacing: null, owner: null, note: null },
        { key: '10.0.0.7', kind: 'ip', criticality: 'low', internetFacing: false, owner: null, note: null },
      ],
    });
  });
  test('report each bad line with its number, and go on', () => {
    const csv = `name,criticality,internet_facing
a,low,yes
b,severe,
c,low,maybe
,low,
d,low,no,extra
10.0.0.0/99,low,
${'x'.repeat(300)},low,
a,high,
"e
f",medium,
g,high,
`;
    const { rows, problems } = readAssets(csv);
    expect(rows.map((row) => row.key)).toEqual(['a', 'e\nf', 'g']);
    expect(problems.map(({ line, message }) => `${line} ${message.slice(0, 40)}`)).toEqual(
      [
        '3 "severe" is no criticality. Use low, mediu',
        '4 internet_facing takes yes, no or nothing',
        '5 The name is empty. Write a host name, an',
        '6 There are 4 cells for 3 columns. Quote c',
        '7 "10.0.0.0/99" is no network. Write, for ',
        '8 The name is longer than 255 characters. ',
        '9 "host a" stands here twice. The first on',
      ].map((text) => `${text.split(' ')[0]} ${text.slice(text.indexOf(' ') + 1).slice(0, 40)}`),
    );
  });
  test.each(['', '\n\n', 'colour,size\nred,1\n'])('%j is no list, and says what one needs', (csv) => {
    const { rows, problems } = readAssets(csv);
    expect(rows).toEqual([]);
    expect(problems).toMatchObject([{ line: 1 }]);
  });
  test('an open quotation mark is reported and nothing is guessed', () => {
    const { problems } = readAssets('name,criticality\n"a,low\nb,low\n');
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toContain('quotation mark');
  });
});

test('identities keep "nobody said" apart from "no"', () => {
  const { rows, problems } = readIdentities('user,tier0,criticality\nCORP\\Root,yes,high\nana,no,\nben,,\n');
  expect(problems).toEqual([]);
  expect(rows.map(({ key, tier0, criticality }) => [key, tier0, criticality])).toEqual([
    ['corp\\root', true, 'high'],
    ['ana', false, null],
    ['ben', null, null],
  ]);
});

test('a lookup list takes its key column, or the first', () => {
  expect(readLookup('key,value\na,1\nb,\n').rows).toEqual([
    { key: 'a', value: '1' },
    { key: 'b', value: '' },
  ]);
  expect(readLookup('address\n192.0.2.1\n').rows).toEqual([{ key: '192.0.2.1', value: '' }]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { count, table, utc, visible, visibleLines } from '../../../engine/bin/terminal.ts';

describe('text of alerts on a terminal', () => {
  it.each([
    ['\u001b[2J', '\\u{1b}[2J'],
    ['a\nb', 'a\\u{a}b'],
    ['\u202egpj.exe', '\\u{202e}gpj.exe'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['häßlich 日本 🦊', 'häßlich 日本 🦊'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('never prints a control character, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/u);
        expect(visibleLines(text).replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('tables', () => {
  const columns = [
    { title: 'Name', isElastic: true, cell: (row: { name: string; n: number }) => row.name },
    { title: 'N', align: 'right' as const, cell: (row: { name: string; n: number }) => count(row.n) },
  ];

  it('aligns, and cuts only the elastic column', () => {
    const rows = [
      { name: 'short', n: 1 },
      { name: 'a name that is much too long for it', n: 12345 },
    ];
    expect(table(columns, rows, 26)).toBe(
      'Name                     N\nshort                    1\na name that is mu…  12 345\n',
    );
  });

  it('cuts nothing where nobody watches', () => {
    expect(table(columns, [{ name: 'x'.repeat(300), n: 1 }], null)).toContain('x'.repeat(300));
  });
});

it('writes times in UTC', () => {
  expect(utc(Date.UTC(2026, 2, 2, 9, 41, 7))).toBe('2026-03-02 09:41:07Z');
  expect(utc(null)).toBe('');
  expect(utc(1e18)).toBe('1000000000000000000');
});

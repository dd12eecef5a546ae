import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRuleRegex } from '../../../../shared/domain/rules/linear-regex.ts';

const PLAIN = { i: false, m: false, s: false };

function matches(source: string, text: string, flags = PLAIN): boolean {
  return compileRuleRegex(source, flags).test(text);
}

/** Expressions with look-around at an edge, and texts that each must and must not match. JavaScript judges them, too. */
const CASES: readonly [source: string, yes: readonly string[], no: readonly string[]][] = [
  [
    String.raw`https?\/\/[0-9]{1,3}\.[0-9]{1,5}(?!.)`,
    ['x http//81.4', 'http//81.4\nx'],
    ['http//81.4.3', 'http//81.4 '],
  ],
  [String.raw`^(?!10\.|192\.168\.)\d+\.`, ['203.0.113.1', '110.1'], ['10.1.1.1', '192.168.0.1', 'x203.0']],
  [String.raw`^(?!.*\$).*(DC|SRV)\d+$`, ['DC01', 'xSRV2'], ['DC01$', 'DC', 'a$DC01']],
  ['^(?=.*a)(?=.*b)(?!.*c).{3,}$', ['xab', 'bxa'], ['ab', 'xabc', 'xxb']],
  ['foo(?=bar)', ['xfoobar'], ['foo', 'foobaz']],
  ['foo(?![a-z])', ['foo', 'foo1', 'xfoo '], ['foob', 'fo']],
  ['foo(?![^a-z])', ['foo', 'foob'], ['foo1']],
  ['foo(?![^^a])', ['foo', 'fooa', 'foo^'], ['foob']],
  ['foo(?![^^])', ['foo', 'foo^'], ['fooa']],
  [String.raw`foo(?!\d)`, ['foo', 'foox'], ['foo1']],
  [String.raw`foo(?!\.)`, ['foo', 'foox'], ['foo.']],
  [String.raw`(?<!\\)cmd`, ['cmd', 'xcmd'], ['\\cmd', 'cm']],
  ['(?<=ab)c', ['xabc'], ['c', 'bc']],
  ['a(?!b)|^(?!x)y', ['ac', 'ya', 'a'], ['ab', 'xy', 'zy']],
  ['[(?!]x', ['(x', '!x'], ['x', 'ax']],
  [String.raw`\(?!x`, ['!x', '(!x'], ['x']],
];

describe('expressions of rules', () => {
  it.each(CASES)('%s', (source, yes, no) => {
    for (const text of yes) expect([text, matches(source, text)]).toEqual([text, true]);
    for (const text of no) expect([text, matches(source, text)]).toEqual([text, false]);
    const judge = new RegExp(source);
    const words = fc.array(
      fc.constantFrom('a', 'b', 'c', 'x', 'y', '1', '.', '\\', '$', '\n', 'foo', 'bar', 'cmd', 'DC0'),
    );
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join('');
        // JavaScript has `$` at the very end, as RE2 has; its `.` also stops at \r and two other line ends, not made here.
        expect(matches(source, text)).toBe(judge.test(text));
      }),
      { numRuns: 300 },
    );
  });

  it('takes flags that stand in the expression, and those of its modifiers', () => {
    expect(matches('(?i)^(?!foo)b', 'BAR')).toBe(true);
    expect(matches('(?i)^(?!foo)b', 'FOOb')).toBe(false);
    expect(matches('^(?!foo)b', 'BAR', { ...PLAIN, i: true })).toBe(true);
    expect(matches('a(?!.)', 'a\nb')).toBe(true);
    expect(matches('a(?!.)', 'a\nb', { ...PLAIN, s: true })).toBe(false);
    expect(matches('a(?!.)', 'ba', { ...PLAIN, s: true })).toBe(true);
  });

  it.each([
    [String.raw`\u0041\u2013`, 'xA–', true],
    [String.raw`[\u4e00-\u9fff]{2}`, '中文', true],
    [String.raw`[\u4e00-\u9fff]`, 'abc', false],
    [String.raw`\\u0041`, String.raw`\u0041`, true],
    [String.raw`end\Z`, 'the end\n', true],
    [String.raw`end\Z`, 'the end\nx', false],
    [String.raw`a\hb`, 'a\tb', true],
    [String.raw`a[\h]b`, 'a b', true],
    [String.raw`\e\[`, '\u001b[0m', true],
  ])('reads the escape in %s', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected);
  });

  it.each(['a(?!b)c', '(?!a)b', 'a(?!bc)', String.raw`(a)\1`, '(?>a)b', 'a++b', '^(?!a'])(
    'refuses %s, which is not linear or no edge',
    (source) => {
      expect(() => compileRuleRegex(source, PLAIN)).toThrow();
    },
  );

  it('never hangs, whatever the expression', () => {
    const parts = fc.array(
      fc.constantFrom(
        '(?!',
        '(?=',
        '(?<!',
        '(?<=',
        '^',
        '$',
        '|',
        ')',
        '(',
        '[',
        ']',
        '\\',
        'a',
        '.',
        '*',
        '+',
        '\\u00',
        '{2}',
      ),
    );
    fc.assert(
      fc.property(parts, (source) => {
        try {
          compileRuleRegex(source.join(''), PLAIN).test('aaaa');
        } catch {
          // Faulty ones are refused.
        }
      }),
      { numRuns: 3000 },
    );
  });
});

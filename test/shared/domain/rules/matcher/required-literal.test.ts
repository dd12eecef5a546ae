import fc from 'fast-check';
import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { AhoCorasick } from '../../../../../shared/domain/rules/matcher/aho-corasick.ts';
import { requiredLiterals } from '../../../../../shared/domain/rules/matcher/required-literal.ts';

test.each([
  ['evil\\.exe', ['evil.exe']],
  ['(?i)Cobalt[ _-]?Strike', ['cobalt']],
  ['^(powershell|pwsh)\\b', ['powershell', 'pwsh']],
  ['ab+c', ['ab']],
  ['ab?cd', ['cd']],
  ['ab*?cd', ['cd']],
  ['(abc)?xy', ['xy']],
  ['(abc){0,2}xy', ['xy']],
  ['(abc){2}', ['abc']],
  ['a|', null],
  ['[abc]+', null],
  ['\\d{3}', null],
  ['\\Qa.b\\E', null],
  ['\\x61b', null],
  ['(?P<name>abc)', ['abc']],
  ['é+', null],
  ['', null],
])('%s requires %j', (source, expected) => {
  expect(requiredLiterals(source)).toEqual(expected);
});

test('what an expression matches has one of the literals that it is said to require', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    's',
    'K',
    'ab',
    'as',
    '.',
    '\\.',
    '[ab]',
    '[^a]',
    '[]a]',
    '[a\\]b]',
    '(ab|s)',
    '(a|)',
    '(?:b)',
    '(?i)',
    '(?i:s)',
    '(?-i:a)',
    'a*',
    'b+',
    's?',
    'a{2}',
    'b{0,1}',
    's{1,}',
    'a+?',
    'b{0}',
    '(ab)*',
    '(s|K)+',
    '|',
    '^',
    '$',
    '\\b',
    '\\s',
    '\\w',
    '\\x61',
    'a{,2}',
    '{',
    '}',
    ']',
    '-',
  );
  const source = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const text = fc
    .array(fc.constantFrom('a', 'b', 's', 'S', 'ſ', 'k', 'K', '\u212a', 'A', '.', ' ', ',', '{', '}', '2', ']', '-'), {
      maxLength: 8,
    })
    .map((parts) => parts.join(''));
  let tried = 0;
  fc.assert(
    fc.property(source, fc.array(text, { minLength: 20, maxLength: 20 }), fc.boolean(), (each, texts, ignoresCase) => {
      const literals = requiredLiterals(each);
      if (literals === null) return;
      let regex: RE2JS;
      try {
        regex = RE2JS.compile(each, ignoresCase ? RE2JS.CASE_INSENSITIVE : 0);
      } catch {
        return;
      }
      const automaton = new AhoCorasick(literals);
      for (const of of texts) {
        if (!regex.test(of)) continue;
        tried++;
        const found: number[] = [];
        automaton.scan(of, found);
        expect(found, `${each} on ${of}`).not.toEqual([]);
      }
    }),
    { numRuns: 3000 },
  );
  expect(tried).toBeGreaterThan(1000);
});

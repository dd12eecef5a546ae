import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AhoCorasick } from '../../../../../shared/domain/rules/matcher/aho-corasick.ts';
import { FewLiterals } from '../../../../../shared/domain/rules/matcher/few-literals.ts';

const letter = fc.constantFrom(
  'a',
  'b',
  'A',
  'B',
  '\\',
  ' ',
  'é',
  'É',
  'Σ',
  'σ',
  'ς',
  'İ',
  '\u212a',
  'k',
  's',
  'S',
  'ſ',
);
const text = fc.array(letter, { maxLength: 14 }).map((letters) => letters.join(''));
const literals = fc.array(text, { maxLength: 4 }).map((each) => [...new Set(each.map((one) => one.toLowerCase()))]);

test('every literal in the lower-cased text is found, and none that the table of many would not find', () => {
  fc.assert(
    fc.property(literals, text, (each, of) => {
      const found: number[] = [];
      new FewLiterals(each).scan(of, found);
      const byTable: number[] = [];
      new AhoCorasick(each).scan(of, byTable);
      for (const [place, literal] of each.entries()) {
        if (of.toLowerCase().includes(literal)) expect(found).toContain(place);
        if (of.toLowerCase().replaceAll('ſ', 's').includes(literal)) expect(found).toContain(place);
      }
      expect(byTable).toEqual(expect.arrayContaining(found));
    }),
    { numRuns: 2000 },
  );
});

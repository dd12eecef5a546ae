import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AhoCorasick } from '../../../../../shared/domain/rules/matcher/aho-corasick.ts';

const letter = fc.constantFrom('a', 'b', 'c', 'A', 'B', '\\', ' ', 'é', 'É', 'Σ', 'σ', 'ς', 'İ', '😀', 's', 'ſ');
const text = fc.array(letter, { maxLength: 14 }).map((letters) => letters.join(''));
const literals = fc.array(text, { maxLength: 8 }).map((each) => [...new Set(each.map((one) => one.toLowerCase()))]);

function found(automaton: AhoCorasick, of: string): Set<number> {
  const places: number[] = [];
  automaton.scan(of, places);
  return new Set(places);
}

test('every literal in the lower-cased text is found', () => {
  fc.assert(
    fc.property(literals, text, (each, of) => {
      const places = found(new AhoCorasick(each), of);
      for (const [place, literal] of each.entries()) {
        if (of.toLowerCase().includes(literal)) expect(places).toContain(place);
      }
    }),
    { numRuns: 2000 },
  );
});

test('in ASCII nothing else is found', () => {
  const ascii = fc
    .array(fc.constantFrom('a', 'b', 'c', 'A', 'C'), { maxLength: 20 })
    .map((letters) => letters.join(''));
  const some = fc.array(ascii, { maxLength: 10 }).map((each) => [...new Set(each.map((one) => one.toLowerCase()))]);
  fc.assert(
    fc.property(some, ascii, (each, of) => {
      const expected = each.flatMap((literal, place) => (of.toLowerCase().includes(literal) ? [place] : []));
      expect([...found(new AhoCorasick(each), of)].sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

test('with little room literals are cut and still all found', () => {
  fc.assert(
    fc.property(literals, text, fc.integer({ min: 1, max: 400 }), (each, of, tableMax) => {
      const places = found(new AhoCorasick(each, tableMax), of);
      for (const [place, literal] of each.entries()) {
        if (of.toLowerCase().includes(literal)) expect(places).toContain(place);
      }
    }),
    { numRuns: 1000 },
  );
});

test('the long s counts as an s, as it does for expressions that ignore case', () => {
  expect(found(new AhoCorasick(['paſs'.toLowerCase(), 'pass']), 'PAſS')).toContain(1);
});

test('a hundred thousand long literals fit', () => {
  const many = Array.from({ length: 100_000 }, (_, n) => `${'x'.repeat(50)}${n}`);
  expect(found(new AhoCorasick(many), `>${'X'.repeat(60)}77777<`)).toContain(77_777);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LiteralTrie } from '../../../../../shared/domain/rules/matcher/literal-trie.ts';

const text = fc.array(fc.constantFrom('a', 'b', '\\', '😀'), { maxLength: 8 }).map((letters) => letters.join(''));

test.each(['start', 'end'] as const)('exactly the literals at the %s are found', (end) => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { maxLength: 12 }), text, (literals, of) => {
      const found: number[] = [];
      new LiteralTrie(end, literals).collect(of, found);
      const isThere = (literal: string): boolean => (end === 'start' ? of.startsWith(literal) : of.endsWith(literal));
      const expected = literals.flatMap((literal, place) => (isThere(literal) ? [place] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

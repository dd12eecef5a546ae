import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { CidrTrie } from '../../../../../shared/domain/rules/matcher/cidr-trie.ts';

/** Few different bits, so that networks nest. */
const bytesOf = (length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.constantFrom(0, 1, 128, 129, 255), { minLength: length, maxLength: length });
const family = fc.constantFrom(4, 16);

test('an address is in exactly the networks that ipaddr.js says', () => {
  const networks = fc.array(
    family.chain((length) => fc.tuple(bytesOf(length), fc.integer({ min: 0, max: length * 8 }))),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(networks, family.chain(bytesOf), (each, address) => {
      const trie = new CidrTrie();
      for (const [place, [bytes, length]] of each.entries()) trie.insert(bytes, length, place);
      const found: number[] = [];
      trie.collect(address, found);
      const parsed = ipaddr.fromByteArray(address);
      const expected = each.flatMap(([bytes, length], place) => {
        if (bytes.length !== address.length) return [];
        return parsed.match(ipaddr.fromByteArray(bytes), length) ? [place] : [];
      });
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

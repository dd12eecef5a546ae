import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Thresholds } from '../../../../../shared/domain/rules/matcher/thresholds.ts';

const number = fc.constantFrom(-1, 0, 0.5, 1, 25, 70, 100, Number.POSITIVE_INFINITY);
const comparison = fc.constantFrom('lt' as const, 'lte' as const, 'gt' as const, 'gte' as const);

test('exactly the comparisons that hold are found', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ comparison, value: number }), { maxLength: 20 }), number, (each, of) => {
      const found: number[] = [];
      new Thresholds(each).collect(of, found);
      const holds = {
        lt: (n: number) => of < n,
        lte: (n: number) => of <= n,
        gt: (n: number) => of > n,
        gte: (n: number) => of >= n,
      };
      const expected = each.flatMap((one, place) => (holds[one.comparison](one.value) ? [place] : []));
      expect(found.sort((a, b) => a - b)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});

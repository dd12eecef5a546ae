import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueMemo } from '../../../../../shared/domain/rules/matcher/value-memo.ts';

const work = (value: string | number | boolean, into: number[]): void => {
  for (const char of String(value)) into.push(char.charCodeAt(0));
};
const sorted = (places: readonly number[]): number[] => [...new Set(places)].sort((a, b) => a - b);

test('what is remembered is what would be worked out', () => {
  const value = fc.oneof(
    fc.constantFrom('a', 'ab', '1', 'true', ''),
    fc.constantFrom(1, true),
    fc.string({ maxLength: 3 }),
  );
  const memo = new ValueMemo(work);
  fc.assert(
    fc.property(value, (each) => {
      const expected: number[] = [];
      work(each, expected);
      expect(sorted(memo.of(each))).toEqual(sorted(expected));
    }),
    { numRuns: 3000 },
  );
});

test('values that come again are worked out once; those that never do are not kept', () => {
  let worked = 0;
  const memo = new ValueMemo((value, into) => {
    worked++;
    work(value, into);
  });
  for (let n = 0; n < 1000; n++) memo.of(`host-${n % 10}`);
  expect(worked).toBe(10);
  for (let n = 0; n < 20_000; n++) memo.of(`url-${n}`);
  const before = worked;
  // It rests by now, and so works out even a value that it has just seen.
  memo.of('again');
  memo.of('again');
  expect(worked).toBe(before + 2);
});

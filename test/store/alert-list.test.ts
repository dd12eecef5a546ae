import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAlertList, writeAlertList } from '../../engine/store/alert-list.ts';

it('gives back the ids that were written, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 ** 40)), (ids) => {
      expect(readAlertList(writeAlertList(ids))).toEqual(ids);
      expect(readAlertList(ids.join(','))).toEqual(ids);
    }),
  );
});

it('is short for alerts that came one after the other', () => {
  expect(writeAlertList([1_000_000, 1_000_001, 1_000_004, 999_999])).toBe('1000000+1+3-5');
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { classWords } from '../../../renderer/features/assurance/assurance-words.ts';
import { shareOf } from '../../../renderer/ui/words.ts';
import { percent } from '../../../shared/domain/assurance/say-rate.ts';

test.each([
  [0, 0, 'none yet'],
  [0, 10_000, '0 % of 10,000'],
  [1, 10_000, 'under 0.1 % of 10,000'],
  [5, 10_000, '0.1 % of 10,000'],
  [5, 118, '4.2 % of 118'],
  [9_999, 10_000, 'over 99.9 % of 10,000'],
  [10_000, 10_000, '100 % of 10,000'],
])('%i of %i is "%s"', (part, n, words) => {
  expect(shareOf(part, n)).toBe(words);
});

test('a share is called none or all only where it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
      const part = Math.round(n * share);
      expect(/^0 %/.test(shareOf(part, n))).toBe(part === 0);
      expect(/^100 %/.test(shareOf(part, n))).toBe(part === n);
    }),
  );
});

test('a small share is never shown as nothing', () => {
  expect(percent(0)).toBe('0 %');
  expect(percent(0.000_004)).toBe('under 0.001 %');
  expect(percent(0.000_04)).toBe('0.004 %');
  expect(percent(0.0967)).toBe('9.7 %');
  expect(percent(0.32)).toBe('32 %');
});

test('a class of alert is read as severity and product', () => {
  expect(classWords('low/suricata')).toBe('Low, suricata');
  expect(classWords('high/a/b')).toBe('High, a/b');
  expect(classWords('other')).toBe('other');
});

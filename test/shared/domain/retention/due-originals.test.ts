import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadStoragePolicy } from '../../../../engine/policies.ts';
import { dueOriginals, type StoredTotal } from '../../../../shared/domain/retention/due-originals.ts';
import type { StoragePolicy } from '../../../../shared/model/storage.ts';
import { SEVERITIES, type Severity } from '../../../../shared/model/vocabulary.ts';

const TODAY = 20_000;
const policy = loadStoragePolicy().originals;

const total = (severity: Severity, storedDay: number, storedBytes = 1_000): StoredTotal => ({
  severity,
  storedDay,
  blocks: 1,
  records: 64,
  storedBytes,
});

const limited = (size: Partial<StoragePolicy['originals']['size']>) => ({
  ...policy,
  size: { ...policy.size, ...size },
});

it('lets an original stay for its full days after the day on which it was stored', () => {
  const days = policy.keepDays.low ?? 0;
  expect(dueOriginals([total('low', TODAY - days)], policy, TODAY).due).toEqual([]);
  expect(dueOriginals([total('low', TODAY - days - 1)], policy, TODAY).due).toMatchObject([
    { severity: 'low', throughDay: TODAY - days - 1, cause: 'age', records: 64 },
  ]);
});

it('takes for size what the order names first, the oldest first, and no more than it must', () => {
  const totals = [
    total('low', TODAY - 50),
    total('medium', TODAY - 60),
    total('medium', TODAY - 50),
    total('medium', TODAY - 40),
  ];
  const { due, overBytes } = dueOriginals(totals, limited({ maxBytes: 1_500, order: ['low', 'medium'] }), TODAY);
  expect(due).toMatchObject([
    { severity: 'low', throughDay: TODAY - 50, cause: 'size' },
    { severity: 'medium', throughDay: TODAY - 50, cause: 'size', blocks: 2 },
  ]);
  expect(overBytes).toBe(0);
});

it('says what stays above the limit when nothing more may go', () => {
  const totals = [total('critical', TODAY - 50), total('low', TODAY - 2)];
  expect(dueOriginals(totals, limited({ maxBytes: 500 }), TODAY, 300)).toEqual({ due: [], overBytes: 1_800 });
});

it('never names a severity outside the order, nor anything young, for size; and ends at the limit', () => {
  const totals = fc.array(
    fc.record({ severity: fc.constantFrom(...SEVERITIES), ago: fc.nat(1_200), bytes: fc.nat(5_000) }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(totals, fc.nat(100_000), fc.shuffledSubarray([...SEVERITIES]), (some, maxBytes, order) => {
      const all = some.map(({ severity, ago, bytes }) => total(severity, TODAY - ago, bytes));
      const of = limited({ maxBytes, order, keepDays: 30 });
      const { due, overBytes } = dueOriginals(all, of, TODAY);
      const isGoing = (each: StoredTotal) =>
        due.some(({ severity, throughDay }) => severity === each.severity && each.storedDay <= throughDay);
      const left = all.filter((each) => !isGoing(each));
      for (const one of due) {
        if (one.cause === 'age') continue;
        expect(order).toContain(one.severity);
        expect(one.throughDay).toBeLessThan(TODAY - 30);
      }
      expect(Math.max(0, left.reduce((sum, { storedBytes }) => sum + storedBytes, 0) - maxBytes)).toBe(overBytes);
      if (overBytes > 0) {
        expect(left.some(({ severity, storedDay }) => order.includes(severity) && storedDay < TODAY - 30)).toBe(false);
      }
    }),
  );
});

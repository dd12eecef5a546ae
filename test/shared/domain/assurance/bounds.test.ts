import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquareCumulative, chiSquareQuantile } from '../../../../shared/domain/assurance/chi-square.ts';
import { clopperPearsonUpper } from '../../../../shared/domain/assurance/clopper-pearson.ts';
import {
  anytimeLower,
  anytimeUpper,
  auditsToShowAnytime,
  showsAtMost,
  stratifiedLower,
  stratifiedUpper,
} from '../../../../shared/domain/assurance/confidence-sequence.ts';
import { logBeta, logGamma } from '../../../../shared/domain/assurance/log-beta.ts';

const counts = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([audited, share]) => ({ audited, misses: Math.floor(audited * share ** 3) }));

/** The smallest sample in which so many misses still show at most `rate` by the exact bound, as tables give it. */
function auditsToShow(rate: number, misses: number): number {
  let low = misses;
  let high = 16 + 2 * misses;
  while (clopperPearsonUpper(misses, high) > rate) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (clopperPearsonUpper(misses, middle) > rate) low = middle;
    else high = middle;
  }
  return high;
}

describe('special functions', () => {
  test('ln Γ is the log of the factorial, and right at a half', () => {
    let sum = 0;
    for (let n = 1; n <= 200; n += 1) {
      expect(logGamma(n)).toBeCloseTo(sum, 9);
      sum += Math.log(n);
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logBeta(0.5, 200)).toBeCloseTo(logGamma(0.5) + logGamma(200) - logGamma(200.5), 12);
  });

  test('quantiles of the chi-square distribution are the tabled ones', () => {
    expect(chiSquareQuantile(0.999, 9)).toBeCloseTo(27.877, 2);
    expect(chiSquareQuantile(0.95, 1)).toBeCloseTo(3.8415, 3);
    expect(chiSquareCumulative(chiSquareQuantile(0.4, 30), 30)).toBeCloseTo(0.4, 9);
  });
});

describe('one look', () => {
  test.each([
    [0.05, 59],
    [0.02, 149],
    [0.01, 299],
    [0.005, 598],
    [0.002, 1497],
    [0.001, 2995],
  ])('no miss shows %f with %i audits', (rate, audits) => {
    expect(auditsToShow(rate, 0)).toBe(audits);
  });

  test('misses cost audits as tabled', () => {
    expect([0, 1, 2, 3, 4, 5].map((misses) => auditsToShow(0.01, misses))).toEqual([299, 473, 628, 773, 913, 1049]);
    expect([0, 1, 2, 3, 4, 5].map((misses) => auditsToShow(0.005, misses))).toEqual([598, 947, 1258, 1549, 1829, 2100]);
  });

  test('the bound is the tabled one, and nothing seen says nothing', () => {
    expect(clopperPearsonUpper(0, 0)).toBe(1);
    expect(clopperPearsonUpper(3, 3)).toBe(1);
    // R: binom.test(3, 10, conf.level = 0.9)$conf.int
    expect(clopperPearsonUpper(3, 10)).toBeCloseTo(0.60662, 4);
  });
});

describe('every look', () => {
  test.each([
    [0.02, 164],
    [0.01, 349],
    // 755 in tables made by a search over a grid; the evidence passes 20 at 754 by two in a thousand.
    [0.005, 754],
  ])('no miss shows %f with %i audits', (rate, audits) => {
    expect(auditsToShowAnytime(rate, 0)).toBe(audits);
  });

  test('the bound is where the evidence reaches its limit', () => {
    fc.assert(
      fc.property(counts, (each) => {
        const upper = anytimeUpper(each);
        const lower = anytimeLower(each);
        const seen = each.misses / each.audited;
        expect(upper).toBeGreaterThanOrEqual(seen);
        expect(lower).toBeLessThanOrEqual(seen);
        if (upper < 1) {
          expect(showsAtMost(each, Math.min(1, upper * 1.000001))).toBe(true);
          expect(showsAtMost(each, upper * 0.999999)).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('it is dearer than one look, and a miss never lowers it', () => {
    fc.assert(
      fc.property(counts, (each) => {
        if (each.misses < each.audited * 0.1) {
          expect(anytimeUpper(each)).toBeGreaterThan(clopperPearsonUpper(each.misses, each.audited));
        }
        const more = anytimeUpper({ audited: each.audited + 1, misses: each.misses + 1 });
        expect(more).toBeGreaterThanOrEqual(anytimeUpper(each) - 1e-12);
      }),
      { numRuns: 50 },
    );
  });

  test('it stays exact at 100,000 audits', () => {
    // From the definition with the beta function as a running sum of logs.
    const [audited, misses] = [100_000, 150];
    let mixture = 0;
    for (let k = 0; k < audited; k += 1) {
      const numerator = k < misses ? 0.5 + k : 200 + (k - misses);
      mixture += Math.log(numerator / (200.5 + k));
    }
    const upper = anytimeUpper({ audited, misses });
    const evidence = mixture - misses * Math.log(upper) - (audited - misses) * Math.log1p(-upper);
    expect(evidence).toBeCloseTo(Math.log(20), 6);
  });
});

describe('strata', () => {
  test('one stratum is the plain bound', () => {
    fc.assert(
      fc.property(counts, (each) => {
        expect(stratifiedUpper([{ ...each, weight: 1 }])).toBeCloseTo(anytimeUpper(each), 12);
        expect(stratifiedLower([{ ...each, weight: 1 }])).toBeCloseTo(anytimeLower(each), 9);
      }),
    );
  });

  test.each([
    [
      { audited: 400, misses: 1, weight: 0.7 },
      { audited: 150, misses: 0, weight: 0.3 },
    ],
    [
      { audited: 900, misses: 9, weight: 0.6 },
      { audited: 300, misses: 6, weight: 0.4 },
    ],
  ])(
    'ends are the largest and the smallest mean that the evidence allows, by a search over a grid',
    (first, second) => {
      let [most, least] = [0, 1];
      const part = ({ audited, misses }: typeof first, rate: number): number => {
        const mixture = logBeta(0.5 + misses, 200 + audited - misses) - logBeta(0.5, 200);
        return mixture - misses * Math.log(rate) - (audited - misses) * Math.log1p(-rate);
      };
      const others = Array.from({ length: 1_000 }, (_, at) => 1e-6 + at * 1e-4).map(
        (b) => [b, part(second, b)] as const,
      );
      for (let a = 1e-6; a < 0.05; a += 1e-5) {
        const own = part(first, a);
        for (const [b, other] of others) {
          if (own + other >= Math.log(20)) continue;
          const mean = first.weight * a + second.weight * b;
          [most, least] = [Math.max(most, mean), Math.min(least, mean)];
        }
      }
      const [upper, lower] = [stratifiedUpper([first, second]), stratifiedLower([first, second])];
      expect(upper).toBeGreaterThanOrEqual(most);
      expect(upper - most).toBeLessThan(1e-4);
      expect(lower).toBeLessThanOrEqual(least);
      expect(least - lower).toBeLessThan(1e-4);
    },
  );

  test('a stratum without audits may be all bad, and weighs as much as it is large', () => {
    const known = { audited: 2000, misses: 0, weight: 0.9 };
    const upper = stratifiedUpper([known, { audited: 0, misses: 0, weight: 0.1 }]);
    expect(upper).toBeGreaterThan(0.1);
    expect(upper).toBeLessThan(0.104);
    expect(stratifiedUpper([])).toBe(1);
    expect(stratifiedLower([known, { audited: 50, misses: 0, weight: 0.1 }])).toBe(0);
  });
});

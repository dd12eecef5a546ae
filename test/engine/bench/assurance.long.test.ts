import { describe, expect, test } from 'vitest';
import { benchAssurance } from '../../../engine/bench/assurance.ts';
import { wrongCertificates } from '../../../engine/bench/simulate-assurance.ts';
import { seededRandom } from '../../../engine/sample/random.ts';
import { stratifiedUpper } from '../../../shared/domain/assurance/confidence-sequence.ts';

describe('assurance on 2,000 seeded runs', () => {
  test('every promise holds, for three seeds', async () => {
    for (const seed of ['one', 'two', 'three']) {
      const { metrics, peers } = await benchAssurance({ seed });
      expect(metrics.wrongCertificateShare).toBeLessThanOrEqual(0.05);
      // Mean runs 317, 131 and 5,889 by earlier simulation; four standard errors of 2,000 runs about them.
      expect(Math.abs((metrics.meanAuditsToSuspendAt1pct ?? 0) - 317)).toBeLessThan(28);
      expect(Math.abs((metrics.meanAuditsToSuspendAt2pct ?? 0) - 131)).toBeLessThan(12);
      expect(Math.abs((metrics.meanAuditsToSuspendAt0_2pct ?? 0) - 5889)).toBeLessThan(530);
      expect(metrics.certifiedWithShuffledLabels).toBe(0);
      expect(metrics.certifiedWithTrueLabels).toBeGreaterThan(40);
      expect(peers.clopperPearson?.wrongCertificateShare).toBeGreaterThan(0.1);
    }
  });

  test('looking for ten times as long certifies no more wrongly', () => {
    const plan = { runs: 2000, audits: 20_000, sensitivity: 1 };
    expect(wrongCertificates(seededRandom('long'), plan)).toBeLessThanOrEqual(0.05);
  });

  test('the bound over strata that are sampled at rates of their own holds at every look', () => {
    const random = seededRandom('strata');
    // The mean rate is 0.5 %, most of it in the smallest stratum, which is drawn five times as often.
    const strata = [
      { rate: 0.002, weight: 0.8 },
      { rate: 0.01, weight: 0.15 },
      { rate: 0.038, weight: 0.05 },
    ];
    const mean = strata.reduce((sum, each) => sum + each.rate * each.weight, 0);
    let wrong = 0;
    for (let run = 0; run < 1000; run += 1) {
      const counts = strata.map(({ weight }) => ({ audited: 0, misses: 0, weight }));
      for (let look = 0; look < 60; look += 1) {
        counts.forEach((each, at) => {
          const { rate, weight } = strata[at] ?? { rate: 0, weight: 0 };
          const draws = Math.round(weight * (at === 0 ? 20 : 100));
          each.audited += draws;
          for (let draw = 0; draw < draws; draw += 1) if (random.next() < rate) each.misses += 1;
        });
        if (stratifiedUpper(counts) >= mean) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong / 1000).toBeLessThanOrEqual(0.05);
  });
});

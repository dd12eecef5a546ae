import { describe, expect, test } from 'vitest';
import { certifiedRules, meanAuditsToSuspend, wrongCertificates } from '../../../engine/bench/simulate-assurance.ts';
import { seededRandom } from '../../../engine/sample/random.ts';

describe('assurance on seeded runs', () => {
  test('a rule at its limit is hardly ever certified, however often one looks', () => {
    const plan = { runs: 300, audits: 3000, sensitivity: 0.83 };
    expect(wrongCertificates(seededRandom('limit'), plan)).toBeLessThanOrEqual(0.07);
  });

  test('a rule gone bad is suspended soon, a good one late', () => {
    const bad = meanAuditsToSuspend(seededRandom('bad'), 0.01, 400);
    expect(bad).toBeGreaterThan(250);
    expect(bad).toBeLessThan(385);
    expect(meanAuditsToSuspend(seededRandom('good'), 0.002, 60)).toBeGreaterThan(3500);
  });

  test('labels that mean nothing certify nothing, true ones do', () => {
    const desk = { rules: 12, closuresPerRule: 1500, byPeople: 12_000, falseCloseRate: 0.0005, prevalence: 0.05 };
    const { trueLabels, shuffled } = certifiedRules(seededRandom('labels'), desk);
    expect(shuffled).toBe(0);
    expect(trueLabels).toBeGreaterThan(6);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CORRECTION_DAYS_MAX,
  type CorrectionInForce,
  checkCorrection,
  makeSeverityOf,
} from '../../../../shared/domain/triage/severity-correction.ts';
import { SEVERITIES, severityRank } from '../../../../shared/model/vocabulary.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const DAY_MS = 86_400_000;

const severity = fc.constantFrom(...SEVERITIES);
const product = fc.constantFrom('suricata', 'wazuh');
const sourceRule = fc.constantFrom('1:1', '1:2');
const correction: fc.Arbitrary<CorrectionInForce> = fc.record({
  product,
  sourceRule,
  claimed: severity,
  corrected: severity,
  decidedAtMs: fc.constant(NOW_MS),
  expiresAtMs: fc.integer({ min: NOW_MS - DAY_MS, max: NOW_MS + DAY_MS }),
});

describe('what an alert counts as', () => {
  test('is its claim, but for just the rule, product and claim of a correction that is not over', () => {
    fc.assert(
      fc.property(
        // One at a time for a claim, as the commands keep it.
        fc.uniqueArray(correction, {
          maxLength: 6,
          selector: (each) => `${each.product} ${each.sourceRule} ${each.claimed}`,
        }),
        fc.record({ product, ruleId: sourceRule, severity }),
        (corrections, alert) => {
          const found = corrections.find(
            (each) =>
              each.product === alert.product &&
              each.sourceRule === alert.ruleId &&
              each.claimed === alert.severity &&
              each.expiresAtMs > NOW_MS,
          );
          expect(makeSeverityOf(corrections)(alert, NOW_MS)).toBe(found?.corrected ?? alert.severity);
        },
      ),
    );
  });

  test('no correction that may be proposed takes a critical below high', () => {
    let allowed = 0;
    fc.assert(
      fc.property(severity, severity, fc.integer({ min: -2, max: 120 }), (claimed, corrected, days) => {
        const problems = checkCorrection({ claimed, corrected, expiresAtMs: NOW_MS + days * DAY_MS }, NOW_MS);
        if (problems.length > 0) return;
        allowed += 1;
        expect(days).toBeGreaterThan(0);
        expect(days).toBeLessThanOrEqual(CORRECTION_DAYS_MAX);
        expect(corrected).not.toBe(claimed);
        expect(corrected).not.toBe('unknown');
        if (claimed === 'critical') expect(severityRank(corrected)).toBe(severityRank('high'));
      }),
      { numRuns: 1000 },
    );
    expect(allowed).toBeGreaterThan(100);
  });
});

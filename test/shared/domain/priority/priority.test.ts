import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packPriority, unpackPriority } from '../../../../shared/domain/priority/packed-priority.ts';
import {
  computePriority,
  levelOfPoints,
  type PriorityInput,
  pointsOfOneBit,
} from '../../../../shared/domain/priority/priority.ts';
import { DEFAULT_PRIORITY_POLICY, priorityPolicySchema } from '../../../../shared/domain/priority/priority-policy.ts';
import { CRITICALITIES, SEVERITIES } from '../../../../shared/model/vocabulary.ts';

const POLICY = DEFAULT_PRIORITY_POLICY;
const NOTHING: PriorityInput = {
  severity: 'medium',
  rule: { tp: 0, n: 0 },
  family: { tp: 0, n: 0 },
  hostCriticality: null,
  hostInternetFacing: null,
  userTier0: null,
  cves: [],
  techniques: [],
  distinctTactics: null,
  ruleStep: 0,
};

function factor(name: string, changes: Partial<PriorityInput>) {
  const term = computePriority({ ...NOTHING, ...changes }, POLICY).terms.find((each) => each.factor === name);
  if (term === undefined) throw new Error(`no term ${name}`);
  return term;
}

test('the shipped policy is the default one', () => {
  const text = readFileSync(new URL('../../../../resources/policies/priority.json', import.meta.url), 'utf8');
  expect(priorityPolicySchema.parse(JSON.parse(text))).toEqual(DEFAULT_PRIORITY_POLICY);
});

test('a bit is 5.29 points and the base 52.9, as the formula is published', () => {
  expect(pointsOfOneBit(POLICY)).toBeCloseTo(100 / (Math.log2(480) + 10), 12);
  expect(pointsOfOneBit(POLICY)).toBeCloseTo(5.29, 2);
  expect(computePriority(NOTHING, POLICY).basePoints).toBeCloseTo(52.9, 1);
});

const count = fc.nat(500).chain((n) => fc.nat(n).map((tp) => ({ tp, n })));
const anyInput: fc.Arbitrary<PriorityInput> = fc.record({
  severity: fc.constantFrom(...SEVERITIES),
  rule: count,
  family: count,
  hostCriticality: fc.constantFrom(...CRITICALITIES, null),
  hostInternetFacing: fc.constantFrom(true, false, null),
  userTier0: fc.constantFrom(true, false, null),
  cves: fc.array(
    fc.record({
      id: fc.constantFrom('CVE-2021-44228', 'CVE-2024-1'),
      epss: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
      isKnownExploited: fc.constantFrom(true, false, null),
      usedByRansomware: fc.constantFrom(true, false, null),
    }),
    { maxLength: 3 },
  ),
  techniques: fc.array(
    fc.record({ id: fc.constantFrom('T1059', 'T1190'), factor: fc.double({ min: 0.01, max: 50, noNaN: true }) }),
    { maxLength: 3 },
  ),
  distinctTactics: fc.oneof(fc.constant(null), fc.nat(14)),
  ruleStep: fc.integer({ min: -3, max: 3 }),
});

describe('for any input', () => {
  test('base and terms add up to the points, exactly', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const priority = computePriority({ ...input, ruleStep: 0 }, POLICY);
        const sum = priority.terms.reduce((total, term) => total + term.points, priority.basePoints);
        const clamped = Math.min(100, Math.max(0, sum));
        if (priority.adjustments.length === 0) expect(priority.points).toBe(clamped);
        else expect(priority.points).toBe(POLICY.bands.P2);
        for (const term of priority.terms)
          expect(term.points).toBeCloseTo(Math.log2(term.value) * pointsOfOneBit(POLICY), 9);
      }),
    );
  });
  test('points lie in 0 to 100, level follows them, unknown is factor 1, every term has its sentence', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { points, level, terms } = computePriority(input, POLICY);
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(100);
        expect(level).toBe(levelOfPoints(points, POLICY));
        expect(terms).toHaveLength(5);
        for (const term of terms) {
          expect(term.reason).toMatch(/^\S.*\.$/);
          if (!term.known) expect([term.value, term.points]).toEqual([1, 0]);
          if (!term.known) expect(term.reason).toMatch(/^Unknown/);
        }
      }),
    );
  });
  test('critical severity is never below P2, whatever rules say', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        expect(['P1', 'P2']).toContain(computePriority({ ...input, severity: 'critical' }, POLICY).level);
      }),
    );
  });
  test('a rule moves the level by one step at most', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const levels = ['P1', 'P2', 'P3', 'P4'];
        const before = levels.indexOf(computePriority({ ...input, ruleStep: 0 }, POLICY).level);
        const after = levels.indexOf(computePriority(input, POLICY).level);
        expect(Math.abs(before - after)).toBeLessThanOrEqual(1);
        if (input.ruleStep > 0) expect(after).toBe(Math.max(0, before - 1));
        if (input.ruleStep < 0) expect(after).toBeGreaterThanOrEqual(before);
      }),
    );
  });
});

describe('each factor', () => {
  test.each([
    [{ severity: 'informational' }, 0.02],
    [{ severity: 'critical' }, 0.8],
    [{ rule: { tp: 30, n: 80 } }, (30 + 20 * 0.15) / 100],
    [{ family: { tp: 5, n: 40 } }, (5 + 10 * 0.15) / 50],
    [{ rule: { tp: 0, n: 1_000_000 } }, 2 ** -10],
  ] as const)('precision of %j is %d', (changes, expected) => {
    expect(factor('precision', changes)).toMatchObject({ known: true });
    expect(factor('precision', changes).value).toBeCloseTo(expected, 12);
  });
  test('precision says when it is only the default', () => {
    expect(factor('precision', {}).reason).toContain('only the default of 15 %');
    expect(factor('precision', { rule: { tp: 1, n: 2 } }).reason).toContain('1 of 2');
  });
  test.each([
    [{ hostCriticality: 'low' }, 1, true],
    [{ hostCriticality: 'medium' }, 2, true],
    [{ hostCriticality: 'crown_jewel' }, 8, true],
    [{ hostCriticality: 'crown_jewel', hostInternetFacing: true, userTier0: true }, 16, true],
    [{ hostInternetFacing: true }, 2, true],
    [{ userTier0: false, hostInternetFacing: false }, 1, false],
  ] as const)('asset of %j is %d', (changes, expected, known) => {
    expect(factor('asset', changes)).toMatchObject({ value: expected, known });
  });
  const cve = (epss: number | null, isKnownExploited: boolean | null, usedByRansomware: boolean | null) => ({
    cves: [{ id: 'CVE-2024-1', epss, isKnownExploited, usedByRansomware }],
  });
  test.each([
    [{}, 1, false],
    [cve(null, null, null), 1, false],
    [cve(0.5, false, false), 2.5, true],
    [cve(0.01, true, false), 4, true],
    [cve(1, true, null), 4, true],
    [cve(0.01, true, true), 5, true],
    [cve(null, false, false), 1, true],
    [{ cves: [...cve(0.5, false, false).cves, ...cve(0.5, false, false).cves] }, 1 + 3 * 0.75, true],
  ])('exploit of %j is %d', (changes, expected, known) => {
    expect(factor('exploit', changes)).toMatchObject({ value: expected, known });
  });
  test.each([
    [null, 1, false],
    [0, 1, false],
    [1, 1, true],
    [2, 1.5, true],
    [3, 2, true],
    [4, 3, true],
    [9, 3, true],
  ])('corroboration of %s tactics is %d', (distinctTactics, value, known) => {
    expect(factor('corroboration', { distinctTactics })).toMatchObject({ value, known });
  });
  test('the breach prior takes the highest technique and is held within one bit', () => {
    const techniques = [
      { id: 'T1', factor: 0.6 },
      { id: 'T2', factor: 1.5 },
    ];
    expect(factor('breachPrior', { techniques })).toMatchObject({ value: 1.5, known: true });
    expect(factor('breachPrior', { techniques: [{ id: 'T1', factor: 0.1 }] }).value).toBe(0.5);
    expect(factor('breachPrior', { techniques: [{ id: 'T1', factor: 9 }] }).value).toBe(2);
    expect(factor('breachPrior', {}).known).toBe(false);
  });
});

test('ransomware on a tier 0 identity or a crown jewel is lifted to P2, and says so', () => {
  const cves = [{ id: 'CVE-2024-1', epss: null, isKnownExploited: true, usedByRansomware: true }];
  const quiet: Partial<PriorityInput> = { severity: 'informational', rule: { tp: 0, n: 5000 }, cves };
  const lifted = computePriority({ ...NOTHING, ...quiet, userTier0: true }, POLICY);
  expect(lifted).toMatchObject({ level: 'P2', points: POLICY.bands.P2 });
  expect(lifted.adjustments[0]).toContain('CVE-2024-1');
  expect(computePriority({ ...NOTHING, ...quiet, userTier0: false }, POLICY).level).not.toBe('P2');
});

test('the reasons come out of the store as they went in', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { points: _points, level: _level, ...reasons } = computePriority(input, POLICY);
      const unpacked = unpackPriority(JSON.parse(JSON.stringify(packPriority(reasons))));
      const rounded = (each: typeof reasons) => ({
        ...each,
        terms: each.terms.map((term) => ({ ...term, points: term.points.toFixed(9) })),
      });
      expect(rounded(unpacked)).toEqual(rounded(reasons));
    }),
  );
});

test('reasons that an earlier version kept in full are read too', () => {
  const { basePoints, terms, adjustments } = computePriority({ ...NOTHING, ruleStep: 1 }, POLICY);
  expect(unpackPriority({ basePoints, terms, adjustments })).toEqual({ basePoints, terms, adjustments });
});

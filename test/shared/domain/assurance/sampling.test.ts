import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ASSURANCE_POLICY } from '../../../../shared/domain/assurance/assurance-policy.ts';
import { type BudgetedRule, planAudits } from '../../../../shared/domain/assurance/audit-budget.ts';
import { drawAt } from '../../../../shared/domain/assurance/draw.ts';
import { drawClosure, rateIn, stratumOf } from '../../../../shared/domain/assurance/sampling-plan.ts';
import { agreementOf, needsSecondReader } from '../../../../shared/domain/assurance/second-reader.ts';

const POLICY = DEFAULT_ASSURANCE_POLICY;

describe('draw', () => {
  test('it spreads evenly, over keys in a row and over seeds', () => {
    for (const seed of ['a', 'b', 'c81f']) {
      const bins = new Array<number>(20).fill(0);
      for (let id = 0; id < 20_000; id += 1) {
        const bin = Math.floor(drawAt(seed, `2f1c7a52/${id}`) * 20);
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
      // 19 degrees of freedom: 99.99 %.
      expect(chiSquare).toBeLessThan(50);
    }
  });

  test('neighbours and seeds do not go together', () => {
    let [both, one] = [0, 0];
    for (let id = 0; id < 20_000; id += 1) {
      const here = drawAt('a', `r/${id}`) < 0.1;
      if (here) one += 1;
      if (here && drawAt('a', `r/${id + 1}`) < 0.1) both += 1;
      if (here && drawAt('b', `r/${id}`) < 0.1) both += 1;
    }
    expect(both / one).toBeGreaterThan(0.15);
    expect(both / one).toBeLessThan(0.25);
  });

  test('the same seed draws the same closures, and a higher rate draws the same ones and more', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uuid(),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, ruleId, id, rate) => {
          const closure = { ruleId, closureId: id, stratum: 'usual' } as const;
          const first = drawClosure(seed, closure, rate, POLICY);
          expect(drawClosure(seed, closure, rate, POLICY)).toEqual(first);
          if (first.isDrawn) expect(drawClosure(seed, closure, Math.min(1, rate * 2), POLICY).isDrawn).toBe(true);
          expect(drawClosure(seed, closure, 1, POLICY).isDrawn).toBe(true);
          expect(drawClosure(seed, closure, 0, POLICY).isDrawn).toBe(false);
        },
      ),
    );
  });

  test('what is new or near a limit is drawn five times as often', () => {
    expect(rateIn('novel', 0.02, POLICY)).toBeCloseTo(0.1);
    expect(rateIn('near', 0.5, POLICY)).toBe(1);
    expect(stratumOf({ severity: 'low', hasCves: false, isFirstOfItsKind: true })).toBe('novel');
    expect(stratumOf({ severity: 'high', hasCves: false, isFirstOfItsKind: false })).toBe('near');
    expect(stratumOf({ severity: 'high', hasCves: false, isFirstOfItsKind: true })).toBe('near');
    expect(stratumOf({ severity: 'unknown', hasCves: false, isFirstOfItsKind: true })).toBe('near');
    expect(stratumOf({ severity: 'low', hasCves: true, isFirstOfItsKind: false })).toBe('near');
    expect(stratumOf({ severity: 'low', hasCves: false, isFirstOfItsKind: false })).toBe('usual');
  });

  test('of high severity a tenth is drawn, however little the budget leaves', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('high' as const, 'unknown' as const),
        fc.boolean(),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (severity, hasCves, isFirstOfItsKind, rate) => {
          const stratum = stratumOf({ severity, hasCves, isFirstOfItsKind });
          expect(rateIn(stratum, rate, POLICY)).toBeGreaterThanOrEqual(0.1);
          expect(rateIn(stratum, rate, POLICY)).toBeLessThanOrEqual(1);
        },
      ),
    );
    let drawn = 0;
    for (let closureId = 0; closureId < 10_000; closureId += 1) {
      if (drawClosure('seed', { ruleId: 'r', closureId, stratum: 'near' }, 0, POLICY).isDrawn) drawn += 1;
    }
    expect(drawn).toBeGreaterThan(900);
    expect(drawn).toBeLessThan(1100);
    expect(rateIn('novel', 0, POLICY)).toBe(0);
  });

  test('about a tenth goes to a second reader', () => {
    let second = 0;
    for (let id = 0; id < 10_000; id += 1) if (needsSecondReader('seed', `aud_${id}`)) second += 1;
    expect(second).toBeGreaterThan(900);
    expect(second).toBeLessThan(1100);
  });

  test('agreement is told without a kappa where chance cannot be told apart', () => {
    expect(agreementOf([])).toEqual({ read: 0, agreed: 0, kappa: null });
    expect(agreementOf([[false, false]]).kappa).toBeNull();
    const { kappa } = agreementOf([
      [true, true],
      [false, false],
      [true, false],
      [false, false],
    ]);
    expect(kappa).toBeCloseTo(0.5);
  });
});

const rule = (ruleId: string, usual: number, audited: number, closedSoFar = 1_000_000): BudgetedRule => ({
  ruleId,
  expected: { usual, near: 0, novel: 0 },
  closedSoFar,
  counts: { audited, misses: 0 },
  isDrifting: false,
});

describe('budget', () => {
  test('it goes where it lowers possible false closes most, and not beyond the budget', () => {
    const plan = planAudits(
      [rule('young', 1000, 200), rule('old', 1000, 5000), rule('rare', 100, 200)],
      12_000,
      POLICY,
    );
    const audits = new Map(plan.rules.map((each) => [each.ruleId, each.audits]));
    expect(plan.budgetMinutes).toBe(600);
    expect(plan.minutes).toBeLessThanOrEqual(600.0001);
    expect(plan.isShort).toBe(false);
    expect(audits.get('old')).toBeCloseTo(20, 6);
    expect(audits.get('young') ?? 0).toBeGreaterThan(audits.get('rare') ?? 0);
    expect(audits.get('young') ?? 0).toBeGreaterThan(100);
  });

  test('the first hundred are all owed, and what is owed beyond the budget is cut for all alike and said', () => {
    const first = planAudits([rule('new', 80, 0, 0)], 100_000, POLICY);
    expect(first.rules[0]).toMatchObject({ audits: 80, usualRate: 1 });
    const short = planAudits([rule('new', 80, 0, 0), rule('other', 80, 0, 0)], 4800, POLICY);
    expect(short.isShort).toBe(true);
    expect(short.rules.map(({ audits }) => audits)).toEqual([40, 40]);
    expect(short.rules[0]?.why).toContain('does not cover');
  });

  test('a drifting rule is owed five times as much, and without anybody on the rota nothing is drawn', () => {
    const quiet = rule('quiet', 1000, 100_000);
    const [calm, drifting] = planAudits([quiet, { ...quiet, ruleId: 'moves', isDrifting: true }], 6600, POLICY).rules;
    expect(calm?.audits ?? 0).toBeLessThan(30);
    expect(drifting?.audits ?? 0).toBeGreaterThanOrEqual(85);
    expect(planAudits([quiet], 0, POLICY).audits).toBe(0);
    expect(planAudits([], 1000, POLICY)).toMatchObject({ audits: 0, isShort: false });
  });

  test('the rate draws as many as were planned, over all strata', () => {
    // What is drawn of high severity whatever the budget comes on top.
    const planned = { ...POLICY, auditShareNear: 0 };
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(500), fc.nat(500), fc.nat(100_000), (usual, near, novel, minutes) => {
        const asked = { ...rule('one', usual, 100), expected: { usual, near, novel } };
        const [share] = planAudits([asked], minutes, POLICY).rules;
        if (share === undefined || usual + near + novel === 0) return;
        const others = rateIn('near', share.usualRate, planned) * (near + novel);
        const drawn = share.usualRate * usual + others;
        expect(share.audits).toBeLessThanOrEqual(usual + near + novel + 1e-6);
        expect(drawn).toBeCloseTo(share.audits, 6);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_ASSURANCE_POLICY } from '../../../../shared/domain/assurance/assurance-policy.ts';
import { readCanaries } from '../../../../shared/domain/assurance/canary.ts';
import { errorRates } from '../../../../shared/domain/assurance/error-rates.ts';
import { familyOf } from '../../../../shared/domain/assurance/family.ts';
import { humanErrorByClass } from '../../../../shared/domain/assurance/human-error.ts';
import { correctForReaders, sensitivityOf } from '../../../../shared/domain/assurance/label-noise.ts';
import { rearm } from '../../../../shared/domain/assurance/rearm.ts';
import { evidenceOf, NO_EVIDENCE, type RuleEvidence } from '../../../../shared/domain/assurance/rule-evidence.ts';
import { type VerdictInput, verdictOf } from '../../../../shared/domain/assurance/verdict.ts';

const POLICY = DEFAULT_ASSURANCE_POLICY;
const DAY_MS = 86_400_000;

function audits(audited: number, misses = 0): RuleEvidence {
  return { ...NO_EVIDENCE, byStratum: { ...NO_EVIDENCE.byStratum, usual: { audited, misses } } };
}

function input(change: Partial<VerdictInput> = {}): VerdictInput {
  return {
    state: 'provisional',
    evidence: NO_EVIDENCE,
    closures: { usual: 5000, near: 0, novel: 0 },
    maxFalseCloseRate: 0.005,
    sensitivity: 1,
    canaries: { shown: 0, closed: 0 },
    driftSinceMs: null,
    family: [],
    nowMs: 0,
    ...change,
  };
}

describe('verdict', () => {
  test('754 clean audits certify at 0.5 %, 753 do not and say what is missing', () => {
    expect(verdictOf(input({ evidence: audits(754) }), POLICY)).toMatchObject({ state: 'certified', boundBy: 'own' });
    const almost = verdictOf(input({ evidence: audits(753) }), POLICY);
    expect(almost.state).toBe('provisional');
    expect(almost.missing).toEqual(['About 1 more audit without a miss shows at most 0.5 %.']);
  });

  test('auditors who overlook some make it dearer', () => {
    expect(verdictOf(input({ evidence: audits(755), sensitivity: 0.83 }), POLICY).state).toBe('provisional');
    expect(verdictOf(input({ evidence: audits(930), sensitivity: 0.83 }), POLICY).state).toBe('certified');
  });

  test('nothing audited certifies nothing', () => {
    const verdict = verdictOf(input(), POLICY);
    expect(verdict).toMatchObject({ state: 'provisional', bound: 1 });
    expect(verdict.missing[0]).toContain('754');
  });

  test.each([
    ['canary', input({ state: 'certified', evidence: audits(5000), canaries: { shown: 9, closed: 1 } })],
    ['severe_miss', input({ state: 'certified', evidence: { ...audits(5000, 1), severeMisses: 1 } })],
    ['cusum', input({ state: 'certified', evidence: { ...audits(5000, 2), cusum: 3.01 } })],
    ['sprt', input({ evidence: { ...audits(300, 3), sprt: 2.95 } })],
  ] as const)('%s suspends and reopens', (trigger, given) => {
    expect(verdictOf(given, POLICY)).toMatchObject({ state: 'suspended', trigger, reopens: true });
  });

  test('a certified rule whose bound passes its limit by a miss is suspended, and what it closed is reopened', () => {
    const verdict = verdictOf(input({ state: 'certified', evidence: audits(760, 1) }), POLICY);
    expect(verdict).toMatchObject({ state: 'suspended', trigger: 'bound', reopens: true });
    // One miss that the bound can carry takes nothing away.
    const carried = verdictOf(input({ state: 'certified', evidence: audits(1500, 1) }), POLICY);
    expect(carried).toMatchObject({ state: 'certified', trigger: null, reopens: false });
  });

  test('one whose bound passes its limit without any miss loses its right, and nothing is reopened', () => {
    for (const change of [
      { maxFalseCloseRate: 0.002 },
      { sensitivity: 0.5 },
      { closures: { usual: 5000, near: 500, novel: 0 } },
    ]) {
      const verdict = verdictOf(input({ state: 'certified', evidence: audits(760), ...change }), POLICY);
      expect(verdict).toMatchObject({ state: 'shadow', trigger: 'bound', reopens: false });
      expect(verdict.reasons.join(' ')).toContain('without a miss');
    }
  });

  test('what was stopped stays stopped, however good the evidence', () => {
    for (const state of ['suspended', 'shadow'] as const) {
      expect(verdictOf(input({ state, evidence: audits(50_000) }), POLICY)).toMatchObject({ state, trigger: null });
    }
  });

  test('drift is waited out for seven days', () => {
    const given = input({ state: 'certified', evidence: audits(5000), driftSinceMs: 0 });
    const day = (days: number) => verdictOf({ ...given, nowMs: days * DAY_MS }, POLICY);
    expect(day(6.9).state).toBe('certified');
    expect(day(6.9).reasons.join(' ')).toContain('drifting');
    expect(day(7)).toMatchObject({ state: 'shadow', trigger: 'drift' });
  });

  test('a rule leans on its family only with clean audits of its own', () => {
    const closures = { usual: 1000, near: 0, novel: 0 };
    const others = ['b', 'c', 'd'].map((ruleId) => ({ ruleId, evidence: audits(600), closures }));
    const own = (evidence: RuleEvidence) =>
      verdictOf(
        input({
          evidence,
          closures,
          family: [{ ruleId: 'a', evidence, closures }, ...others],
          maxFalseCloseRate: 0.01,
        }),
        POLICY,
      );
    expect(own(audits(300))).toMatchObject({ state: 'certified', boundBy: 'family' });
    expect(own(audits(49))).toMatchObject({ state: 'provisional', boundBy: 'own' });
    expect(own(audits(49)).missing.join(' ')).toContain('1 more clean audits of its own');
    expect(own(audits(300, 1)).missing.join(' ')).toContain('a miss of its own');
  });

  test('families are declared by a tag', () => {
    expect(familyOf(['attack.t1046', 'family.scanner'])).toBe('scanner');
    expect(familyOf(['attack.t1046'])).toBeNull();
  });

  test('it never certifies what its own bound does not show', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            stratum: fc.constantFrom('usual', 'near', 'novel'),
            isMiss: fc.boolean(),
            isSevere: fc.boolean(),
          }),
          { maxLength: 40 },
        ),
        fc.nat(3000),
        fc.constantFrom('provisional', 'certified'),
        (readings, clean, state) => {
          const evidence = evidenceOf(readings, POLICY);
          const usual = evidence.byStratum.usual;
          const grown = {
            ...evidence,
            byStratum: { ...evidence.byStratum, usual: { ...usual, audited: usual.audited + clean } },
          };
          const verdict = verdictOf(input({ state, evidence: grown }), POLICY);
          if (verdict.state === 'certified') expect(verdict.bound).toBeLessThanOrEqual(0.005);
          const isPassed = state === 'certified' && verdict.bound > 0.005;
          if (isPassed && readings.some((each) => each.isMiss)) {
            expect(verdict).toMatchObject({ state: 'suspended', reopens: true });
          }
          if (readings.some((each) => each.isMiss && each.isSevere)) expect(verdict.state).toBe('suspended');
        },
      ),
    );
  });
});

describe('error rates', () => {
  test('a small false-close rate can be a large share of what is truly bad', () => {
    // 100,000 alerts, 2 % of them bad, 60 % closed, 0.5 % of those falsely.
    const rates = errorRates({
      strata: [{ audited: 20_000, misses: 100, closed: 60_000 }],
      caught: 1700,
      sensitivity: 1,
    });
    expect(rates.falseCloseRate.value).toBeCloseTo(0.005);
    expect(rates.missShare.value).toBeCloseTo(0.15);
    expect(rates.missShare.low).toBeLessThan(0.15);
    expect(rates.missShare.high).toBeGreaterThan(0.15);
    expect(rates.missShare.sentence).toContain('100 of 20000 audits');
  });

  test('what was drawn more often does not count for more', () => {
    // Of 1,000 usual ones 400 were read and none was missed, and of the ten near ones half: 5 false closes of 1,010.
    const { falseCloseRate } = errorRates({
      strata: [
        { audited: 400, misses: 0, closed: 1000 },
        { audited: 10, misses: 5, closed: 10 },
      ],
      caught: 0,
      sensitivity: 1,
    });
    expect(falseCloseRate.value).toBeCloseTo(5 / 1010);
    expect(falseCloseRate.low).toBeGreaterThan(0);
    expect(falseCloseRate.low).toBeLessThan(5 / 1010);
    expect(falseCloseRate.high).toBeGreaterThan(5 / 1010);
    expect(falseCloseRate.sentence).toContain('5 of 410 audits');
  });

  test('what was never read may all be false, and the value is of the rest', () => {
    const { falseCloseRate } = errorRates({
      strata: [
        { audited: 900, misses: 9, closed: 900 },
        { audited: 0, misses: 0, closed: 100 },
      ],
      caught: 0,
      sensitivity: 1,
    });
    expect(falseCloseRate.value).toBeCloseTo(0.01);
    expect(falseCloseRate.high).toBeGreaterThan(0.1);
    expect(falseCloseRate.low).toBeLessThan(0.009);
  });

  test('without audits nothing is known, and it says so', () => {
    const { falseCloseRate, missShare } = errorRates({
      strata: [{ audited: 0, misses: 0, closed: 900 }],
      caught: 3,
      sensitivity: 1,
    });
    expect(falseCloseRate).toMatchObject({ value: null, low: 0, high: 1, n: 0 });
    expect(missShare.sentence).toContain('Not known');
  });

  test('readers who overlook some are corrected for', () => {
    expect(correctForReaders(0.003, 0.83)).toBeCloseTo(0.0036, 4);
    expect(correctForReaders(0.01, 0.9, 0.995)).toBeCloseTo(0.005 / 0.895, 9);
    expect(correctForReaders(0.5, 0.4, 0.5)).toBe(1);
    expect(sensitivityOf({ shown: 0, seen: 0 }).value).toBeCloseTo(0.83);
    expect(sensitivityOf({ shown: 980, seen: 960 }).value).toBeCloseTo(0.9766, 4);
    expect(sensitivityOf({ shown: 1000, seen: 0 }).value).toBe(0.5);
  });

  test('human error is told by class of alert, where there are enough readings', () => {
    const readings = [
      ...Array.from({ length: 12 }, (_, at) => ({ class: 'low/scanner', isMiss: at === 0 })),
      { class: 'high/identity', isMiss: true },
    ];
    const classes = humanErrorByClass(readings, 1);
    expect(classes.map((each) => each.class)).toEqual(['low/scanner']);
    expect(classes[0]?.rate).toMatchObject({ n: 12, misses: 1 });
  });
});

describe('canaries', () => {
  test('59 withheld show 5 %, one closed is named', () => {
    const clean = readCanaries(Array.from({ length: 59 }, () => ({ closingRuleId: null })));
    expect(clean.closedAtMost).toBeLessThanOrEqual(0.05);
    expect(clean.suspends).toEqual([]);
    expect(readCanaries([{ closingRuleId: 'r' }, { closingRuleId: 'r' }]).suspends).toEqual(['r']);
  });
});

describe('re-arming', () => {
  const request = {
    by: { kind: 'person', id: 'ana' },
    ownerId: 'ben',
    reason: 'The list of scanners was wrong and is mended.',
    trigger: 'cusum',
    isNewVersion: false,
    fresh: { audited: 100, misses: 0 },
  } as const;

  test('a person other than the owner, with fresh evidence', () => {
    expect(rearm(request, POLICY)).toMatchObject({ kind: 'rearmed', state: 'provisional' });
  });

  test.each([
    [{ by: { kind: 'system', id: 'clock' } }, 'Only a person'],
    [{ by: { kind: 'person', id: 'ben' } }, 'second person'],
    [{ reason: ' ' }, 'Say why'],
    [{ fresh: { audited: 40, misses: 0 } }, '60 more'],
    [{ fresh: { audited: 400, misses: 1 } }, 'true positives'],
    [{ trigger: 'canary' }, 'Change the rule'],
  ] as const)('is refused: %o', (change, words) => {
    const answer = rearm({ ...request, ...change }, POLICY);
    expect(answer.kind).toBe('refused');
    if (answer.kind === 'refused') expect(answer.reasons.join(' ')).toContain(words);
  });
});

import { describe, expect, test } from 'vitest';
import { DEFAULT_ASSURANCE_POLICY } from '../../../../shared/domain/assurance/assurance-policy.ts';
import { nullLevel, stabilityIndex } from '../../../../shared/domain/assurance/population-stability.ts';
import { evidenceOf } from '../../../../shared/domain/assurance/rule-evidence.ts';
import { DEFAULT_SPRT, logRatioStep, readSprt } from '../../../../shared/domain/assurance/sprt.ts';
import { readVolume } from '../../../../shared/domain/assurance/volume-cusum.ts';

const clean = { stratum: 'usual', isMiss: false, isSevere: false } as const;
const missed = { stratum: 'usual', isMiss: true, isSevere: false } as const;
const repeat = <T>(times: number, value: T): T[] => Array.from({ length: times }, () => value);

describe('sequential test', () => {
  test('steps and limits are the published ones', () => {
    expect(logRatioStep(true)).toBeCloseTo(1.609, 3);
    expect(logRatioStep(false)).toBeCloseTo(-0.00805, 5);
    const { acceptAt, rejectAt, cleanToAccept } = readSprt(0);
    expect(rejectAt).toBeCloseTo(2.944, 3);
    expect(acceptAt).toBeCloseTo(-2.944, 3);
    expect(cleanToAccept).toBe(366);
  });

  test('366 clean audits accept, 365 do not, two misses at once reject', () => {
    const at = (audits: number) => readSprt(audits * logRatioStep(false)).verdict;
    expect([at(365), at(366)]).toEqual(['continue', 'accept']);
    expect(readSprt(2 * logRatioStep(true)).verdict).toBe('reject');
  });

  test('a decision stands, whatever comes after it', () => {
    const { sprt } = evidenceOf([...repeat(366, clean), ...repeat(5, missed)], DEFAULT_ASSURANCE_POLICY);
    expect(readSprt(sprt, DEFAULT_SPRT).verdict).toBe('accept');
  });
});

describe('CUSUM', () => {
  test('it lives on nothing that was good before, and forgets a single miss', () => {
    const policy = DEFAULT_ASSURANCE_POLICY;
    expect(evidenceOf(repeat(5000, clean), policy).cusum).toBe(0);
    expect(evidenceOf([...repeat(5000, clean), missed, missed], policy).cusum).toBeGreaterThan(3);
    expect(evidenceOf([missed, ...repeat(200, clean)], policy).cusum).toBe(0);
    expect(evidenceOf([missed, ...repeat(28, clean), missed], policy).cusum).toBeLessThan(3);
  });
});

describe('drift', () => {
  test('the level without drift depends on n as tabled', () => {
    expect(nullLevel(200, 200, 10)).toBeCloseTo(0.279, 3);
    expect(nullLevel(500, 500, 10)).toBeCloseTo(0.112, 3);
    expect(nullLevel(1000, 1000, 10)).toBeCloseTo(0.056, 3);
  });

  test('the same make-up is quiet, another one is not, a small sample is not trusted', () => {
    const before = [100, 200, 300, 400];
    expect(stabilityIndex(before, before)?.index).toBeCloseTo(0, 12);
    expect(stabilityIndex(before, [400, 300, 200, 100])?.hasDrifted).toBe(true);
    expect(stabilityIndex(before, [1, 1, 0, 0])?.hasDrifted).toBe(false);
    expect(stabilityIndex([], [1, 2])).toBeNull();
    expect(stabilityIndex([5], [7])).toBeNull();
  });
});

describe('volume', () => {
  test('twice the usual alarms within hours, the usual does not in a month', () => {
    expect(readVolume(repeat(24 * 30, 10), 10).hasAlarmed).toBe(false);
    const reading = readVolume([...repeat(48, 10), ...repeat(3, 20)], 10);
    expect(reading.hasAlarmed).toBe(true);
    expect(reading.hours).toBe(3);
  });

  test('a rule that hardly ever speaks is not noisy for two alerts in an hour', () => {
    expect(readVolume([0, 0, 2, 0], 0).hasAlarmed).toBe(false);
    expect(readVolume([], 0)).toEqual({ height: 0, hasAlarmed: false, hours: 0 });
  });
});

import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import { durationInWords } from '../../../../shared/domain/roster/duration.ts';
import { minutesWithin, unionOf, without } from '../../../../shared/domain/roster/duty-periods.ts';
import { dutyNow, reachableIds } from '../../../../shared/domain/roster/on-duty.ts';
import { restConflicts } from '../../../../shared/domain/roster/rest-conflicts.ts';
import { at, rota } from './rota.ts';

const { country } = loadPolicies();
const HOUR = 3_600_000;
const NOW = at('2026-11-21T12:00');

describe('rest conflicts of the planned rota', () => {
  const duties = [
    ...rota(['shift 2026-11-22T14:00 22:00', 'shift 2026-11-23T06:00 14:00'], 'zoe'),
    ...rota(['shift 2026-11-21T08:00 16:00', 'shift 2026-11-22T02:00 10:00', 'shift 2026-11-23T08:00 16:00'], 'ana'),
    ...rota(['shift 2026-11-18T14:00 22:00', 'shift 2026-11-19T06:00 14:00'], 'ben'),
  ];

  test('are named in the order of the roster, the past left alone', () => {
    expect(restConflicts(duties, ['zoe', 'ben', 'ana'], NOW, country)).toEqual([
      {
        personId: 'zoe',
        endsAtMs: at('2026-11-22T22:00'),
        startsAtMs: at('2026-11-23T06:00'),
        restMs: 8 * HOUR,
        limitMs: 11 * HOUR,
      },
      {
        personId: 'ana',
        endsAtMs: at('2026-11-21T16:00'),
        startsAtMs: at('2026-11-22T02:00'),
        restMs: 10 * HOUR,
        limitMs: 11 * HOUR,
      },
    ]);
  });

  test('a conflict is over once its second duty has begun', () => {
    expect(restConflicts(duties, ['ana'], at('2026-11-22T02:00'), country)).toEqual([]);
  });

  test('leave resolves it', () => {
    const withLeave = [...duties, ...rota(['leave 2026-11-22T00:00 2026-11-23T00:00'], 'ana')];
    expect(restConflicts(withLeave, ['ana'], NOW, country)).toEqual([]);
  });
});

describe('who is on duty', () => {
  const own = rota(['shift 2026-11-21T08:00 12:00', 'shift 2026-11-21T12:00 16:00', 'shift 2026-11-22T08:00 16:00']);

  test('until the end of what follows without a gap, and from when on next', () => {
    expect(dutyNow(own, NOW)).toEqual({
      onDutyUntilMs: at('2026-11-21T16:00'),
      nextDutyAtMs: at('2026-11-22T08:00'),
      isOnCall: false,
    });
  });

  test('a shift ends at its end, not after', () => {
    expect(dutyNow(own, at('2026-11-21T16:00')).onDutyUntilMs).toBeNull();
  });

  test('leave wins', () => {
    const off = [...own, ...rota(['leave 2026-11-21T00:00 2026-11-22T00:00'])];
    expect(dutyNow(off, NOW)).toEqual({ onDutyUntilMs: null, nextDutyAtMs: at('2026-11-22T08:00'), isOnCall: false });
  });

  test('on call can be reached and is not on shift', () => {
    const duties = [...own, ...rota(['on_call 2026-11-21T00:00 2026-11-22T00:00'], 'ben'), ...rota([], 'cho')];
    expect(reachableIds(duties, NOW)).toEqual(new Set(['ana', 'ben']));
    expect(dutyNow(rota(['on_call 2026-11-21T00:00 2026-11-22T00:00']), NOW).onDutyUntilMs).toBeNull();
  });
});

test('cutting and counting intervals', () => {
  const whole = unionOf([
    { startsAtMs: 0, endsAtMs: 10 * 60_000 },
    { startsAtMs: 20 * 60_000, endsAtMs: 30 * 60_000 },
  ]);
  const cut = without(whole, [{ startsAtMs: 5 * 60_000, endsAtMs: 25 * 60_000 }]);
  expect(cut).toEqual([
    { startsAtMs: 0, endsAtMs: 5 * 60_000 },
    { startsAtMs: 25 * 60_000, endsAtMs: 30 * 60_000 },
  ]);
  expect(minutesWithin(cut, 2 * 60_000, 27 * 60_000)).toBe(5);
});

test.each([
  [0, '0 m'],
  [45 * 60_000, '45 m'],
  [11 * HOUR, '11 h'],
  [8.5 * HOUR, '8 h 30 m'],
  [-5, '0 m'],
])('%i ms reads "%s"', (ms, words) => {
  expect(durationInWords(ms)).toBe(words);
});

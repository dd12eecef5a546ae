import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import { shortRest } from '../../../../shared/domain/strain/short-rest.ts';
import { at, dayShifts, rota } from '../roster/rota.ts';

const { strain, country } = loadPolicies();
const HOUR = 3_600_000;
const NOW = at('2026-11-21T12:00');
/** Five ordinary days early in the window, far from whatever a case adds. */
const WEEK = dayShifts('2026-11', 2, 6);

interface Golden {
  name: string;
  duties: string[];
  nowMs?: number;
  band: string;
  count: number;
  minRestHours: number | null;
  dutyCount: number;
}

/** Computed by hand. Every case stands on five ordinary shifts unless it says otherwise. */
const GOLDEN: Golden[] = [
  { name: 'five day shifts', duties: WEEK, band: 'green', count: 0, minRestHours: 16, dutyCount: 5 },
  { name: 'no rota', duties: [], band: 'not_enough_data', count: 0, minRestHours: null, dutyCount: 0 },
  {
    name: 'four shifts are not enough',
    duties: dayShifts('2026-11', 2, 5),
    band: 'not_enough_data',
    count: 0,
    minRestHours: 16,
    dutyCount: 4,
  },
  {
    name: 'four shifts with a short rest say nothing yet',
    duties: [...dayShifts('2026-11', 2, 4), 'shift 2026-11-04T23:00 2026-11-05T05:00'],
    band: 'not_enough_data',
    count: 1,
    minRestHours: 7,
    dutyCount: 4,
  },
  {
    name: 'late shift before an early one: 10 h',
    duties: [...WEEK, 'shift 2026-11-10T12:00 20:00', 'shift 2026-11-11T06:00 14:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 7,
  },
  {
    name: 'exactly 11 h is enough',
    duties: [...WEEK, 'shift 2026-11-10T11:00 19:00', 'shift 2026-11-11T06:00 14:00'],
    band: 'green',
    count: 0,
    minRestHours: 11,
    dutyCount: 7,
  },
  {
    name: 'one minute under 11 h is not',
    duties: [...WEEK, 'shift 2026-11-10T11:00 19:01', 'shift 2026-11-11T06:00 14:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10 + 59 / 60,
    dutyCount: 7,
  },
  {
    name: 'two short rests',
    duties: [
      ...WEEK,
      'shift 2026-11-10T12:00 20:00',
      'shift 2026-11-11T06:00 14:00',
      'shift 2026-11-16T12:00 20:00',
      'shift 2026-11-17T06:30 14:00',
    ],
    band: 'amber',
    count: 2,
    minRestHours: 10,
    dutyCount: 9,
  },
  {
    name: 'three short rests',
    duties: [
      ...WEEK,
      'shift 2026-11-10T12:00 20:00',
      'shift 2026-11-11T06:00 20:00',
      'shift 2026-11-12T06:00 20:00',
      'shift 2026-11-13T06:00 14:00',
    ],
    band: 'red',
    count: 3,
    minRestHours: 10,
    dutyCount: 9,
  },
  {
    name: 'exactly 9 h is amber',
    duties: [...WEEK, 'shift 2026-11-10T13:00 21:00', 'shift 2026-11-11T06:00 14:00'],
    band: 'amber',
    count: 1,
    minRestHours: 9,
    dutyCount: 7,
  },
  {
    name: 'a single rest under 9 h is red',
    duties: [...WEEK, 'shift 2026-11-10T14:00 22:00', 'shift 2026-11-11T06:00 14:00'],
    band: 'red',
    count: 1,
    minRestHours: 8,
    dutyCount: 7,
  },
  {
    name: 'a night shift over midnight, then 12 h off',
    duties: [...WEEK, 'shift 2026-11-10T22:00 2026-11-11T06:00', 'shift 2026-11-11T18:00 2026-11-12T02:00'],
    band: 'green',
    count: 0,
    minRestHours: 12,
    dutyCount: 7,
  },
  {
    name: 'a night shift over midnight, then 10 h off',
    duties: [...WEEK, 'shift 2026-11-10T22:00 2026-11-11T06:00', 'shift 2026-11-11T16:00 2026-11-12T00:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 7,
  },
  {
    name: 'a split shift within 13 h is one duty',
    duties: [...WEEK, 'shift 2026-11-10T08:00 12:00', 'shift 2026-11-10T16:00 20:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 6,
  },
  {
    name: 'a split shift of 14 h leaves no 11 h of the day',
    duties: [...WEEK, 'shift 2026-11-10T07:00 14:00', 'shift 2026-11-10T18:00 21:00'],
    band: 'red',
    count: 1,
    minRestHours: 4,
    dutyCount: 7,
  },
  {
    name: 'a gap of 5 h is no split shift',
    duties: [...WEEK, 'shift 2026-11-10T08:00 11:00', 'shift 2026-11-10T16:00 20:00'],
    band: 'red',
    count: 1,
    minRestHours: 5,
    dutyCount: 7,
  },
  {
    name: 'rest after a split shift counts from its last part',
    duties: [...WEEK, 'shift 2026-11-10T09:00 13:00', 'shift 2026-11-10T17:00 21:00', 'shift 2026-11-11T07:00 15:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 7,
  },
  {
    name: 'duties that touch are one duty',
    duties: [...WEEK, 'shift 2026-11-10T06:00 14:00', 'shift 2026-11-10T14:00 22:00', 'shift 2026-11-11T09:00 17:00'],
    band: 'green',
    count: 0,
    minRestHours: 11,
    dutyCount: 7,
  },
  {
    name: 'a handover gap of 10 minutes is no rest',
    duties: [...WEEK, 'shift 2026-11-10T06:00 13:50', 'shift 2026-11-10T14:00 22:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 6,
  },
  {
    name: 'overlapping entries are one duty',
    duties: [...WEEK, 'shift 2026-11-10T08:00 16:00', 'shift 2026-11-10T12:00 20:00', 'shift 2026-11-10T09:00 10:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 6,
  },
  {
    name: 'the same duty imported twice is one duty',
    duties: [...WEEK, ...WEEK],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 5,
  },
  {
    name: 'on-call at home between shifts is rest',
    duties: [...WEEK, 'on_call 2026-11-02T16:00 2026-11-03T08:00', 'on_call 2026-11-03T16:00 2026-11-04T08:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 5,
  },
  {
    name: 'leave takes the short duty away',
    duties: [
      ...WEEK,
      'shift 2026-11-10T14:00 22:00',
      'shift 2026-11-11T06:00 14:00',
      'leave 2026-11-11T00:00 2026-11-12T00:00',
    ],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 6,
  },
  {
    name: 'leave for an appointment within a shift splits nothing',
    duties: [...WEEK, 'leave 2026-11-04T10:00 12:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 5,
  },
  {
    name: 'leave of the first half of a shift makes the rest longer',
    duties: [...WEEK, 'shift 2026-11-10T14:00 22:00', 'shift 2026-11-11T06:00 14:00', 'leave 2026-11-11T06:00 10:00'],
    band: 'green',
    count: 0,
    minRestHours: 12,
    dutyCount: 7,
  },
  {
    name: 'a short rest 29 days ago is out of the window',
    duties: [...WEEK, 'shift 2026-10-22T14:00 22:00', 'shift 2026-10-23T06:00 14:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 5,
  },
  {
    name: 'a duty before the window still ends the rest of the first one in it',
    duties: [...WEEK, 'shift 2026-10-24T04:00 11:00', 'shift 2026-10-24T20:00 2026-10-25T02:00'],
    band: 'amber',
    count: 1,
    minRestHours: 9,
    dutyCount: 6,
  },
  {
    name: 'what is only planned does not count yet',
    duties: [...WEEK, 'shift 2026-11-20T14:00 22:00', 'shift 2026-11-22T06:00 14:00', 'shift 2026-11-22T16:00 20:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 6,
  },
  {
    name: 'the duty under way counts from its start',
    duties: [...WEEK, 'shift 2026-11-20T16:00 2026-11-21T00:00', 'shift 2026-11-21T10:00 18:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 7,
  },
  {
    name: 'clocks go forward: 22:00 to 09:00 in Madrid is 10 h of rest',
    nowMs: at('2026-04-10T12:00'),
    duties: [...dayShifts('2026-04', 1, 4), 'shift 2026-03-28T14:00+01:00 22:00', 'shift 2026-03-29T09:00+02:00 17:00'],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 6,
  },
  {
    name: 'clocks go back: 22:30 to 08:30 in Madrid is 11 h of rest',
    nowMs: at('2026-11-10T12:00'),
    duties: [...dayShifts('2026-11', 2, 5), 'shift 2026-10-24T14:30+02:00 22:30', 'shift 2026-10-25T08:30+01:00 16:30'],
    band: 'green',
    count: 0,
    minRestHours: 11,
    dutyCount: 6,
  },
  {
    name: 'a night shift over the change of the clocks is no rest by itself',
    nowMs: at('2026-04-10T12:00'),
    duties: [
      ...dayShifts('2026-04', 1, 4),
      'shift 2026-03-28T22:00+01:00 2026-03-29T06:00+02:00',
      'shift 2026-03-29T16:00+02:00 22:00',
    ],
    band: 'amber',
    count: 1,
    minRestHours: 10,
    dutyCount: 6,
  },
  {
    name: 'an entry that ends before it starts is no duty',
    duties: [...WEEK, 'shift 2026-11-10T16:00 08:00'],
    band: 'green',
    count: 0,
    minRestHours: 16,
    dutyCount: 5,
  },
];

describe('golden rosters', () => {
  test.each(GOLDEN)('$name', ({ duties, nowMs = NOW, band, count, minRestHours, dutyCount }) => {
    const result = shortRest(rota(duties), nowMs, strain, country);
    expect({
      band: result.band,
      count: result.count,
      minRestHours: result.minRestMs === null ? null : result.minRestMs / HOUR,
      dutyCount: result.dutyCount,
    }).toEqual({ band, count, minRestHours, dutyCount });
    expect(result.rests).toHaveLength(count);
  });

  test('on-call counts where the country says so', () => {
    const duties = rota([...WEEK, 'on_call 2026-11-02T22:00 2026-11-03T02:00']);
    expect(shortRest(duties, NOW, strain, { ...country, onCallIsDuty: true })).toMatchObject({ band: 'red', count: 2 });
  });
});

const anyRota = fc.array(
  fc.record({
    hour: fc.integer({ min: 0, max: 27 * 24 }),
    hours: fc.integer({ min: 1, max: 14 }),
    kind: fc.constantFrom('shift' as const, 'shift' as const, 'on_call' as const, 'leave' as const),
  }),
  { maxLength: 30 },
);
type Drawn = { hour: number; hours: number; kind: 'shift' | 'on_call' | 'leave' };
const drawn = (entries: readonly Drawn[], shiftMs = 0, personId = 'ana') =>
  entries.map(({ hour, hours, kind }) => {
    const startsAtMs = NOW - 28 * 24 * HOUR + (hour + 1) * HOUR + shiftMs;
    return { personId, kind, startsAtMs, endsAtMs: startsAtMs + hours * HOUR };
  });

describe('what must change nothing', () => {
  test('another name', () => {
    fc.assert(
      fc.property(anyRota, (entries) => {
        expect(shortRest(drawn(entries, 0, 'zoe'), NOW, strain, country)).toEqual(
          shortRest(drawn(entries), NOW, strain, country),
        );
      }),
    );
  });

  test('another date, also over a change of the clocks', () => {
    fc.assert(
      fc.property(anyRota, fc.integer({ min: -500, max: 500 }), (entries, days) => {
        const shiftMs = days * 24 * HOUR;
        const moved = shortRest(drawn(entries, shiftMs), NOW + shiftMs, strain, country);
        const still = shortRest(drawn(entries), NOW, strain, country);
        expect([moved.band, moved.count, moved.minRestMs, moved.dutyCount]).toEqual([
          still.band,
          still.count,
          still.minRestMs,
          still.dutyCount,
        ]);
      }),
    );
  });

  test('the order in which the rota was written, and writing it twice', () => {
    fc.assert(
      fc.property(anyRota, (entries) => {
        const once = shortRest(drawn(entries), NOW, strain, country);
        expect(shortRest(drawn(entries.toReversed()), NOW, strain, country)).toEqual(once);
        expect(shortRest(drawn([...entries, ...entries]), NOW, strain, country)).toEqual(once);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../../engine/policies.ts';
import { classMedians, minutesOfClass } from '../../../../shared/domain/strain/class-minutes.ts';
import { handlingClass } from '../../../../shared/domain/strain/handling-class.ts';
import {
  type LoadRatioInput,
  type LoadWeek,
  loadRatio,
  weeksNeeded,
} from '../../../../shared/domain/strain/load-ratio.ts';
import { SEVERITIES, type Severity } from '../../../../shared/model/vocabulary.ts';

const { strain } = loadPolicies();
const NO_MEDIANS = new Map();
/** 40 rostered hours, of which 0.7 can be planned: 1,680 minutes. */
const FULL_TIME = 2400;

function work(severity: Severity, count: number, product = 'wazuh') {
  return { class: handlingClass(severity, product), severity, count };
}

/** A week in which `highs` items of 30 default minutes were assigned. */
function week(highs: number, availableMinutes = FULL_TIME): LoadWeek {
  return { assigned: highs === 0 ? [] : [work('high', highs)], availableMinutes };
}

const input = (weeks: LoadWeek[], more: Partial<LoadRatioInput> = {}): LoadRatioInput => ({
  weeks,
  medians: NO_MEDIANS,
  poolSize: 5,
  dutyShifts: 20,
  ...more,
});

/** 56 items of 30 minutes are exactly the 1,680 plannable minutes: a load ratio of 1. */
const GOLDEN: {
  name: string;
  weeks: LoadWeek[];
  more?: Partial<LoadRatioInput>;
  ratio: number | null;
  band: string;
}[] = [
  { name: 'nothing assigned', weeks: [week(0), week(0), week(0), week(0), week(0)], ratio: 0, band: 'green' },
  { name: 'half used', weeks: [week(28), week(28), week(28), week(28), week(28)], ratio: 0.5, band: 'green' },
  {
    name: 'a pool of 5 is green to 0.699: 39 items are 0.696',
    weeks: [week(39), week(39), week(39), week(39), week(39)],
    ratio: 1170 / 1680,
    band: 'green',
  },
  {
    name: 'and amber from there: 40 items are 0.714',
    weeks: [week(40), week(40), week(0), week(0), week(0)],
    ratio: 1200 / 1680,
    band: 'amber',
  },
  {
    name: 'one heavy week alone changes nothing',
    weeks: [week(50), week(20), week(20), week(20), week(20)],
    ratio: 1500 / 1680,
    band: 'green',
  },
  {
    name: 'a heavy week that is over changes nothing any more',
    weeks: [week(20), week(50), week(20), week(20), week(20)],
    ratio: 600 / 1680,
    band: 'green',
  },
  {
    name: 'exactly 1.0 is amber, not red',
    weeks: [week(56), week(56), week(56), week(56), week(56)],
    ratio: 1,
    band: 'amber',
  },
  {
    name: 'above 1 now and last week: only this evaluation says red',
    weeks: [week(60), week(60), week(20), week(20), week(20)],
    ratio: 1800 / 1680,
    band: 'amber',
  },
  {
    name: 'above 1 in three weeks running: two evaluations say red',
    weeks: [week(60), week(60), week(60), week(20), week(20)],
    ratio: 1800 / 1680,
    band: 'red',
  },
  {
    name: 'above 1 in one week of four is no red',
    weeks: [week(60), week(45), week(45), week(45), week(45)],
    ratio: 1800 / 1680,
    band: 'amber',
  },
  {
    name: 'two heavy weeks of four, seen from two evaluations, though this week is light',
    weeks: [week(10), week(60), week(60), week(10), week(10)],
    ratio: 300 / 1680,
    band: 'red',
  },
  {
    name: 'half the hours with half the work is the same load',
    weeks: [week(20, 1200), week(20, 1200), week(0, 1200), week(0, 1200), week(0, 1200)],
    ratio: 600 / 840,
    band: 'amber',
  },
  {
    name: 'a week of leave is passed over, not counted as light',
    weeks: [week(0, 0), week(40), week(40), week(20), week(20)],
    ratio: null,
    band: 'amber',
  },
  {
    name: 'two people: amber from 0.447',
    weeks: [week(26), week(26), week(0), week(0), week(0)],
    more: { poolSize: 2 },
    ratio: 780 / 1680,
    band: 'amber',
  },
  {
    name: 'twelve people: the same load is green',
    weeks: [week(26), week(26), week(0), week(0), week(0)],
    more: { poolSize: 12 },
    ratio: 780 / 1680,
    band: 'green',
  },
  {
    name: 'four shifts in four weeks are not enough',
    weeks: [week(60), week(60), week(60), week(60), week(60)],
    more: { dutyShifts: 4 },
    ratio: 1800 / 1680,
    band: 'not_enough_data',
  },
  {
    name: 'one week of rota is not enough',
    weeks: [week(40), week(0, 0), week(0, 0), week(0, 0), week(0, 0)],
    ratio: 1200 / 1680,
    band: 'not_enough_data',
  },
  {
    name: 'a class with a median of its own counts with it',
    weeks: [week(20), week(20), week(0), week(0), week(0)],
    more: { medians: new Map([['high:wazuh', { minutes: 60, samples: 20 }]]) },
    ratio: 1200 / 1680,
    band: 'amber',
  },
  {
    name: 'classes add up: 10 critical, 10 medium, 10 low',
    weeks: Array.from({ length: 5 }, () => ({
      assigned: [work('critical', 10), work('medium', 10), work('low', 10)],
      availableMinutes: FULL_TIME,
    })),
    ratio: 830 / 1680,
    band: 'green',
  },
];

describe('golden weeks', () => {
  test.each(GOLDEN)('$name', ({ weeks, more, ratio, band }) => {
    const result = loadRatio(input(weeks, more), strain);
    expect(result.band).toBe(band);
    if (ratio === null) expect(result.ratios[0]).toBeNull();
    else expect(result.ratios[0]).toBeCloseTo(ratio, 12);
  });

  test('five weeks are enough to say red', () => {
    expect(weeksNeeded(strain)).toBe(5);
  });
});

describe('the minutes of a class', () => {
  const samples = (count: number, minutes: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => ({ class: 'high:wazuh', minutes: minutes(index) }));

  test('are the median of 20 samples or more', () => {
    const medians = classMedians(
      samples(20, (index) => index + 1),
      strain,
    );
    expect(minutesOfClass('high:wazuh', 'high', medians, strain)).toEqual({ minutes: 10.5, samples: 20 });
    const odd = classMedians(
      samples(21, (index) => index + 1),
      strain,
    );
    expect(minutesOfClass('high:wazuh', 'high', odd, strain)).toEqual({ minutes: 11, samples: 21 });
  });

  test('are the default of the severity with 19', () => {
    const medians = classMedians(
      samples(19, () => 1),
      strain,
    );
    expect(minutesOfClass('high:wazuh', 'high', medians, strain)).toEqual({ minutes: 30, samples: 0 });
  });

  test('one very slow case does not move them', () => {
    const medians = classMedians(
      samples(21, (index) => (index === 20 ? 10_000 : 12)),
      strain,
    );
    expect(medians.get('high:wazuh')?.minutes).toBe(12);
  });
});

const anyWeek = fc.record({
  assigned: fc.array(fc.record({ severity: fc.constantFrom(...SEVERITIES), count: fc.integer({ min: 1, max: 40 }) }), {
    maxLength: 6,
  }),
  availableMinutes: fc.constantFrom(0, 480, 1200, FULL_TIME),
});
const drawn = fc.array(anyWeek, { minLength: 5, maxLength: 5 }).map((weeks) =>
  weeks.map(({ assigned, availableMinutes }) => ({
    availableMinutes,
    assigned: assigned.map(({ severity, count }) => work(severity, count)),
  })),
);

describe('what must change nothing', () => {
  test('a case split in two halves of the same class', () => {
    fc.assert(
      fc.property(drawn, (weeks) => {
        const halves = weeks.map((each) => ({
          ...each,
          assigned: each.assigned.flatMap((item) => Array.from({ length: item.count }, () => ({ ...item, count: 1 }))),
        }));
        const whole = loadRatio(input(weeks), strain);
        const split = loadRatio(input(halves), strain);
        expect(split.band).toBe(whole.band);
      }),
    );
  });

  test('another product, while neither has a median', () => {
    fc.assert(
      fc.property(drawn, (weeks) => {
        const renamed = weeks.map((each) => ({
          ...each,
          assigned: each.assigned.map((item) => ({ ...item, class: handlingClass(item.severity, 'suricata') })),
        }));
        expect(loadRatio(input(renamed), strain)).toEqual(loadRatio(input(weeks), strain));
      }),
    );
  });

  test('more of the same work never makes a band milder', () => {
    const order = ['green', 'amber', 'red'];
    fc.assert(
      fc.property(drawn, fc.integer({ min: 0, max: 20 }), (weeks, extra) => {
        const more = weeks.map((each) => ({ ...each, assigned: [...each.assigned, work('high', extra)] }));
        const before = loadRatio(input(weeks), strain).band;
        const after = loadRatio(input(more), strain).band;
        if (before === 'not_enough_data') expect(after).toBe('not_enough_data');
        else expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
      }),
    );
  });
});

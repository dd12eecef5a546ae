import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  forecastQueue,
  maxUtilisation,
  shareWithin,
  waitProbability,
} from '../../../../shared/domain/capacity/erlang.ts';

describe('published values of Erlang C', () => {
  test.each([
    [20, 12, 5, 0.5541, 6.65, 28.86],
    [30, 10, 6, 0.5875, 5.88, 24.64],
    [30, 10, 7, 0.3241, 1.62, 9.35],
    [40, 15, 12, 0.4494, 3.37, 16.47],
  ])('%i an hour, %i minutes, %i people', (arrivalsPerHour, handlingMinutes, servers, waits, mean, p95) => {
    const forecast = forecastQueue({ arrivalsPerHour, handlingMinutes, servers });
    if (forecast.kind !== 'stable') throw new Error('must be stable');
    expect(forecast.waitProbability).toBeCloseTo(waits, 4);
    expect(forecast.meanWaitMinutes.toFixed(2)).toBe(mean.toFixed(2));
    expect(forecast.p95WaitMinutes.toFixed(2)).toBe(p95.toFixed(2));
    expect(forecast.meanQueue).toBeCloseTo((arrivalsPerHour / 60) * forecast.meanWaitMinutes, 9);
  });

  test('84.12 % wait at most a quarter of an hour at 20 an hour with 5 people', () => {
    const load = { arrivalsPerHour: 20, handlingMinutes: 12, servers: 5 };
    expect(shareWithin(load, 15)).toBeCloseTo(0.8412, 4);
    expect(forecastQueue(load)).toMatchObject({ utilisation: 0.8 });
  });

  test('an overloaded pool has no mean', () => {
    expect(forecastQueue({ arrivalsPerHour: 30, handlingMinutes: 10, servers: 5 })).toEqual({
      kind: 'overloaded',
      utilisation: 1,
    });
    expect(shareWithin({ arrivalsPerHour: 31, handlingMinutes: 10, servers: 5 }, 60)).toBe(0);
  });
});

describe('how far a pool may be used', () => {
  test.each([
    [2, 0.447],
    [3, 0.573],
    [5, 0.699],
    [8, 0.786],
    [12, 0.842],
    [20, 0.894],
    [40, 0.94],
  ])('%i people: %f', (servers, expected) => {
    expect(maxUtilisation(servers).toFixed(3)).toBe(expected.toFixed(3));
  });

  test('one person alone: a fifth, since the wait is rho over 1 minus rho', () => {
    expect(maxUtilisation(1)).toBeCloseTo(0.2, 9);
  });

  test('larger pools may be used more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (servers) => maxUtilisation(servers + 1) > maxUtilisation(servers)),
    );
  });
});

test('the recursion agrees with the sum of the textbook', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.double({ min: 0.05, max: 0.95, noNaN: true }), (servers, rho) => {
      expect(waitProbability(rho * servers, servers)).toBeCloseTo(textbook(rho * servers, servers), 8);
    }),
  );
});

function textbook(offered: number, servers: number): number {
  let term = 1;
  let below = 0;
  for (let k = 0; k < servers; k++) {
    below += term;
    term = (term * offered) / (k + 1);
  }
  const top = (term * servers) / (servers - offered);
  return top / (below + top);
}

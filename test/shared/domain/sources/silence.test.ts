import { describe, expect, test } from 'vitest';
import { SILENCE_CHANCE, silenceOf } from '../../../../shared/domain/sources/silence.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** A Monday, 00:00 UTC. */
const START = Date.UTC(2026, 0, 5);

/** Uniform numbers below 1, the same for the same seed (mulberry32). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Rate = (hourOfDay: number, dayOfWeek: number) => number;

const steady =
  (perHour: number): Rate =>
  () =>
    perHour;
const office =
  (perHour: number): Rate =>
  (hour, day) =>
    day < 5 && hour >= 8 && hour < 18 ? perHour : 0;
const nightly =
  (perHour: number): Rate =>
  (hour) =>
    hour === 2 ? perHour : 0;

/** Times of records: a Poisson process of clumps of `clump` records. */
function arrivals(rate: Rate, weeks: number, seed: number, clump = 1): number[] {
  const draw = uniform(seed);
  const times: number[] = [];
  for (let hour = 0; hour < weeks * 168; hour += 1) {
    const mean = rate(hour % 24, Math.floor(hour / 24) % 7) / clump;
    for (let at = -Math.log(1 - draw()) / mean; at < 1; at += -Math.log(1 - draw()) / mean) {
      for (let i = 0; i < clump; i += 1) times.push(START + (hour + at) * HOUR);
    }
  }
  return times;
}

function countByHour(times: readonly number[], beforeMs: number): Map<number, number> {
  const hours = new Map<number, number>();
  for (const time of times) {
    const hour = Math.floor(time / HOUR);
    if (time <= beforeMs && time > beforeMs - 5 * WEEK) hours.set(hour, (hours.get(hour) ?? 0) + 1);
  }
  return hours;
}

/** How often the pauses of a healthy source are called silence, looked at when each is at its longest. */
function falseAlarms(times: readonly number[], fromMs: number): { alarms: number; pauses: number } {
  let alarms = 0;
  let pauses = 0;
  for (let i = 1; i < times.length; i += 1) {
    const [sinceMs = 0, nowMs = 0] = [times[i - 1], times[i]];
    if (sinceMs < fromMs || nowMs - sinceMs < 15 * 60_000) continue;
    pauses += 1;
    const hours = countByHour(times.slice(Math.max(0, i - 60_000), i), sinceMs);
    if (silenceOf({ hours, sinceMs, nowMs, quietAfterMinutes: null }).isSilent) alarms += 1;
  }
  return { alarms, pauses };
}

/** Milliseconds from the last record until it is called silent, looked at every five minutes. */
function noticedAfter(times: readonly number[], atMostMs = 3 * WEEK): number {
  const sinceMs = times.at(-1) ?? 0;
  const hours = countByHour(times, sinceMs);
  for (let nowMs = sinceMs; nowMs < sinceMs + atMostMs; nowMs += 5 * 60_000) {
    if (silenceOf({ hours, sinceMs, nowMs, quietAfterMinutes: null }).isSilent) return nowMs - sinceMs;
  }
  return Number.POSITIVE_INFINITY;
}

describe('a healthy source is not called silent', () => {
  test.each([
    ['seldom', steady(0.2), 1],
    ['some an hour', steady(3), 1],
    ['in office hours', office(6), 1],
    ['at night', nightly(40), 1],
    ['in clumps', steady(4), 25],
    ['in clumps in office hours', office(30), 40],
  ])('%s', (_name, rate, clump) => {
    let alarms = 0;
    let pauses = 0;
    for (const seed of [1, 2, 3]) {
      const found = falseAlarms(arrivals(rate, 7, seed, clump), START + 3 * DAY);
      alarms += found.alarms;
      pauses += found.pauses;
    }
    expect(pauses).toBeGreaterThan(50);
    expect(alarms).toBe(0);
  });

  test('when the clocks change', () => {
    const hour = office(60);
    const times = arrivals((at, day) => hour(at, day), 5, 7);
    const shifted = times
      .filter((time) => time < START + 4 * WEEK)
      .concat(arrivals((at, day) => hour(at, day), 1, 8).map((time) => time + 4 * WEEK + HOUR));
    expect(falseAlarms(shifted, START + 3 * WEEK).alarms).toBe(0);
  });

  test('after a storm, in the same hour of the next week', () => {
    const times = arrivals(steady(0.5), 5, 9);
    const at = START + 3 * WEEK + 30 * HOUR;
    const storm = Array.from({ length: 20_000 }, (_, i) => at + i * 100);
    expect(
      falseAlarms(
        [...times, ...storm].sort((a, b) => a - b),
        START + 3 * WEEK,
      ).alarms,
    ).toBe(0);
  });

  test('while nothing is known of it yet', () => {
    const times = arrivals(steady(100), 1, 3).filter((time) => time < START + 2 * DAY);
    expect(noticedAfter(times, 2 * DAY)).toBe(Number.POSITIVE_INFINITY);
    expect(silenceOf({ hours: new Map(), sinceMs: START, nowMs: START + WEEK, quietAfterMinutes: null })).toEqual({
      isSilent: false,
      chance: null,
      expected: null,
    });
  });

  test('on the first weekend of a source of office hours', () => {
    const friday = arrivals(office(100), 1, 5).filter((time) => time < START + 5 * DAY);
    const sinceMs = friday.at(-1) ?? 0;
    const hours = countByHour(friday, sinceMs);
    expect(silenceOf({ hours, sinceMs, nowMs: START + 7 * DAY + 7 * HOUR, quietAfterMinutes: null }).isSilent).toBe(
      false,
    );
  });
});

describe('a source that stopped is noticed', () => {
  test.each([
    ['a busy one within the hour', steady(600), 1, HOUR],
    ['one of some an hour within half a day', steady(3), 1, 12 * HOUR],
    ['a seldom one within a week', steady(0.2), 1, WEEK],
    ['one that comes in clumps within four days', steady(10), 20, 4 * DAY],
  ])('%s', (_name, rate, clump, within) => {
    const times = arrivals(rate, 5, 11, clump);
    expect(noticedAfter(times)).toBeLessThan(within);
  });

  test('one of office hours that stopped on Friday evening is noticed on Monday, and not before', () => {
    const times = arrivals(office(30), 5, 12);
    const after = noticedAfter(times);
    const monday = START + 5 * WEEK - (times.at(-1) ?? 0);
    expect(after).toBeGreaterThan(monday + 8 * HOUR);
    expect(after).toBeLessThan(monday + 12 * HOUR);
  });

  test('one of five days, with the days before', () => {
    const times = arrivals(steady(50), 1, 13).filter((time) => time < START + 4.6 * DAY);
    expect(noticedAfter(times)).toBeLessThan(3 * HOUR);
  });

  test('more records in its habit, or a longer pause, never make it less silent', () => {
    const times = arrivals(office(8), 5, 14);
    const sinceMs = times.at(-1) ?? 0;
    const hours = countByHour(times, sinceMs);
    let before = 1;
    for (let nowMs = sinceMs + HOUR; nowMs < sinceMs + WEEK; nowMs += HOUR) {
      const { chance } = silenceOf({ hours, sinceMs, nowMs, quietAfterMinutes: null });
      expect(chance ?? 1).toBeLessThanOrEqual(before + 1e-12);
      before = chance ?? 1;
    }
    expect(before).toBeLessThan(SILENCE_CHANCE);
  });
});

test('what a person set goes before habit, and 0 never asks', () => {
  const hours = countByHour(arrivals(steady(600), 5, 1), START + 5 * WEEK);
  const sinceMs = START + 5 * WEEK;
  const asked = (quietAfterMinutes: number, minutes: number) =>
    silenceOf({ hours, sinceMs, nowMs: sinceMs + minutes * 60_000, quietAfterMinutes }).isSilent;
  expect([asked(5, 4), asked(5, 5), asked(600, 599), asked(0, 100_000)]).toEqual([false, true, false, false]);
});

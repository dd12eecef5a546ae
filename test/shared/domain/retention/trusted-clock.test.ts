import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClockMemory, lookAtClock, waitsUntilMs } from '../../../../shared/domain/retention/trusted-clock.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 10, 21);

/** Looks at a clock that shows these times one after the other. */
function memoryOf(...times: readonly number[]): ClockMemory {
  return times.reduce<ClockMemory | null>((memory, nowMs) => lookAtClock(memory, nowMs), null) as ClockMemory;
}

describe('the clock that deleting goes by', () => {
  it('is the clock itself while that runs on evenly, put right by seconds now and then', () => {
    expect(memoryOf(START, START + HOUR, START + HOUR - 3_000, START + DAY).trustedMs).toBe(START + DAY);
  });

  it('does not follow a leap of a year until the clock has run on for a day from there', () => {
    const leapt = memoryOf(START, START + YEAR);
    expect(leapt.trustedMs).toBe(START);
    expect(waitsUntilMs(leapt)).toBe(START + YEAR + DAY);
    expect(memoryOf(START, START + YEAR, START + YEAR + 23 * HOUR).trustedMs).toBe(START);
    expect(memoryOf(START, START + YEAR, START + YEAR + 20 * HOUR, START + YEAR + 25 * HOUR).trustedMs).toBe(
      START + YEAR + 25 * HOUR,
    );
  });

  it('forgets a leap that was taken back', () => {
    const back = memoryOf(START, START + YEAR, START + YEAR + HOUR, START + 2 * HOUR);
    expect(back.trustedMs).toBeLessThanOrEqual(START + 2 * HOUR);
    expect(memoryOf(START, START + YEAR, START + HOUR, START + 10 * HOUR, START + 26 * HOUR).trustedMs).toBe(
      START + 26 * HOUR,
    );
  });

  it.each([HOUR, YEAR])('goes back with the clock by %d ms, and waits a day', (ms) => {
    const back = memoryOf(START, START - ms);
    expect(back.trustedMs).toBe(START - ms);
    expect(waitsUntilMs(back)).toBe(START - ms + DAY);
  });

  it('goes by the time of the week before where the program is opened once a week', () => {
    expect(memoryOf(START, START + 7 * DAY, START + 14 * DAY, START + 21 * DAY).trustedMs).toBe(START + 14 * DAY);
  });

  it('is never ahead of every time that the clock has shown', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2 * YEAR, max: 2 * YEAR }), { minLength: 1 }), (steps) => {
        let nowMs = START;
        let memory = lookAtClock(null, nowMs);
        for (const step of steps) {
          nowMs += step;
          const next = lookAtClock(memory, nowMs);
          // Either the clock of now, or something that was trusted or seen before.
          expect(next.trustedMs).toBeLessThanOrEqual(Math.max(nowMs, memory.trustedMs, memory.leaptAtMs ?? 0));
          if (nowMs < memory.seenMs - HOUR) expect(next.trustedMs).toBeLessThanOrEqual(nowMs);
          memory = next;
        }
      }),
    );
  });
});

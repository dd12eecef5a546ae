/** What is remembered of the clock between two looks at it. */
export interface ClockMemory {
  /** The time that deleting goes by. */
  trustedMs: number;
  /** The last time that the clock showed. */
  seenMs: number;
  /** When the clock leapt, what it showed then; null while it runs evenly. */
  leaptAtMs: number | null;
}

/** A step of this size or less is the clock running on: a weekend is longer, and costs a day of waiting. */
const EVEN_STEP_MS = 48 * 3_600_000;
/** Clocks are put right by seconds all the time. */
const EVEN_BACK_MS = 5 * 60_000;
/** A clock that leapt is believed once it has run on for so long. */
const PROVEN_AFTER_MS = 24 * 3_600_000;

/**
 * Deleting cannot be taken back, and a clock can be wrong: one that shows next year for an hour must not cost a year
 * of originals. So a leap forward is believed only after the clock has run on from there for a day; until then
 * deleting goes by the time before the leap. A clock that goes back is followed at once, because later never
 * deletes more. A workspace that is opened once a week goes by the time of the week before.
 */
export function lookAtClock(memory: ClockMemory | null, nowMs: number): ClockMemory {
  if (memory === null) return { trustedMs: nowMs, seenMs: nowMs, leaptAtMs: null };
  const { trustedMs, seenMs, leaptAtMs } = memory;
  const step = nowMs - seenMs;
  if (step < -EVEN_BACK_MS) return { trustedMs: Math.min(trustedMs, nowMs), seenMs: nowMs, leaptAtMs: nowMs };
  const isProven = leaptAtMs !== null && nowMs >= leaptAtMs + PROVEN_AFTER_MS;
  if (step > EVEN_STEP_MS) {
    return { trustedMs: isProven ? Math.max(trustedMs, leaptAtMs) : trustedMs, seenMs: nowMs, leaptAtMs: nowMs };
  }
  if (leaptAtMs === null || isProven) return { trustedMs: nowMs, seenMs: nowMs, leaptAtMs: null };
  return { trustedMs, seenMs: nowMs, leaptAtMs };
}

/** Until when deleting waits for the clock to prove itself; null when it does not wait. */
export function waitsUntilMs({ leaptAtMs }: ClockMemory): number | null {
  return leaptAtMs === null ? null : leaptAtMs + PROVEN_AFTER_MS;
}

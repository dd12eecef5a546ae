import type { Duty } from '../../model/people.ts';
import type { CountryPolicy } from '../../model/policy.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** UTC instants, so that a change of the clocks makes a night an hour longer or shorter, as it is for the sleeper. */
export interface Interval {
  startsAtMs: number;
  endsAtMs: number;
}

export interface Rest {
  /** End of the duty before. */
  endsAtMs: number;
  /** Start of the duty after. */
  startsAtMs: number;
  restMs: number;
}

/** Joins what overlaps or touches; drops what has no length. */
export function unionOf(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals
    .filter((interval) => interval.endsAtMs > interval.startsAtMs)
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs || a.endsAtMs - b.endsAtMs);
  const joined: Interval[] = [];
  for (const { startsAtMs, endsAtMs } of sorted) {
    const last = joined.at(-1);
    if (last && startsAtMs <= last.endsAtMs) last.endsAtMs = Math.max(last.endsAtMs, endsAtMs);
    else joined.push({ startsAtMs, endsAtMs });
  }
  return joined;
}

/** `from` without the times of `cuts`. Both must be unions. */
export function without(from: readonly Interval[], cuts: readonly Interval[]): Interval[] {
  return from.flatMap((interval) => {
    const parts: Interval[] = [];
    let startsAtMs = interval.startsAtMs;
    for (const cut of cuts) {
      if (cut.endsAtMs <= startsAtMs || cut.startsAtMs >= interval.endsAtMs) continue;
      if (cut.startsAtMs > startsAtMs) parts.push({ startsAtMs, endsAtMs: cut.startsAtMs });
      startsAtMs = Math.max(startsAtMs, cut.endsAtMs);
    }
    if (startsAtMs < interval.endsAtMs) parts.push({ startsAtMs, endsAtMs: interval.endsAtMs });
    return parts;
  });
}

/** Times at which this one person is at work: shifts (and on-call where the country counts it) without leave. */
export function workTimes(duties: readonly Duty[], policy: Pick<CountryPolicy, 'onCallIsDuty'>): Interval[] {
  const counts = (duty: Duty) => duty.kind === 'shift' || (duty.kind === 'on_call' && policy.onCallIsDuty);
  return without(unionOf(duties.filter(counts)), unionOf(duties.filter((duty) => duty.kind === 'leave')));
}

/**
 * One person's duties as the law looks at them. Parts that lie a few minutes apart are one duty; the parts of a split
 * shift are one duty as long as first start to last end leaves the daily rest within 24 hours.
 */
export function dutyPeriods(duties: readonly Duty[], policy: CountryPolicy): Interval[] {
  const periods: Interval[] = [];
  for (const part of workTimes(duties, policy)) {
    const last = periods.at(-1);
    if (last && isSameDuty(last, part, policy)) last.endsAtMs = part.endsAtMs;
    else periods.push({ ...part });
  }
  return periods;
}

function isSameDuty(duty: Interval, part: Interval, policy: CountryPolicy): boolean {
  const gapMs = part.startsAtMs - duty.endsAtMs;
  if (gapMs < policy.sameDutyGapMinutes * MINUTE_MS) return true;
  const spanMs = part.endsAtMs - duty.startsAtMs;
  return gapMs <= policy.splitShiftGapHours * HOUR_MS && spanMs <= policy.splitShiftSpanHours * HOUR_MS;
}

/** The rests between consecutive duties, in order. */
export function restsBetween(periods: readonly Interval[]): Rest[] {
  return periods.slice(1).map((after, index) => {
    const before = periods[index] ?? after;
    return {
      endsAtMs: before.endsAtMs,
      startsAtMs: after.startsAtMs,
      restMs: after.startsAtMs - before.endsAtMs,
    };
  });
}

/** Minutes of `intervals` (a union) within [fromMs, toMs). */
export function minutesWithin(intervals: readonly Interval[], fromMs: number, toMs: number): number {
  let totalMs = 0;
  for (const { startsAtMs, endsAtMs } of intervals) {
    totalMs += Math.max(0, Math.min(endsAtMs, toMs) - Math.max(startsAtMs, fromMs));
  }
  return totalMs / MINUTE_MS;
}

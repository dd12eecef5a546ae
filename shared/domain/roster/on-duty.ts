import type { Duty } from '../../model/people.ts';
import { type Interval, unionOf, without } from './duty-periods.ts';

export interface DutyNow {
  /** Until when the shift under way lasts; null when not on shift. */
  onDutyUntilMs: number | null;
  /** Start of the next shift after now; null when the rota knows none. */
  nextDutyAtMs: number | null;
  isOnCall: boolean;
}

/** Where one person stands in the rota at `nowMs`. Leave wins over what it covers. */
export function dutyNow(duties: readonly Duty[], nowMs: number): DutyNow {
  const timesOf = (kind: Duty['kind']) =>
    without(
      unionOf(duties.filter((duty) => duty.kind === kind)),
      unionOf(duties.filter((duty) => duty.kind === 'leave')),
    );
  const shifts = timesOf('shift');
  const holds = (interval: Interval) => interval.startsAtMs <= nowMs && nowMs < interval.endsAtMs;
  return {
    onDutyUntilMs: shifts.find(holds)?.endsAtMs ?? null,
    nextDutyAtMs: shifts.find((shift) => shift.startsAtMs > nowMs)?.startsAtMs ?? null,
    isOnCall: timesOf('on_call').some(holds),
  };
}

/** Duties by person, so that nobody looks through the whole rota once for each. */
export function dutiesByPerson(duties: readonly Duty[]): Map<string, Duty[]> {
  return Map.groupBy(duties, (duty) => duty.personId);
}

/** Who can be reached for work now: on shift, or on call. */
export function reachableIds(duties: readonly Duty[], nowMs: number): Set<string> {
  const ids = new Set<string>();
  for (const [personId, own] of dutiesByPerson(duties)) {
    const now = dutyNow(own, nowMs);
    if (now.onDutyUntilMs !== null || now.isOnCall) ids.add(personId);
  }
  return ids;
}

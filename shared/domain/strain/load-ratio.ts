import type { StrainPolicy } from '../../model/policy.ts';
import type { Band } from '../../model/strain.ts';
import type { Severity } from '../../model/vocabulary.ts';
import { maxUtilisation } from '../capacity/erlang.ts';
import { type ClassMinutes, minutesOfClass } from './class-minutes.ts';

/** Assigned items of one class. How long this person took for them is not known here and must not be. */
export interface AssignedWork {
  class: string;
  severity: Severity;
  count: number;
}

export interface LoadWeek {
  assigned: readonly AssignedWork[];
  /** Rostered minutes of the week without leave. */
  availableMinutes: number;
}

export interface LoadRatioInput {
  /** Newest first; weeks of seven days that end now, a week ago, and so on. */
  weeks: readonly LoadWeek[];
  medians: ReadonlyMap<string, ClassMinutes>;
  /** People who share this queue. */
  poolSize: number;
  /** Duty shifts in all the weeks that the red limit looks at. */
  dutyShifts: number;
}

export interface LoadRatioResult {
  band: Band;
  /** Load ratio of each week, newest first; null for a week without rostered time. */
  ratios: (number | null)[];
  /** Below it the queue of a pool of this size stays responsive. */
  amberFrom: number;
  assignedMinutes: number;
  plannableMinutes: number;
  poolSize: number;
}

/** How many weeks the caller has to give, so that the last evaluations can each look back as far as the red limit does. */
export function weeksNeeded(policy: StrainPolicy): number {
  return policy.loadRatio.ofWeeks + policy.loadRatio.consecutive - 1;
}

/**
 * Assigned work over plannable time: the sum of the class medians of what was assigned, over the plannable share of
 * the rostered minutes. Green below the utilisation that Erlang C allows a pool of this size, red when above 1 in at
 * least 2 of 4 weeks. As a demand condition it shows only what two weekly evaluations in a row agree on.
 */
export function loadRatio(input: LoadRatioInput, policy: StrainPolicy): LoadRatioResult {
  const weeks = input.weeks.slice(0, weeksNeeded(policy));
  const ratios = weeks.map((week) => ratioOf(week, input.medians, policy));
  const amberFrom = maxUtilisation(Math.max(1, input.poolSize), policy.loadRatio.waitShareMax);
  const newest = weeks[0] ?? { assigned: [], availableMinutes: 0 };
  return {
    band: input.dutyShifts < policy.dutyShiftsMin ? 'not_enough_data' : bandOf(ratios, amberFrom, policy),
    ratios,
    amberFrom,
    assignedMinutes: assignedMinutesOf(newest, input.medians, policy),
    plannableMinutes: policy.plannableShare * newest.availableMinutes,
    poolSize: input.poolSize,
  };
}

function assignedMinutesOf(week: LoadWeek, medians: ReadonlyMap<string, ClassMinutes>, policy: StrainPolicy): number {
  return week.assigned.reduce(
    (sum, work) => sum + work.count * minutesOfClass(work.class, work.severity, medians, policy).minutes,
    0,
  );
}

function ratioOf(week: LoadWeek, medians: ReadonlyMap<string, ClassMinutes>, policy: StrainPolicy): number | null {
  if (week.availableMinutes <= 0) return null;
  return assignedMinutesOf(week, medians, policy) / (policy.plannableShare * week.availableMinutes);
}

/** The mildest of the last evaluations that could be made: one heavy week alone moves nothing. Weeks of leave are passed over. */
function bandOf(ratios: readonly (number | null)[], amberFrom: number, policy: StrainPolicy): Band {
  const evaluations = ratios.flatMap((ratio, week) =>
    ratio === null ? [] : [evaluationAt(ratio, ratios.slice(week, week + policy.loadRatio.ofWeeks), amberFrom, policy)],
  );
  const latest = evaluations.slice(0, policy.loadRatio.consecutive);
  if (latest.length < policy.loadRatio.consecutive) return 'not_enough_data';
  if (latest.includes('green')) return 'green';
  return latest.includes('amber') ? 'amber' : 'red';
}

/** `seen` is the week itself and those before it, as far back as the red limit looks. */
function evaluationAt(
  ratio: number,
  seen: readonly (number | null)[],
  amberFrom: number,
  policy: StrainPolicy,
): Exclude<Band, 'not_enough_data'> {
  const heavy = seen.filter((value) => value !== null && value > policy.loadRatio.redAbove).length;
  if (heavy >= policy.loadRatio.redWeeks) return 'red';
  return ratio >= amberFrom ? 'amber' : 'green';
}

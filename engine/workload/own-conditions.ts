import { dutyPeriods, minutesWithin, workTimes } from '../../shared/domain/roster/duty-periods.ts';
import { classMedians } from '../../shared/domain/strain/class-minutes.ts';
import { loadRatioCondition, shortRestCondition } from '../../shared/domain/strain/conditions.ts';
import { handlingClass } from '../../shared/domain/strain/handling-class.ts';
import { type LoadRatioInput, loadRatio, weeksNeeded } from '../../shared/domain/strain/load-ratio.ts';
import { shortRest } from '../../shared/domain/strain/short-rest.ts';
import type { Duty, Person } from '../../shared/model/people.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { StrainCondition } from '../../shared/model/strain.ts';
import { dutiesOf } from '../store/people.ts';
import { assignedByWeek, handlingSamples, type WorkByWeek } from '../store/people-work.ts';
import type { Read } from '../store/store.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * The strain conditions of one person as they stand at `nowMs`, from rota and assigned work only. Callers are the
 * person's own watch and the look that a lead's band comes from; nothing of it is stored but a word. Without assigned
 * work (null: the person paused their indicators) only the rest is counted that an employer has to count by law.
 */
export async function ownConditions(
  db: Read,
  person: Person,
  people: readonly Pick<Person, 'tier'>[],
  assigned: WorkByWeek | null,
  nowMs: number,
  policies: Policies,
): Promise<StrainCondition[]> {
  const spanMs = Math.max(weeksNeeded(policies.strain) * WEEK_MS, (policies.strain.shortRest.windowDays + 2) * DAY_MS);
  const duties = await dutiesOf(db, person.id, nowMs - spanMs, nowMs + 1);
  const rest = shortRest(duties, nowMs, policies.strain, policies.country);
  const byLaw = [shortRestCondition(rest, policies.strain, policies.country)];
  if (assigned === null) return byLaw;
  const load = await loadInput(db, assigned, duties, poolSizeOf(person, people), nowMs, policies);
  return [loadRatioCondition(loadRatio(load, policies.strain), policies.strain), ...byLaw];
}

async function loadInput(
  db: Read,
  assigned: WorkByWeek,
  duties: readonly Duty[],
  poolSize: number,
  nowMs: number,
  policies: Policies,
): Promise<LoadRatioInput> {
  const { strain, country } = policies;
  const byWeek = assigned.map((week) =>
    week.map((work) => ({
      class: handlingClass(work.severity, work.product),
      severity: work.severity,
      count: work.count,
    })),
  );
  const classes = [...new Set(byWeek.flat().map((work) => work.class))];
  const sinceDay = Math.floor(nowMs / DAY_MS) - strain.handling.windowDays;
  const atWork = workTimes(duties, country);
  const fromMs = nowMs - strain.loadRatio.ofWeeks * WEEK_MS;
  return {
    weeks: byWeek.map((week, index) => ({
      assigned: week,
      availableMinutes: minutesWithin(atWork, nowMs - (index + 1) * WEEK_MS, nowMs - index * WEEK_MS),
    })),
    medians: classMedians(await handlingSamples(db, classes, sinceDay), strain),
    poolSize,
    dutyShifts: dutyPeriods(duties, country).filter(
      (period) => period.startsAtMs > fromMs && period.startsAtMs <= nowMs,
    ).length,
  };
}

/** What was assigned to each of these people, as far back as their conditions look. */
export function assignedTo(
  db: Read,
  people: readonly Pick<Person, 'id'>[],
  nowMs: number,
  policies: Policies,
): Promise<Map<string, WorkByWeek>> {
  const ids = people.map((person) => person.id);
  return assignedByWeek(db, ids, nowMs, weeksNeeded(policies.strain));
}

/** How many active people share the queue of a person: those of the same tier. */
function poolSizeOf(person: Pick<Person, 'tier'>, people: readonly Pick<Person, 'tier'>[]): number {
  return Math.max(1, people.filter((other) => other.tier === person.tier).length);
}

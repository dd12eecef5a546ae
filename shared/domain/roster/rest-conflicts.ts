import type { Duty } from '../../model/people.ts';
import type { CountryPolicy } from '../../model/policy.ts';
import { dutyPeriods, type Rest, restsBetween } from './duty-periods.ts';
import { dutiesByPerson } from './on-duty.ts';

export interface RestConflict extends Rest {
  personId: string;
  limitMs: number;
}

/**
 * Rests below the daily limit in the rota as planned: only those whose second duty is still to come, since a plan can
 * be changed and the past is nobody's to list. In the order of `personIds` (the roster), then by time.
 */
export function restConflicts(
  duties: readonly Duty[],
  personIds: readonly string[],
  nowMs: number,
  policy: CountryPolicy,
): RestConflict[] {
  const limitMs = policy.dailyRestHours * 3_600_000;
  const byPerson = dutiesByPerson(duties);
  return personIds.flatMap((personId) =>
    restsBetween(dutyPeriods(byPerson.get(personId) ?? [], policy))
      .filter((rest) => rest.startsAtMs > nowMs && rest.restMs < limitMs)
      .map((rest) => ({ ...rest, personId, limitMs })),
  );
}

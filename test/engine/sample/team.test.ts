import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../engine/policies.ts';
import { makeRota, onShift, rotaCsv } from '../../../engine/sample/rota.ts';
import { peopleCsv, TEAM } from '../../../engine/sample/team.ts';
import { readPeople, readRota } from '../../../engine/workload/roster-import.ts';
import { restConflicts } from '../../../shared/domain/roster/rest-conflicts.ts';

const HOUR_MS = 3_600_000;
/** Any weekday and hour may be the moment of the first start. */
const STARTS = Array.from({ length: 7 }, (_, day) => Date.UTC(2026, 10, 16 + day, (day * 7) % 24, 13));

describe('the sample team', () => {
  it('is read by the import without a problem, in three tiers and a lead', () => {
    const { values, problems } = readPeople(peopleCsv());
    expect(problems).toEqual([]);
    expect(values).toHaveLength(TEAM.length);
    expect(values.filter((person) => person.tier === 'tier1')).toHaveLength(7);
    expect(new Set(values.map((person) => person.tier))).toEqual(new Set(['tier1', 'tier2', 'tier3', 'lead']));
  });

  it.each(STARTS)('has somebody of tier 1 on shift at every hour around %i', (nowMs) => {
    const duties = makeRota(nowMs);
    for (let atMs = nowMs - 21 * 24 * HOUR_MS; atMs < nowMs + 10 * 24 * HOUR_MS; atMs += HOUR_MS) {
      expect(onShift(duties, 'tier1', atMs).length, new Date(atMs).toISOString()).toBeGreaterThan(0);
    }
  });

  it.each(STARTS)('plans exactly one rest that is too short after %i', (nowMs) => {
    const conflicts = restConflicts(
      makeRota(nowMs),
      TEAM.map((each) => each.id),
      nowMs,
      loadPolicies().country,
    );
    expect(conflicts.map((conflict) => conflict.restMs / HOUR_MS)).toEqual([8]);
  });

  it('survives its way through CSV', () => {
    const duties = makeRota(STARTS[0] ?? 0);
    const { values, problems } = readRota(rotaCsv(duties), TEAM);
    expect(problems).toEqual([]);
    expect(values).toEqual(
      duties.map(({ personId, kind, startsAtMs, endsAtMs }) => ({ personId, kind, startsAtMs, endsAtMs })),
    );
  });
});

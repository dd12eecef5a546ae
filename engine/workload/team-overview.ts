import { type DutyNow, dutiesByPerson, dutyNow } from '../../shared/domain/roster/on-duty.ts';
import { restConflicts } from '../../shared/domain/roster/rest-conflicts.ts';
import { dueSoonMs } from '../../shared/domain/routing/clock.ts';
import type { Duty, Person } from '../../shared/model/people.ts';
import type { Policies } from '../../shared/model/policy.ts';
import { SEVERITIES, type Severity, TIERS, type Tier } from '../../shared/model/vocabulary.ts';
import type { OutputOf } from '../handlers.ts';
import { openRotaRequests } from '../store/own-remarks.ts';
import { listDuties, listPeople } from '../store/people.ts';
import {
  backlogByTier,
  clocksOf,
  type FlowRow,
  flowSince,
  holdingNow,
  oldestReceivedAtMs,
} from '../store/people-work.ts';
import type { Read } from '../store/store.ts';
import { bandsForLead } from './bands.ts';
import { readGate, whyNoBands } from './gate.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FLOW_HOURS = 48;
/** How far ahead the rota is read for rests and next duties. */
const PLANNED_DAYS = 28;

export type TeamOverview = OutputOf<'team', 'overview'>;

/**
 * The operational facts of the team, live: counts of the work and of the rota. Nothing of it is stored as anybody's
 * history. Bands only when the gate is on record.
 */
export async function teamOverview(db: Read, nowMs: number, policies: Policies): Promise<TeamOverview> {
  const people = await listPeople(db);
  const duties = await listDuties(db, nowMs - DAY_MS, nowMs + PLANNED_DAYS * DAY_MS);
  const nowBy = dutyOfEach(people, duties, nowMs);
  const holding = await holdingNow(db);
  const flow = await flowSince(db, Math.floor(nowMs / HOUR_MS) - FLOW_HOURS + 1);
  const gate = await readGate(db);
  const closedBy = whyNoBands(gate, policies.country);
  return {
    asOfMs: nowMs,
    tiers: await tierFacts(db, people, nowBy, flow, nowMs, policies),
    flow: flowByHour(flow, nowMs),
    people: people.map((person) => ({
      person,
      onDutyUntilMs: nowBy.get(person.id)?.onDutyUntilMs ?? null,
      nextDutyAtMs: nowBy.get(person.id)?.nextDutyAtMs ?? null,
      holding: holding.get(person.id) ?? 0,
      limit: person.itemLimit,
    })),
    restConflicts: namedConflicts(people, duties, nowMs, policies),
    bands: closedBy === null ? await bandsForLead(db, people, nowMs, policies) : null,
    whyNoBands: closedBy,
    gate,
    rotaRequests: await rotaRequests(db, people),
  };
}

/** Requests of who is on the team. They go to whoever keeps the rota, so that no gate stands before them. */
async function rotaRequests(db: Read, people: readonly Person[]): Promise<TeamOverview['rotaRequests']> {
  const names = new Map(people.map((person) => [person.id, person.name]));
  return (await openRotaRequests(db)).flatMap(({ id, personId, duty, text, atMs }) => {
    const personName = names.get(personId);
    return personName === undefined ? [] : [{ id, personId, personName, duty, text, atMs }];
  });
}

async function tierFacts(
  db: Read,
  people: readonly Person[],
  nowBy: ReadonlyMap<string, DutyNow>,
  flow: readonly FlowRow[],
  nowMs: number,
  policies: Policies,
): Promise<TeamOverview['tiers']> {
  const backlogs = await backlogByTier(db);
  const soonMs = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, dueSoonMs(policies.sla, severity)]),
  ) as Record<Severity, number>;
  const facts: TeamOverview['tiers'] = [];
  for (const tier of TIERS) {
    const open = backlogs.get(tier) ?? { backlog: 0, unowned: 0 };
    const clocks = open.backlog === 0 ? { atRisk: 0, breached: 0 } : await clocksOf(db, tier, nowMs, soonMs);
    facts.push({
      tier,
      ...open,
      oldestReceivedAtMs: open.backlog === 0 ? null : await oldestReceivedAtMs(db, tier),
      inLastHour: lastHourOf(flow, tier, 'received', nowMs),
      outLastHour: lastHourOf(flow, tier, 'finished', nowMs),
      clocksAtRisk: clocks.atRisk,
      breached: clocks.breached,
      onDuty: people.filter((person) => person.tier === tier && (nowBy.get(person.id)?.onDutyUntilMs ?? null) !== null)
        .length,
    });
  }
  return facts;
}

function dutyOfEach(people: readonly Person[], duties: readonly Duty[], nowMs: number): Map<string, DutyNow> {
  const byPerson = dutiesByPerson(duties);
  return new Map(people.map((person) => [person.id, dutyNow(byPerson.get(person.id) ?? [], nowMs)]));
}

/**
 * The last 60 minutes from counts by clock hour: this hour so far, and of the hour before the share that still lies
 * within, as if it had come evenly. Exact at the full hour.
 */
export function lastHourOf(
  flow: readonly FlowRow[],
  tier: Tier,
  column: 'received' | 'finished',
  nowMs: number,
): number {
  const hour = Math.floor(nowMs / HOUR_MS);
  const share = 1 - (nowMs % HOUR_MS) / HOUR_MS;
  const of = (at: number) => flow.find((row) => row.hour === at && row.tier === tier)?.[column] ?? 0;
  return of(hour) + Math.round(of(hour - 1) * share);
}

/** Every clock hour of the last two days, those without any flow too, the one under way last. */
function flowByHour(flow: readonly FlowRow[], nowMs: number): TeamOverview['flow'] {
  const newest = Math.floor(nowMs / HOUR_MS);
  return Array.from({ length: FLOW_HOURS }, (_, index) => {
    const hour = newest - FLOW_HOURS + 1 + index;
    const rows = flow.filter((row) => row.hour === hour);
    return {
      hourMs: hour * HOUR_MS,
      received: rows.reduce((sum, row) => sum + row.received, 0),
      finished: rows.reduce((sum, row) => sum + row.finished, 0),
    };
  });
}

function namedConflicts(
  people: readonly Person[],
  duties: readonly Duty[],
  nowMs: number,
  policies: Policies,
): TeamOverview['restConflicts'] {
  const names = new Map(people.map((person) => [person.id, person.name]));
  return restConflicts(duties, [...names.keys()], nowMs, policies.country).map((conflict) => ({
    ...conflict,
    personName: names.get(conflict.personId) ?? conflict.personId,
  }));
}

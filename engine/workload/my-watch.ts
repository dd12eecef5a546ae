import { DISCLAIMER } from '../../shared/domain/strain/conditions.ts';
import type { Person } from '../../shared/model/people.ts';
import type { Policies, RetentionPolicy } from '../../shared/model/policy.ts';
import type { StrainCondition } from '../../shared/model/strain.ts';
import type { OutputOf } from '../handlers.ts';
import { bandAccessOf, storedBandOf } from '../store/bands.ts';
import { remarksOf } from '../store/own-remarks.ts';
import { pausedSince } from '../store/pauses.ts';
import { dutiesOf, listPeople } from '../store/people.ts';
import { holdingNow } from '../store/people-work.ts';
import type { Read } from '../store/store.ts';
import { viewsFor } from '../store/views.ts';
import { FOR_LEAD, fromMs } from './bands.ts';
import { mayLeadsSeeBands, readGate } from './gate.ts';
import { assignedTo, ownConditions } from './own-conditions.ts';

const DAY_MS = 86_400_000;
const ACCESS_SHOWN = 100;

export type MyWatch = OutputOf<'myWatch', 'get'>;
export type OwnData = OutputOf<'myWatch', 'ownData'>;

/** What a person sees of themself, computed as they look. Null when the person is not on the roster. */
export async function myWatch(db: Read, personId: string, nowMs: number, policies: Policies): Promise<MyWatch | null> {
  const own = await ownFacts(db, personId, nowMs, policies);
  if (own === null) return null;
  const visibleToLeads = mayLeadsSeeBands(await readGate(db), policies.country);
  const band = own.pausedSinceMs === null && visibleToLeads ? await storedBandOf(db, personId, FOR_LEAD) : null;
  return {
    asOfMs: nowMs,
    ...own,
    limit: own.person.itemLimit,
    duties: await dutiesOf(db, personId, nowMs - policies.strain.shortRest.windowDays * DAY_MS, nowMs + 14 * DAY_MS),
    accessLog: await bandAccessOf(db, personId, ACCESS_SHOWN),
    visibleToLeads,
    forLeads:
      band === null
        ? null
        : { band: band.band, driver: band.driver, action: band.action, fromMs: fromMs(band.sinceMs, policies) },
    remarks: await remarksOf(db, personId),
    keptDays: {
      remark: policies.retention.purged.own_remark.days,
      accessLog: policies.retention.purged.band_access.days,
    },
    disclaimer: DISCLAIMER,
  };
}

/** A copy of everything that is kept or derived about one person. Null when the person is not on the roster. */
export async function ownData(db: Read, personId: string, nowMs: number, policies: Policies): Promise<OwnData | null> {
  const own = await ownFacts(db, personId, nowMs, policies);
  if (own === null) return null;
  const band = await storedBandOf(db, personId, FOR_LEAD);
  return {
    asOfMs: nowMs,
    ...own,
    duties: await dutiesOf(db, personId, 0, Number.MAX_SAFE_INTEGER),
    band: band === null ? null : { band: band.band, driver: band.driver, action: band.action, sinceMs: band.sinceMs },
    remarks: await remarksOf(db, personId),
    accessLog: await bandAccessOf(db, personId),
    savedViews: (await viewsFor(db, personId)).filter((view) => view.ownerId === personId),
    retention: retentionInWords(policies.retention),
  };
}

interface OwnFacts {
  person: Person;
  pausedSinceMs: number | null;
  conditions: StrainCondition[];
  holding: number;
}

async function ownFacts(db: Read, personId: string, nowMs: number, policies: Policies): Promise<OwnFacts | null> {
  const people = await listPeople(db);
  const person = people.find((each) => each.id === personId);
  if (person === undefined) return null;
  const pausedSinceMs = (await pausedSince(db)).get(personId) ?? null;
  const assigned =
    pausedSinceMs === null ? ((await assignedTo(db, [person], nowMs, policies)).get(personId) ?? []) : null;
  return {
    person,
    pausedSinceMs,
    conditions: await ownConditions(db, person, people, assigned, nowMs, policies),
    holding: (await holdingNow(db)).get(personId) ?? 0,
  };
}

const UNTIL_WORDS: Record<RetentionPolicy['kept'][string]['until'], string> = {
  case_record: 'as long as the record of the cases; not part of this copy',
  ended_by_person: 'until you end it',
  live: 'no history, only what is so now',
};

/** How long each table is kept that names a person, in the words of the policy. */
function retentionInWords(policy: RetentionPolicy): OwnData['retention'] {
  return [
    ...Object.entries(policy.purged).map(([table, { days, why }]) => ({ table, kept: `${days} days`, why })),
    ...Object.entries(policy.kept).map(([table, { until, why }]) => ({ table, kept: UNTIL_WORDS[until], why })),
  ];
}

import { DISCLAIMER } from '../../shared/domain/strain/conditions.ts';
import type { Policies } from '../../shared/model/policy.ts';
import type { OutputOf } from '../handlers.ts';
import { bandAccessOf } from '../store/bands.ts';
import { dutiesOf, listPeople } from '../store/people.ts';
import { holdingNow } from '../store/people-work.ts';
import type { Read } from '../store/store.ts';
import { mayLeadsSeeBands, readGate } from './gate.ts';
import { assignedTo, ownConditions } from './own-conditions.ts';

const DAY_MS = 86_400_000;
const ACCESS_SHOWN = 100;

export type MyWatch = OutputOf<'myWatch', 'get'>;

/** What a person sees of themself, computed as they look. Null when the person is not on the roster. */
export async function myWatch(db: Read, personId: string, nowMs: number, policies: Policies): Promise<MyWatch | null> {
  const people = await listPeople(db);
  const person = people.find((each) => each.id === personId);
  if (person === undefined) return null;
  const assigned = (await assignedTo(db, [person], nowMs, policies)).get(personId) ?? [];
  const gate = await readGate(db);
  return {
    asOfMs: nowMs,
    person,
    conditions: await ownConditions(db, person, people, assigned, nowMs, policies),
    holding: (await holdingNow(db)).get(personId) ?? 0,
    limit: person.itemLimit,
    duties: await dutiesOf(db, personId, nowMs - policies.strain.shortRest.windowDays * DAY_MS, nowMs + 14 * DAY_MS),
    accessLog: await bandAccessOf(db, personId, ACCESS_SHOWN),
    visibleToLeads: mayLeadsSeeBands(gate, policies.country),
    disclaimer: DISCLAIMER,
  };
}

import { dutiesByPerson, dutyNow } from '../shared/domain/roster/on-duty.ts';
import type { Person } from '../shared/model/people.ts';
import { listDuties, listPeople, personById } from './store/people.ts';
import type { Store } from './store/store.ts';

type Reads = Pick<Store, 'read'>;

export async function isOnTeam(store: Reads, personId: string): Promise<boolean> {
  return (await store.read((db) => personById(db, personId)))?.isActive ?? false;
}

/**
 * Who sits down where saying it needs no proof: in the sample somebody of tier 1 whose shift it is, in a workspace of
 * one person that one. Null where people have to say it themselves.
 */
export async function personToStartWith(store: Reads, isSample: boolean, nowMs: number): Promise<Person | null> {
  const people = await store.read(listPeople);
  if (!isSample) return people.length === 1 ? (people[0] ?? null) : null;
  const frontline = people.filter((person) => person.tier === 'tier1');
  const duties = dutiesByPerson(await store.read((db) => listDuties(db, nowMs, nowMs + 1)));
  const isOnShift = (person: Person) => dutyNow(duties.get(person.id) ?? [], nowMs).onDutyUntilMs !== null;
  return frontline.find(isOnShift) ?? frontline[0] ?? null;
}

import { reachableIds } from '../../shared/domain/roster/on-duty.ts';
import type { RosterNow } from '../../shared/domain/routing/escalate.ts';
import { listDuties, listPeople } from '../store/people.ts';
import type { Read } from '../store/store.ts';

/** Who is on the roster, and who of them can be reached now. */
export async function rosterNow(db: Read, nowMs: number): Promise<RosterNow> {
  const people = await listPeople(db);
  return { people, onDutyIds: reachableIds(await listDuties(db, nowMs, nowMs + 1), nowMs) };
}

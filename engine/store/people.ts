import type { Duty, Person } from '../../shared/model/people.ts';
import type { Role, Tier } from '../../shared/model/vocabulary.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** Values of one statement stay far below what either database allows. */
const CHUNK = 100;

function personOf(row: Tables['person']): Person {
  return {
    id: row.id,
    name: row.name,
    initials: row.initials,
    tier: row.tier as Tier,
    roles: JSON.parse(row.roles_json) as Role[],
    skills: JSON.parse(row.skills_json) as string[],
    itemLimit: row.item_limit,
  };
}

/** Active people in roster order. There is no other order. */
export async function listPeople(db: Read): Promise<Person[]> {
  const rows = await db
    .selectFrom('person')
    .selectAll()
    .where('is_active', '=', 1)
    .orderBy('roster_order')
    .orderBy('id')
    .execute();
  return rows.map(personOf);
}

/** A person who left is found too, so that what they decided keeps its name. */
export async function personById(db: Read, id: string): Promise<(Person & { isActive: boolean }) | null> {
  const row = await db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : { ...personOf(row), isActive: row.is_active === 1 };
}

/** Names by id, of everybody who ever was on the roster. */
export async function personNames(db: Read): Promise<Map<string, string>> {
  const rows = await db.selectFrom('person').select(['id', 'name']).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Adds a person, or changes one who is there. Gives a place in the roster after everybody else when new. */
export async function savePerson(tx: Write, person: Person, rosterOrder: number): Promise<void> {
  const values = {
    name: person.name,
    initials: person.initials,
    tier: person.tier,
    roles_json: JSON.stringify(person.roles),
    skills_json: JSON.stringify(person.skills),
    item_limit: person.itemLimit,
    roster_order: rosterOrder,
    is_active: 1,
  };
  await tx
    .insertInto('person')
    .values({ id: person.id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .execute();
}

/** Makes `people` the roster, in their order. Who is missing stays known by name, but is no longer active. */
export async function replacePeople(tx: Write, people: readonly Person[]): Promise<void> {
  await tx.updateTable('person').set({ is_active: 0 }).execute();
  for (const [index, person] of people.entries()) await savePerson(tx, person, index);
}

function dutyOf(row: Omit<Tables['duty'], 'id'>): Duty {
  return {
    personId: row.person_id,
    startsAtMs: row.starts_at_ms,
    endsAtMs: row.ends_at_ms,
    kind: row.kind as Duty['kind'],
  };
}

/** The rota of everybody that touches [fromMs, toMs), in order of time. */
export async function listDuties(db: Read, fromMs: number, toMs: number): Promise<Duty[]> {
  const rows = await db
    .selectFrom('duty')
    .select(['person_id', 'starts_at_ms', 'ends_at_ms', 'kind'])
    .where('starts_at_ms', '<', toMs)
    .where('ends_at_ms', '>', fromMs)
    .orderBy('starts_at_ms')
    .orderBy('id')
    .execute();
  return rows.map(dutyOf);
}

/** One person's own rota that touches [fromMs, toMs). */
export async function dutiesOf(db: Read, personId: string, fromMs: number, toMs: number): Promise<Duty[]> {
  const rows = await db
    .selectFrom('duty')
    .select(['person_id', 'starts_at_ms', 'ends_at_ms', 'kind'])
    .where('person_id', '=', personId)
    .where('starts_at_ms', '<', toMs)
    .where('ends_at_ms', '>', fromMs)
    .orderBy('starts_at_ms')
    .orderBy('id')
    .execute();
  return rows.map(dutyOf);
}

/** Makes `duties` the rota from `fromMs` on. What began before stays: rest is counted back over it. */
export async function replaceDuties(tx: Write, duties: readonly Duty[], fromMs: number): Promise<void> {
  await tx.deleteFrom('duty').where('starts_at_ms', '>=', fromMs).execute();
  if (duties.length === 0) return;
  const firstId = await reserveIds(tx, 'duty', duties.length);
  const rows = duties.map((duty, index) => ({
    id: firstId + index,
    person_id: duty.personId,
    starts_at_ms: duty.startsAtMs,
    ends_at_ms: duty.endsAtMs,
    kind: duty.kind,
  }));
  for (let from = 0; from < rows.length; from += CHUNK) {
    await tx
      .insertInto('duty')
      .values(rows.slice(from, from + CHUNK))
      .execute();
  }
}

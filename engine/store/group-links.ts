import { insertRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type GroupLink = Tables['group_link'];

/** Kinds by which a group lives in another now. A split leaves both where they are. */
const MOVED = ['joined', 'folded'] as const;
const CHUNK = 500;

export function insertLinks(tx: Write, links: readonly GroupLink[]): Promise<void> {
  return insertRows(tx, 'group_link', links);
}

export async function deleteLinks(tx: Write, links: readonly GroupLink[]): Promise<void> {
  for (const { from_id, to_id, kind } of links) {
    await tx
      .deleteFrom('group_link')
      .where('from_id', '=', from_id)
      .where('to_id', '=', to_id)
      .where('kind', '=', kind)
      .execute();
  }
}

async function linksFrom(db: Read, ids: readonly number[]): Promise<GroupLink[]> {
  const links: GroupLink[] = [];
  for (let at = 0; at < ids.length; at += CHUNK) {
    const some = ids.slice(at, at + CHUNK);
    links.push(...(await db.selectFrom('group_link').selectAll().where('from_id', 'in', some).execute()));
  }
  return links;
}

/** Where each of these groups lives now; one that was never joined or folded is its own answer. */
export async function currentIds(db: Read, ids: readonly number[]): Promise<Map<number, number>> {
  const current = new Map(ids.map((id) => [id, id]));
  let open = [...new Set(ids)];
  while (open.length > 0) {
    const moved = new Map(
      (await linksFrom(db, open)).filter(({ kind }) => kind !== 'split').map((link) => [link.from_id, link.to_id]),
    );
    open = [...new Set(moved.values())];
    for (const [id, at] of current) current.set(id, moved.get(at) ?? at);
  }
  return current;
}

export async function currentId(db: Read, id: number): Promise<number> {
  return (await currentIds(db, [id])).get(id) ?? id;
}

/** Each of these groups with all that it was joined or folded into, one into the other. */
export async function livesIn(db: Read, ids: readonly number[]): Promise<Map<number, number[]>> {
  const chains = new Map(ids.map((id) => [id, [id]]));
  let open = [...new Set(ids)];
  const seen = new Set(open);
  while (open.length > 0) {
    const moved = new Map(
      (await linksFrom(db, open)).filter(({ kind }) => kind !== 'split').map((link) => [link.from_id, link.to_id]),
    );
    for (const chain of chains.values()) {
      const next = moved.get(chain.at(-1) ?? 0);
      if (next !== undefined && !chain.includes(next)) chain.push(next);
    }
    open = [...new Set(moved.values())].filter((id) => !seen.has(id));
    for (const id of open) seen.add(id);
  }
  return chains;
}

/** The group itself and all whose alerts are its alerts now. */
export async function homesOf(db: Read, id: number): Promise<number[]> {
  const homes = [id];
  let open = [id];
  while (open.length > 0) {
    const rows = await db
      .selectFrom('group_link')
      .select('from_id')
      .where('to_id', 'in', open)
      .where('kind', 'in', MOVED)
      .orderBy('from_id')
      .execute();
    open = rows.map((row) => row.from_id);
    homes.push(...open);
  }
  return homes;
}

/**
 * Groups in which the alerts that were found under these ids may lie by now. A split is followed both ways: rather one
 * group too many than one that is not found.
 */
export async function groupsToLookIn(db: Read, ids: readonly number[]): Promise<number[]> {
  const all = new Set(ids);
  let open = [...all];
  while (open.length > 0) {
    const next = (await linksFrom(db, open)).map((link) => link.to_id).filter((id) => !all.has(id));
    open = [...new Set(next)];
    for (const id of open) all.add(id);
  }
  return [...all];
}

export async function hasKeyLinks(db: Read): Promise<boolean> {
  const row = await db
    .selectFrom('group_link')
    .select('from_id')
    .where('key', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

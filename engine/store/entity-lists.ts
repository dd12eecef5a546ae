import type { Asset, Identity } from '../../shared/model/lists.ts';
import type { Criticality } from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** Rows of one statement: far below what either database allows. */
const CHUNK = 200;

export async function listAssets(db: Read): Promise<Asset[]> {
  const rows = await db.selectFrom('asset').selectAll().orderBy('key').orderBy('kind').execute();
  return rows.map((row) => ({
    key: row.key,
    kind: row.kind as Asset['kind'],
    criticality: row.criticality as Criticality | null,
    internetFacing: booleanOf(row.internet_facing),
    owner: row.owner,
    note: row.note,
  }));
}

export async function listIdentities(db: Read): Promise<Identity[]> {
  const rows = await db.selectFrom('identity').selectAll().orderBy('key').execute();
  return rows.map((row) => ({
    key: row.key,
    tier0: booleanOf(row.tier0),
    criticality: row.criticality as Criticality | null,
    owner: row.owner,
    note: row.note,
  }));
}

/** Lookup lists by name; the entries are what rules put in the place of `%name%`. */
export async function listLookups(db: Read): Promise<Map<string, string[]>> {
  const rows = await db.selectFrom('lookup').select(['list', 'key']).orderBy('list').orderBy('key').execute();
  const lists = new Map<string, string[]>();
  for (const row of rows) {
    const entries = lists.get(row.list) ?? [];
    entries.push(row.key);
    lists.set(row.list, entries);
  }
  return lists;
}

/** Replaces all assets. */
export async function replaceAssets(tx: Write, assets: readonly Asset[]): Promise<void> {
  await tx.deleteFrom('asset').execute();
  const rows = assets.map((asset) => ({
    key: asset.key,
    kind: asset.kind,
    criticality: asset.criticality,
    internet_facing: integerOf(asset.internetFacing),
    owner: asset.owner,
    note: asset.note,
  }));
  for (const chunk of chunksOf(rows)) await tx.insertInto('asset').values(chunk).execute();
}

/** Replaces all identities. */
export async function replaceIdentities(tx: Write, identities: readonly Identity[]): Promise<void> {
  await tx.deleteFrom('identity').execute();
  const rows = identities.map((identity) => ({
    key: identity.key,
    tier0: integerOf(identity.tier0),
    criticality: identity.criticality,
    owner: identity.owner,
    note: identity.note,
  }));
  for (const chunk of chunksOf(rows)) await tx.insertInto('identity').values(chunk).execute();
}

/** Replaces one lookup list. No entries: the list is gone. */
export async function replaceLookup(
  tx: Write,
  list: string,
  entries: readonly Pick<Tables['lookup'], 'key' | 'value'>[],
): Promise<void> {
  await tx.deleteFrom('lookup').where('list', '=', list).execute();
  const rows = entries.map((entry) => ({ list, ...entry }));
  for (const chunk of chunksOf(rows)) await tx.insertInto('lookup').values(chunk).execute();
}

function chunksOf<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / CHUNK) }, (_, at) => rows.slice(at * CHUNK, (at + 1) * CHUNK));
}

function booleanOf(value: number | null): boolean | null {
  return value === null ? null : value === 1;
}

function integerOf(value: boolean | null): number | null {
  return value === null ? null : value ? 1 : 0;
}

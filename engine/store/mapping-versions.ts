import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export type MappingVersion = Tables['mapping_version'];

/** Versions of one name that are kept after they went out of force: who tries out a mapping saves it many times. */
const EARLIER_KEPT = 20;

/** The mappings of the workspace that are in force, by the name of their file. */
export async function mappingsInForce(db: Read): Promise<MappingVersion[]> {
  return db.selectFrom('mapping_version').selectAll().where('until_ms', 'is', null).orderBy('file').execute();
}

/** Those that were in force before, the newest first. */
export async function earlierMappings(db: Read): Promise<MappingVersion[]> {
  return db
    .selectFrom('mapping_version')
    .selectAll()
    .where('until_ms', 'is not', null)
    .orderBy('until_ms', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** When a mapping was last added or changed; null when there is none. */
export async function newestMappingMs(db: Read): Promise<number | null> {
  const row = await db
    .selectFrom('mapping_version')
    .select((eb) => eb.fn.max('from_ms').as('atMs'))
    .where('until_ms', 'is', null)
    .executeTakeFirst();
  return row?.atMs ?? null;
}

/** Ends versions and begins others. One that was in force before comes back as the row that it was. */
export async function changeMappings(
  tx: Write,
  ended: readonly MappingVersion[],
  begun: readonly Pick<MappingVersion, 'name' | 'file' | 'digest' | 'text'>[],
  nowMs: number,
): Promise<void> {
  const endedIds = ended.map(({ id }) => id);
  if (endedIds.length > 0) {
    await tx.updateTable('mapping_version').set({ until_ms: nowMs }).where('id', 'in', endedIds).execute();
  }
  for (const { name, file, digest, text } of begun) {
    const back = await tx
      .updateTable('mapping_version')
      .set({ file, from_ms: nowMs, until_ms: null })
      .where('name', '=', name)
      .where('digest', '=', digest)
      .executeTakeFirst();
    if (back.numUpdatedRows > 0n) continue;
    const id = await reserveIds(tx, 'mapping_version', 1);
    await tx
      .insertInto('mapping_version')
      .values({ id, name, file, digest, text, from_ms: nowMs, until_ms: null })
      .execute();
  }
  for (const name of new Set(ended.map((version) => version.name))) {
    const old = await tx
      .selectFrom('mapping_version')
      .select('id')
      .where('name', '=', name)
      .where('until_ms', 'is not', null)
      .orderBy('until_ms', 'desc')
      .orderBy('id', 'desc')
      .offset(EARLIER_KEPT)
      .limit(1_000)
      .execute();
    const ids = old.map(({ id }) => id);
    if (ids.length > 0) await tx.deleteFrom('mapping_version').where('id', 'in', ids).execute();
  }
}

import type { Read, Write } from './store.ts';

/** Single facts of the workspace by name, such as whether automation is paused. */
export async function getMeta(db: Read, key: string): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

/** Null removes it. */
export async function setMeta(tx: Write, key: string, value: string | null): Promise<void> {
  if (value === null) {
    await tx.deleteFrom('meta').where('key', '=', key).execute();
    return;
  }
  await tx
    .insertInto('meta')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

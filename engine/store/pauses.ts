import type { Read, Write } from './store.ts';

/** Since when each person paused their indicators. Who did not is not in it. */
export async function pausedSince(db: Read): Promise<Map<string, number>> {
  const rows = await db.selectFrom('indicator_pause').selectAll().execute();
  return new Map(rows.map((row) => [row.person_id, row.since_ms]));
}

/** Pausing twice keeps the first time. */
export async function startPause(tx: Write, personId: string, atMs: number): Promise<void> {
  await tx
    .insertInto('indicator_pause')
    .values({ person_id: personId, since_ms: atMs })
    .onConflict((conflict) => conflict.column('person_id').doNothing())
    .execute();
}

export async function endPause(tx: Write, personId: string): Promise<void> {
  await tx.deleteFrom('indicator_pause').where('person_id', '=', personId).execute();
}

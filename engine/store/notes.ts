import type { Note } from '../../shared/model/queue.ts';
import { insertRows } from './bulk.ts';
import { reserveIds } from './ids.ts';
import type { Read, Write } from './store.ts';

/** One note for each group. */
export async function insertNotes(
  tx: Write,
  groupIds: readonly number[],
  note: { authorId: string; text: string; atMs: number; decisionSeq: number },
): Promise<Note[]> {
  if (groupIds.length === 0) return [];
  const firstId = await reserveIds(tx, 'note', groupIds.length);
  await insertRows(
    tx,
    'note',
    groupIds.map((groupId, i) => ({
      id: firstId + i,
      group_id: groupId,
      at_ms: note.atMs,
      author_id: note.authorId,
      text: note.text,
      decision_seq: note.decisionSeq,
      is_removed: 0,
    })),
  );
  return groupIds.map((_, i) => ({ id: firstId + i, atMs: note.atMs, authorId: note.authorId, text: note.text }));
}

/** Takes back, or gives back, the notes of one decision. Their text stays in the store. */
export async function setNotesRemoved(tx: Write, decisionSeq: number, isRemoved: boolean): Promise<void> {
  await tx
    .updateTable('note')
    .set({ is_removed: isRemoved ? 1 : 0 })
    .where('decision_seq', '=', decisionSeq)
    .execute();
}

/** Notes of these groups that stand, oldest first. */
export async function notesOf(db: Read, groupIds: readonly number[]): Promise<Note[]> {
  const rows = await db
    .selectFrom('note')
    .select(['id', 'at_ms', 'author_id', 'text'])
    .where('group_id', 'in', groupIds)
    .where('is_removed', '=', 0)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ id: row.id, atMs: row.at_ms, authorId: row.author_id, text: row.text }));
}

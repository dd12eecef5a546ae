import { insertRows } from './bulk.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export interface SubjectText {
  groupId: number;
  beforeJson: string;
  afterJson: string;
  versionAfter: number;
}

export function nextEntrySeq(tx: Write): Promise<number> {
  return reserveIds(tx, 'decision', 1);
}

/** Hash of the newest entry of a lane; null when it has none. */
export async function newestHash(db: Read, lane: string): Promise<string | null> {
  const row = await db
    .selectFrom('decision')
    .select('hash')
    .where('lane', '=', lane)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.hash ?? null;
}

export async function insertEntry(tx: Write, entry: Tables['decision']): Promise<void> {
  await tx.insertInto('decision').values(entry).execute();
}

export function insertSubjects(tx: Write, seq: number, subjects: readonly SubjectText[]): Promise<void> {
  return insertRows(
    tx,
    'decision_subject',
    subjects.map(({ groupId, beforeJson, afterJson, versionAfter }) => ({
      decision_seq: seq,
      group_id: groupId,
      before_json: beforeJson,
      after_json: afterJson,
      version_after: versionAfter,
    })),
  );
}

/** Entries of a lane after `seq`, oldest first. */
export function entriesAfter(db: Read, lane: string, seq: number, limit: number): Promise<Tables['decision'][]> {
  return db
    .selectFrom('decision')
    .selectAll()
    .where('lane', '=', lane)
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** The subjects of one entry, in the order of their ids. */
export async function subjectTexts(db: Read, seq: number): Promise<SubjectText[]> {
  const rows = await db
    .selectFrom('decision_subject')
    .selectAll()
    .where('decision_seq', '=', seq)
    .orderBy('group_id')
    .execute();
  return rows.map((row) => ({
    groupId: row.group_id,
    beforeJson: row.before_json,
    afterJson: row.after_json,
    versionAfter: row.version_after,
  }));
}

export async function entryBySeq(db: Read, seq: number): Promise<Tables['decision'] | null> {
  return (await db.selectFrom('decision').selectAll().where('seq', '=', seq).executeTakeFirst()) ?? null;
}

/** Says which later entry took this one back; null when that was taken back itself. */
export async function setUndoneBy(tx: Write, seq: number, undoneBy: number | null): Promise<void> {
  await tx.updateTable('decision').set({ undone_by: undoneBy }).where('seq', '=', seq).execute();
}

export interface GroupEntry {
  seq: number;
  atMs: number;
  actorKind: string;
  actorId: string;
  kind: string;
  summary: string;
  isUndone: boolean;
}

/** Decisions about any of these groups, each once, newest first. */
export async function entriesOfGroups(db: Read, groupIds: readonly number[], limit: number): Promise<GroupEntry[]> {
  const rows = await db
    .selectFrom('decision_subject as s')
    .innerJoin('decision as d', 'd.seq', 's.decision_seq')
    .select(['d.seq', 'd.at_ms', 'd.actor_kind', 'd.actor_id', 'd.kind', 'd.summary', 'd.undone_by'])
    .where('s.group_id', 'in', groupIds)
    .distinct()
    .orderBy('d.seq', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    seq: row.seq,
    atMs: row.at_ms,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    kind: row.kind,
    summary: row.summary,
    isUndone: row.undone_by !== null,
  }));
}

import type { AuditRow } from './audits.ts';
import { currentId } from './group-links.ts';
import type { Read, Write } from './store.ts';

/** The columns of an audit that a reading changes. */
export type AuditBefore = Pick<
  AuditRow,
  | 'state'
  | 'reader_id'
  | 'verdict'
  | 'second_reader_id'
  | 'second_verdict'
  | 'excluded_id'
  | 'outcome'
  | 'truth'
  | 'settled_seq'
>;

export interface AuditUndo {
  auditId: number;
  untilMs: number;
  before: AuditBefore;
}

/** Remembers how an audit stood before the reading that this decision wrote down, for as long as it may be taken back. */
export async function keepAuditUndo(tx: Write, decisionSeq: number, audit: AuditRow, untilMs: number): Promise<void> {
  const { state, reader_id, verdict, second_reader_id, second_verdict, excluded_id, outcome, truth, settled_seq } =
    audit;
  const before: AuditBefore = {
    state,
    reader_id,
    verdict,
    second_reader_id,
    second_verdict,
    excluded_id,
    outcome,
    truth,
    settled_seq,
  };
  const row = { decision_seq: decisionSeq, audit_id: audit.id, until_ms: untilMs, before_json: JSON.stringify(before) };
  // An earlier reading of the same audit can no longer be taken back: this one builds on it.
  await tx.deleteFrom('audit_undo').where('audit_id', '=', audit.id).execute();
  await tx.insertInto('audit_undo').values(row).execute();
}

export async function auditUndoOf(db: Read, decisionSeq: number): Promise<AuditUndo | null> {
  const row = await db.selectFrom('audit_undo').selectAll().where('decision_seq', '=', decisionSeq).executeTakeFirst();
  if (row === undefined) return null;
  return { auditId: row.audit_id, untilMs: row.until_ms, before: JSON.parse(row.before_json) as AuditBefore };
}

/**
 * The readings of a group, or of the one that it was joined to, by one person that could still be taken back, by the
 * number of their decision.
 */
export async function undoableReadings(db: Read, groupId: number, readerId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('audit_undo as u')
    .innerJoin('audit_item as a', 'a.id', 'u.audit_id')
    .select(['u.decision_seq', 'u.before_json'])
    .where('a.group_id', 'in', [groupId, await currentId(db, groupId)])
    .execute();
  return rows.flatMap(({ decision_seq, before_json }) => {
    const before = JSON.parse(before_json) as AuditBefore;
    const reader = before.state === 'second' ? before.second_reader_id : before.reader_id;
    return reader === readerId ? [decision_seq] : [];
  });
}

export async function dropAuditUndo(tx: Write, decisionSeq: number): Promise<void> {
  await tx.deleteFrom('audit_undo').where('decision_seq', '=', decisionSeq).execute();
}

/** Forgets what can no longer be taken back, and by that who read it. Answers how many there were. */
export async function forgetAuditUndos(tx: Write, nowMs: number): Promise<number> {
  const done = await tx.deleteFrom('audit_undo').where('until_ms', '<', nowMs).executeTakeFirst();
  return Number(done.numDeletedRows);
}

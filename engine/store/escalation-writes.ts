import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

type EscalationRow = Tables['escalation'];
export type NewEscalation = Omit<
  EscalationRow,
  'id' | 'status' | 'accepted_by' | 'answer' | 'answered_by' | 'answered_at_ms'
>;

export async function insertEscalation(tx: Write, escalation: NewEscalation): Promise<number> {
  const id = await reserveIds(tx, 'escalation', 1);
  await tx
    .insertInto('escalation')
    .values({
      ...escalation,
      id,
      status: 'open',
      accepted_by: null,
      answer: null,
      answered_by: null,
      answered_at_ms: null,
    })
    .execute();
  return id;
}

/** Closing an item answers what was asked about it. Gives how many questions that were. */
export async function answerByClosing(
  tx: Write,
  groupIds: ReadonlySet<number>,
  { answer, answeredBy, atMs }: { answer: string; answeredBy: string; atMs: number },
): Promise<number> {
  const open = await tx
    .selectFrom('escalation')
    .select(['id', 'group_id'])
    .where('status', 'in', ['open', 'accepted'])
    .execute();
  const ids = open.filter((row) => groupIds.has(row.group_id)).map((row) => row.id);
  for (const id of ids) {
    await tx
      .updateTable('escalation')
      .set({ status: 'answered', answer, answered_by: answeredBy, answered_at_ms: atMs })
      .where('id', '=', id)
      .execute();
  }
  return ids.length;
}

/** Opens again what a closing had answered: known by its group, its time and who closed. */
export async function openAnsweredByClosing(
  tx: Write,
  groupIds: ReadonlySet<number>,
  { answeredBy, atMs }: { answeredBy: string; atMs: number },
): Promise<void> {
  const answered = await tx
    .selectFrom('escalation')
    .select(['id', 'group_id', 'accepted_by'])
    .where('status', '=', 'answered')
    .where('answered_at_ms', '=', atMs)
    .where('answered_by', '=', answeredBy)
    .execute();
  for (const row of answered) {
    if (!groupIds.has(row.group_id)) continue;
    await tx
      .updateTable('escalation')
      .set({
        status: row.accepted_by === null ? 'open' : 'accepted',
        answer: null,
        answered_by: null,
        answered_at_ms: null,
      })
      .where('id', '=', row.id)
      .execute();
  }
}

/** Takes back, or asks again, the question of one decision. */
export async function setWithdrawn(tx: Write, decisionSeq: number, isWithdrawn: boolean): Promise<void> {
  await tx
    .updateTable('escalation')
    .set({ status: isWithdrawn ? 'withdrawn' : 'open' })
    .where('decision_seq', '=', decisionSeq)
    .where('status', '=', isWithdrawn ? 'open' : 'withdrawn')
    .execute();
}

/** Takes back that somebody took on what was asked about a group, or lets it be so again. */
export async function setAcceptedBy(tx: Write, groupId: number, personId: string, isAccepted: boolean): Promise<void> {
  let query = tx
    .updateTable('escalation')
    .set(isAccepted ? { status: 'accepted', accepted_by: personId } : { status: 'open', accepted_by: null })
    .where('group_id', '=', groupId)
    .where('status', '=', isAccepted ? 'open' : 'accepted');
  if (!isAccepted) query = query.where('accepted_by', '=', personId);
  await query.execute();
}

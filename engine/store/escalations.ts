import type { Escalation } from '../../shared/model/queue.ts';
import { severityOfRank, type Tier } from '../../shared/model/vocabulary.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** More open questions than this are no list to work through. */
const LIST_MAX = 500;

export interface EscalationFilter {
  state: 'open' | 'all';
  tier: Tier | null;
}

/** Questions between tiers: those still open by their deadline, then the others, newest first. */
export async function listEscalations(db: Read, filter: EscalationFilter): Promise<Escalation[]> {
  const open = await page(db, filter.tier, true);
  return filter.state === 'open' ? open : [...open, ...(await page(db, filter.tier, false))];
}

/** A question is over when it was answered or given back, or when its item was closed. */
async function page(db: Read, tier: Tier | null, isOpen: boolean): Promise<Escalation[]> {
  let query = db
    .selectFrom('escalation')
    .innerJoin('alert_group', 'alert_group.id', 'escalation.group_id')
    .selectAll('escalation')
    .select(['alert_group.title as group_title', 'alert_group.severity as group_severity'])
    .where((eb) => {
      const stillOpen = eb.and([
        eb('escalation.status', 'in', ['open', 'accepted']),
        eb('alert_group.is_open', '=', 1),
      ]);
      return isOpen ? stillOpen : eb.not(stillOpen);
    });
  if (tier !== null) query = query.where('escalation.to_tier', '=', tier);
  const ordered = isOpen
    ? query.orderBy((eb) => eb.fn.coalesce('escalation.due_at_ms', eb.lit(Number.MAX_SAFE_INTEGER)), 'asc')
    : query;
  const rows = await ordered
    .orderBy('escalation.id', isOpen ? 'asc' : 'desc')
    .limit(LIST_MAX)
    .execute();
  return rows.map(escalationOf);
}

/** The escalations of one group, oldest first. */
export async function escalationsOf(db: Read, groupId: number): Promise<Escalation[]> {
  const rows = await db
    .selectFrom('escalation')
    .innerJoin('alert_group', 'alert_group.id', 'escalation.group_id')
    .selectAll('escalation')
    .select(['alert_group.title as group_title', 'alert_group.severity as group_severity'])
    .where('escalation.group_id', '=', groupId)
    .orderBy('escalation.id')
    .execute();
  return rows.map(escalationOf);
}

function escalationOf(row: Tables['escalation'] & { group_title: string; group_severity: number }): Escalation {
  return {
    id: row.id,
    groupId: row.group_id,
    groupTitle: row.group_title,
    severity: severityOfRank(row.group_severity),
    fromTier: row.from_tier as Tier,
    toTier: row.to_tier as Tier,
    question: row.question,
    askedBy: row.asked_by,
    askedAtMs: row.asked_at_ms,
    dueAtMs: row.due_at_ms,
    status: row.status as Escalation['status'],
    acceptedBy: row.accepted_by,
    backupId: row.backup_id,
    answer: row.answer,
    answeredBy: row.answered_by,
    answeredAtMs: row.answered_at_ms,
  };
}

export interface EscalationWithGroup {
  escalation: Tables['escalation'];
  group: Tables['alert_group'];
}

/** One escalation and the group that it is about; null when there is none. */
export async function loadEscalation(tx: Write, id: number): Promise<EscalationWithGroup | null> {
  const escalation = await tx.selectFrom('escalation').selectAll().where('id', '=', id).executeTakeFirst();
  if (escalation === undefined) return null;
  const group = await tx
    .selectFrom('alert_group')
    .selectAll()
    .where('id', '=', escalation.group_id)
    .executeTakeFirstOrThrow();
  return { escalation, group };
}

export type EscalationChange = Partial<
  Pick<Tables['escalation'], 'status' | 'accepted_by' | 'answer' | 'answered_by' | 'answered_at_ms'>
>;

export async function changeEscalation(tx: Write, id: number, change: EscalationChange): Promise<void> {
  await tx.updateTable('escalation').set(change).where('id', '=', id).execute();
}

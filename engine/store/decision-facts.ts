import type { DecisionKind } from '../../shared/model/decision.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export interface LastDecision {
  kind: DecisionKind;
  actorKind: string;
  actorId: string;
  /** Null for a machine, and for people who are not on the roster. */
  personName: string | null;
}

/** Who decided on a group last; null when nobody did. */
export async function lastDecisionOn(db: Read, groupId: number): Promise<LastDecision | null> {
  const row = await db
    .selectFrom('decision_subject as s')
    .innerJoin('decision as d', 'd.seq', 's.decision_seq')
    .leftJoin('person as p', 'p.id', 'd.actor_id')
    .select(['d.kind', 'd.actor_kind', 'd.actor_id', 'p.name'])
    .where('s.group_id', '=', groupId)
    .where('s.before_json', '!=', '{}')
    .orderBy('s.decision_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    kind: row.kind as DecisionKind,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    personName: row.actor_kind === 'person' ? row.name : null,
  };
}

/** When somebody first took a group up after `sinceMs`, for handling time; null when nobody did. */
export async function takenUpAtMs(db: Read, groupId: number): Promise<number | null> {
  const rows = await db
    .selectFrom('decision_subject as s')
    .innerJoin('decision as d', 'd.seq', 's.decision_seq')
    .select(['d.kind', 'd.at_ms', 'd.undone_by'])
    .where('s.group_id', '=', groupId)
    .where('d.kind', 'in', ['group.acknowledge', 'group.take', 'group.reopen', 'escalation.accept'])
    .orderBy('s.decision_seq', 'desc')
    .limit(20)
    .execute();
  let takenUp: number | null = null;
  for (const row of rows) {
    if (row.undone_by !== null) continue;
    if (row.kind === 'group.reopen') break;
    takenUp = row.at_ms;
  }
  return takenUp;
}

/** One handling time of a class, without the person (the class is severity and product). */
export async function addHandlingSample(tx: Write, sample: Omit<Tables['handling_sample'], 'id'>): Promise<void> {
  const id = await reserveIds(tx, 'handling_sample', 1);
  await tx
    .insertInto('handling_sample')
    .values({ id, ...sample })
    .execute();
}

/** Samples of one class, day and length are alike, so any of them is taken back. */
export async function removeHandlingSample(tx: Write, sample: Omit<Tables['handling_sample'], 'id'>): Promise<void> {
  const row = await tx
    .selectFrom('handling_sample')
    .select('id')
    .where('class', '=', sample.class)
    .where('day', '=', sample.day)
    .where('minutes', '=', sample.minutes)
    .limit(1)
    .executeTakeFirst();
  if (row !== undefined) await tx.deleteFrom('handling_sample').where('id', '=', row.id).execute();
}

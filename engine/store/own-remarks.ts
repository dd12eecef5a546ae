import type { Duty } from '../../shared/model/people.ts';
import type { OwnRemark, RemarkKind } from '../../shared/model/strain.ts';
import { reserveIds } from './ids.ts';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

export interface NewRemark {
  personId: string;
  about: OwnRemark['about'];
  kind: RemarkKind;
  text: string;
  atMs: number;
  duty: OwnRemark['duty'];
}

/** A remark with whose it is. */
export type StoredRemark = OwnRemark & { personId: string };

function remarkOf(row: Tables['own_remark']): StoredRemark {
  const { duty_kind: kind, duty_starts_at_ms: startsAtMs, duty_ends_at_ms: endsAtMs } = row;
  return {
    id: row.id,
    personId: row.person_id,
    about: row.about as OwnRemark['about'],
    kind: row.kind as RemarkKind,
    text: row.text,
    atMs: row.at_ms,
    duty:
      kind === null || startsAtMs === null || endsAtMs === null
        ? null
        : { kind: kind as Duty['kind'], startsAtMs, endsAtMs },
    answer:
      row.answer === null
        ? null
        : { text: row.answer, byName: row.answered_by ?? '', atMs: row.answered_at_ms ?? row.at_ms },
  };
}

/** Writes it down and gives its id. */
export async function insertRemark(tx: Write, remark: NewRemark): Promise<number> {
  const id = await reserveIds(tx, 'own_remark', 1);
  await tx
    .insertInto('own_remark')
    .values({
      id,
      person_id: remark.personId,
      about: remark.about,
      kind: remark.kind,
      text: remark.text,
      at_ms: remark.atMs,
      duty_kind: remark.duty?.kind ?? null,
      duty_starts_at_ms: remark.duty?.startsAtMs ?? null,
      duty_ends_at_ms: remark.duty?.endsAtMs ?? null,
      answer: null,
      answered_by: null,
      answered_at_ms: null,
    })
    .execute();
  return id;
}

/** One person's own, oldest first. */
export async function remarksOf(db: Read, personId: string): Promise<OwnRemark[]> {
  const rows = await db.selectFrom('own_remark').selectAll().where('person_id', '=', personId).orderBy('id').execute();
  return rows.map((row) => {
    const { personId: _own, ...remark } = remarkOf(row);
    return remark;
  });
}

/** What people wrote about bands and conditions, oldest first. Rota requests are not among them. */
export async function remarksOnBands(db: Read): Promise<StoredRemark[]> {
  const rows = await db.selectFrom('own_remark').selectAll().where('about', '!=', 'duty').orderBy('id').execute();
  return rows.map(remarkOf);
}

/** Corrections of the rota that nobody has answered yet, oldest first. */
export async function openRotaRequests(db: Read): Promise<StoredRemark[]> {
  const rows = await db
    .selectFrom('own_remark')
    .selectAll()
    .where('about', '=', 'duty')
    .where('answered_at_ms', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(remarkOf);
}

/** Says what became of a correction that was asked for. False when it is not there, or answered already. */
export async function answerRequest(
  tx: Write,
  id: number,
  answer: { text: string; byName: string; atMs: number },
): Promise<boolean> {
  const result = await tx
    .updateTable('own_remark')
    .set({ answer: answer.text, answered_by: answer.byName, answered_at_ms: answer.atMs })
    .where('id', '=', id)
    .where('about', '=', 'duty')
    .where('answered_at_ms', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Deletes it for good. False when this person has none with the id. */
export async function deleteRemark(tx: Write, id: number, personId: string): Promise<boolean> {
  const result = await tx
    .deleteFrom('own_remark')
    .where('id', '=', id)
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

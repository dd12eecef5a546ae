import { hash } from 'node:crypto';
import { readOriginals } from '../originals.ts';
import type { Read } from '../store.ts';
import type { SearchTextOf } from './search.ts';
import { documentWords } from './tokens.ts';

/** How far an index has come: the last alert and the last revision in it. */
export interface IndexedUpTo {
  alertId: number;
  revisionSeq: number;
}

export interface SearchDocument {
  groupId: number;
  /** 52 bits over the words, to know a text that the group has already. */
  digest: number;
  words: string[];
}

export interface Unindexed {
  documents: SearchDocument[];
  alerts: number;
  upTo: IndexedUpTo;
}

/** Newest alert and revision of the store. */
export async function newest(db: Read): Promise<IndexedUpTo> {
  const rows = await db
    .selectFrom('counter')
    .select(['name', 'next'])
    .where('name', 'in', ['alert', 'alert_revision'])
    .execute();
  const last = (name: string) => (rows.find((row) => row.name === name)?.next ?? 1) - 1;
  return { alertId: last('alert'), revisionSeq: last('alert_revision') };
}

/** The next alerts that an index does not have: new ones first, then changed contents of known ones. */
export async function readUnindexed(
  db: Read,
  from: IndexedUpTo,
  limit: number,
  textOf: SearchTextOf,
): Promise<Unindexed> {
  const columns = ['id', 'group_id', 'format', 'block_id', 'slot'] as const;
  let alerts = await db
    .selectFrom('alert')
    .select([...columns])
    .where('id', '>', from.alertId)
    .orderBy('id')
    .limit(limit)
    .execute();
  let upTo: IndexedUpTo = { ...from, alertId: alerts.at(-1)?.id ?? from.alertId };
  if (alerts.length === 0) {
    const revised = await db
      .selectFrom('alert_revision')
      .select(['seq', 'alert_id'])
      .where('seq', '>', from.revisionSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    upTo = { ...from, revisionSeq: revised.at(-1)?.seq ?? from.revisionSeq };
    const ids = [...new Set(revised.map((row) => row.alert_id))];
    if (ids.length > 0)
      alerts = await db
        .selectFrom('alert')
        .select([...columns])
        .where('id', 'in', ids)
        .execute();
  }
  const originals = await readOriginals(
    db,
    alerts.map((alert) => ({ blockId: alert.block_id, slot: alert.slot })),
  );
  const documents = alerts.flatMap((alert, i): SearchDocument[] => {
    const original = originals[i];
    const text = original ? textOf(alert.format, original) : null;
    if (text === null) return [];
    const words = documentWords(text);
    return [{ groupId: alert.group_id, digest: digestOf(words), words }];
  });
  return { documents, alerts: alerts.length, upTo };
}

function digestOf(words: readonly string[]): number {
  const digest = hash('sha256', words.join(' '), 'buffer');
  return digest.readUIntBE(0, 6) * 16 + (digest.readUInt8(6) & 15);
}

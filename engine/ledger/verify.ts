import { isJsonObject, type Json } from '../../shared/model/json.ts';
import { entriesAfter, subjectTexts } from '../store/ledger.ts';
import type { Read } from '../store/store.ts';
import { digestOfSubjects, GENESIS_HASH, hashOfEntry } from './entry.ts';

const PAGE = 500;

export type Verification =
  | { kind: 'intact'; entries: number; head: string }
  | { kind: 'broken'; seq: number; reason: string };

/**
 * Walks a lane from its first entry: every hash must follow from its entry and the hash before it, and the stored
 * subjects must have the digest that the entry names. Answers the first place that does not hold.
 */
export async function verifyLane(db: Read, lane: string): Promise<Verification> {
  let head = GENESIS_HASH;
  let entries = 0;
  let after = 0;
  for (;;) {
    const page = await entriesAfter(db, lane, after, PAGE);
    for (const row of page) {
      if (row.prev_hash !== head) return broken(row.seq, 'It does not follow the entry before it.');
      const statement = parseStatement(row.statement_json);
      if (statement === undefined) return broken(row.seq, 'Its statement cannot be read.');
      const expected = hashOfEntry({
        lane: row.lane,
        seq: row.seq,
        actor: { kind: row.actor_kind, id: row.actor_id },
        kind: row.kind,
        statement,
        summary: row.summary,
        subjectCount: row.subject_count,
        subjectsDigest: row.subjects_digest,
        undoOf: row.undo_of,
        atMs: row.at_ms,
        prevHash: row.prev_hash,
      });
      if (expected !== row.hash) return broken(row.seq, 'Its content is not what was written.');
      const subjects = await subjectTexts(db, row.seq);
      if (row.kind !== 'automation.close' && digestOfSubjects(subjects) !== row.subjects_digest) {
        return broken(row.seq, 'The state of its subjects is not what was written.');
      }
      head = row.hash;
      after = row.seq;
      entries += 1;
    }
    if (page.length < PAGE) return { kind: 'intact', entries, head };
  }
}

function broken(seq: number, reason: string): Verification {
  return { kind: 'broken', seq, reason };
}

function parseStatement(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value === null || isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

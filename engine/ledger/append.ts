import type { DecisionKind, Statement } from '../../shared/model/decision.ts';
import type { Actor, DecisionEntry } from '../handlers.ts';
import { insertEntry, insertSubjects, newestHash, nextEntrySeq } from '../store/ledger.ts';
import type { Write } from '../store/store.ts';
import { canonicalJson } from './canonical.ts';
import { digestOfIds, digestOfSubjects, GENESIS_HASH, hashOfEntry } from './entry.ts';

/** One lane for each writer process; there is one writer at a time, so one lane. */
export const LANE = 'main';

export interface EntryHead {
  kind: DecisionKind;
  statement: Statement | null;
  summary: string;
  undoOf?: number | null;
}

/**
 * Appends the decision of one command with the state of each subject before and after, and gives its number.
 * Must run inside the transaction that changes the subjects.
 */
export async function appendDecision(tx: Write, actor: Actor, entry: DecisionEntry, atMs: number): Promise<number> {
  const texts = entry.subjects.map(({ groupId, before, after, versionAfter }) => ({
    groupId,
    beforeJson: JSON.stringify(before),
    afterJson: JSON.stringify(after),
    versionAfter,
  }));
  const seq = await appendEntry(tx, actor, entry, atMs, texts.length, digestOfSubjects(texts));
  await insertSubjects(tx, seq, texts);
  return seq;
}

/**
 * Appends one entry for what a rule version closed in one transaction. The groups are named by a digest only:
 * one entry for each alert would cost more than the closing.
 */
export function appendAutomationEntry(
  tx: Write,
  rule: { id: string; version: number },
  groupIds: readonly number[],
  summary: string,
  atMs: number,
): Promise<number> {
  const head: EntryHead = { kind: 'automation.close', statement: null, summary };
  return appendEntry(tx, { kind: 'rule', ...rule }, head, atMs, groupIds.length, digestOfIds(groupIds));
}

async function appendEntry(
  tx: Write,
  actor: Actor,
  head: EntryHead,
  atMs: number,
  subjectCount: number,
  subjectsDigest: string,
): Promise<number> {
  const seq = await nextEntrySeq(tx);
  const prevHash = (await newestHash(tx, LANE)) ?? GENESIS_HASH;
  const statementJson = canonicalJson(head.statement);
  const undoOf = head.undoOf ?? null;
  // A rule's version stands in its id: which version acted must be part of what is hashed.
  const actorId = actor.kind === 'rule' ? `${actor.id}@${actor.version}` : actor.id;
  const hash = hashOfEntry({
    lane: LANE,
    seq,
    actor: { kind: actor.kind, id: actorId },
    kind: head.kind,
    statement: head.statement,
    summary: head.summary,
    subjectCount,
    subjectsDigest,
    undoOf,
    atMs,
    prevHash,
  });
  await insertEntry(tx, {
    seq,
    lane: LANE,
    at_ms: atMs,
    actor_kind: actor.kind,
    actor_id: actorId,
    kind: head.kind,
    statement_json: statementJson,
    summary: head.summary,
    subject_count: subjectCount,
    subjects_digest: subjectsDigest,
    prev_hash: prevHash,
    hash,
    undo_of: undoOf,
    undone_by: null,
  });
  return seq;
}

import { createHash } from 'node:crypto';
import type { Json } from '../../shared/model/json.ts';
import { canonicalJson, sha256Hex } from './canonical.ts';

/** `prev_hash` of the first entry of a lane. */
export const GENESIS_HASH = '0'.repeat(64);

/** What the hash of an entry covers. */
export interface HashedEntry {
  lane: string;
  seq: number;
  actor: { kind: string; id: string };
  kind: string;
  /** The statement as its JSON text; null where a machine decided. */
  statement: Json;
  summary: string;
  subjectCount: number;
  /** Covers each subject with its state before and after. */
  subjectsDigest: string;
  undoOf: number | null;
  atMs: number;
  prevHash: string;
}

export interface SubjectTexts {
  groupId: number;
  beforeJson: string;
  afterJson: string;
}

/** SHA-256 over the canonical JSON of the entry, which names the hash before it: a chain. */
export function hashOfEntry(entry: HashedEntry): string {
  return sha256Hex(canonicalJson(entry));
}

/** One digest over all subjects, in the order of their ids, with their state before and after. */
export function digestOfSubjects(subjects: readonly SubjectTexts[]): string {
  const digest = createHash('sha256');
  for (const { groupId, beforeJson, afterJson } of [...subjects].sort((a, b) => a.groupId - b.groupId)) {
    digest.update(`${groupId}\n${beforeJson}\n${afterJson}\n`);
  }
  return digest.digest('hex');
}

/** Digest of a set of ids that have no state of their own in the entry, such as closures by a rule. */
export function digestOfIds(ids: readonly number[]): string {
  return sha256Hex([...ids].sort((a, b) => a - b).join('\n'));
}

import type { DecisionKind, Statement } from '../../shared/model/decision.ts';

export interface StatementDraft {
  kind: DecisionKind;
  /** Groups that the decision names, as they were seen; leave out for a decision over everything that matches. */
  subjects?: readonly { id: number; version: number }[];
  /** Digest of the prepared set, when the decision names no groups one by one. */
  subjectsDigest?: string | null;
  reason?: string | null;
}

/** What this person says they decide, with an id that makes asking twice the same as asking once. Signed once keys exist. */
export function makeStatement({ kind, subjects, subjectsDigest = null, reason = null }: StatementDraft): Statement {
  return {
    commandId: crypto.randomUUID(),
    kind,
    subjects: subjects === undefined ? null : subjects.map(({ id }) => id),
    subjectsDigest,
    basedOn: subjects === undefined ? [] : subjects.map(({ version }) => version),
    reason,
    claimedAtMs: Date.now(),
  };
}

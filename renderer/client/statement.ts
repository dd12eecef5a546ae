import type { DecisionKind, Statement } from '../../shared/model/decision.ts';

export interface StatementDraft {
  kind: DecisionKind;
  /** Groups that the decision names, as they were seen; leave out for a decision over everything that matches. */
  subjects?: readonly { id: number; version: number; count?: number }[];
  /** Says how many alerts of each were seen. */
  withCounts?: boolean;
  /** Digest of the prepared set, when the decision names no groups one by one. */
  subjectsDigest?: string | null;
  reason?: string | null;
}

/** What this person says they decide, with an id that makes asking twice the same as asking once. Signed once keys exist. */
export function makeStatement({
  kind,
  subjects,
  subjectsDigest = null,
  reason = null,
  withCounts = false,
}: StatementDraft): Statement {
  const counts = subjects?.flatMap(({ count }) => count ?? []) ?? [];
  return {
    commandId: crypto.randomUUID(),
    kind,
    subjects: subjects === undefined ? null : subjects.map(({ id }) => id),
    subjectsDigest,
    basedOn: subjects === undefined ? [] : subjects.map(({ version }) => version),
    ...(withCounts ? { basedOnCounts: counts } : {}),
    reason,
    claimedAtMs: Date.now(),
  };
}

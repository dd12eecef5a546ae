import type { DecisionKind, Statement } from '../../shared/model/decision.ts';

/**
 * What the person at this screen says they decide. Made for every command; signed once keys exist.
 * `subjects` and `versions` go together, in the same order; for a decision over everything that matches, they
 * are left out and `digest` names the prepared set.
 */
export function makeStatement(
  kind: DecisionKind,
  about: { subjects?: readonly number[]; versions?: readonly number[]; digest?: string; reason?: string } = {},
): Statement {
  return {
    commandId: crypto.randomUUID(),
    kind,
    subjects: about.digest === undefined ? [...(about.subjects ?? [])] : null,
    subjectsDigest: about.digest ?? null,
    basedOn: [...(about.versions ?? [])],
    reason: about.reason ?? null,
    claimedAtMs: Date.now(),
  };
}

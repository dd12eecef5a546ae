import type { AssurancePolicy } from './assurance-policy.ts';
import { stratifiedUpper } from './confidence-sequence.ts';
import { correctForReaders } from './label-noise.ts';
import { type ClosuresByStratum, closedIn, type RuleEvidence, strataOf, totalOf } from './rule-evidence.ts';

/** A tag of this form declares the family of a rule. Declaring another one is a new version, and begins anew. */
const FAMILY_TAG = /^family[.:](?<name>.+)$/;

export interface FamilyMember {
  ruleId: string;
  evidence: RuleEvidence;
  closures: ClosuresByStratum;
}

export function familyOf(tags: readonly string[]): string | null {
  for (const tag of tags) {
    const name = FAMILY_TAG.exec(tag)?.groups?.name;
    if (name !== undefined) return name;
  }
  return null;
}

/**
 * The bound on the false-close rate of all closures of a declared family together. It says nothing of one rule, so a rule
 * may lean on it only with clean audits of its own.
 */
export function familyBound(members: readonly FamilyMember[], sensitivity: number, delta: number): number {
  const all = members.reduce((sum, { evidence, closures }) => sum + closedIn(evidence, closures), 0);
  if (all === 0) return 1;
  const strata = members.flatMap(({ evidence, closures }) => strataOf(evidence, closures, all));
  return correctForReaders(stratifiedUpper(strata, delta), sensitivity);
}

/** Why a rule may not lean on its family yet; null when it may. */
export function cannotLean(evidence: RuleEvidence, policy: Pick<AssurancePolicy, 'pooling'>): string | null {
  const { audited, misses } = totalOf(evidence);
  if (misses > 0) return 'it has a miss of its own, so the evidence of its family does not speak for it';
  const missing = policy.pooling.ownAuditsMin - audited;
  return missing > 0 ? `${missing} more clean audits of its own are needed before it may lean on its family` : null;
}

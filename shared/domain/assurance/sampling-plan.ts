import type { Severity } from '../../model/vocabulary.ts';
import type { AssurancePolicy } from './assurance-policy.ts';
import { drawAt } from './draw.ts';

/** Where among a rule's closures one lies. They are sampled at rates of their own. */
export const STRATA = ['usual', 'near', 'novel'] as const;
export type Stratum = (typeof STRATA)[number];

export interface ClosureFacts {
  severity: Severity;
  hasCves: boolean;
  /** Whether this rule never before closed something of this source rule on this entity. */
  isFirstOfItsKind: boolean;
}

/**
 * The stratum of a closure: what lies one step from what guards hold back is near, high severity always, also when it is
 * new to the rule; other things new to the rule are novel. All of one stratum is drawn at one rate.
 */
export function stratumOf({ severity, hasCves, isFirstOfItsKind }: ClosureFacts): Stratum {
  if (severity === 'high' || severity === 'unknown') return 'near';
  if (isFirstOfItsKind) return 'novel';
  return hasCves ? 'near' : 'usual';
}

export interface DrawnClosure {
  isDrawn: boolean;
  stratum: Stratum;
  /** The probability with which a closure like this one was drawn, for estimates that weigh by it. */
  probability: number;
}

type RatePolicy = Pick<AssurancePolicy, 'oversample' | 'auditShareNear'>;

/**
 * The rate in a stratum, from the rate of usual closures. Of what is near, where all high severity lies, a tenth is
 * drawn however short the budget is.
 */
export function rateIn(stratum: Stratum, usualRate: number, policy: RatePolicy): number {
  const rate = stratum === 'usual' ? usualRate : usualRate * policy.oversample;
  return Math.min(1, Math.max(stratum === 'near' ? policy.auditShareNear : 0, rate));
}

/**
 * Whether a closure is audited: the same answer whenever it is asked with the same seed, so that a killed process and a
 * second tick draw the same sample. The seed is secret to the store; nobody can steer what is looked at.
 */
export function drawClosure(
  seed: string,
  closure: { ruleId: string; closureId: number; stratum: Stratum },
  usualRate: number,
  policy: RatePolicy,
): DrawnClosure {
  const { ruleId, closureId, stratum } = closure;
  const probability = rateIn(stratum, usualRate, policy);
  return { isDrawn: drawAt(seed, `${ruleId}/${closureId}`) < probability, stratum, probability };
}

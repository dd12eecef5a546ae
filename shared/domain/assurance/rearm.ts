import type { AssurancePolicy } from './assurance-policy.ts';
import type { AuditCounts } from './confidence-sequence.ts';
import type { Trigger } from './verdict.ts';

export interface RearmRequest {
  by: { kind: 'person' | 'rule' | 'system'; id: string };
  /** Of the rule, so that nobody re-arms what is their own. */
  ownerId: string;
  reason: string;
  trigger: Trigger;
  /** Whether the text of the rule is another than the one that was stopped. */
  isNewVersion: boolean;
  /** What people decided, blind to it, on alerts that it would have closed since it was stopped. */
  fresh: AuditCounts;
}

export type RearmAnswer =
  | { kind: 'rearmed'; state: 'provisional'; why: string }
  | { kind: 'refused'; reasons: string[] };

/**
 * Whether a stopped rule may close again. A named person other than its owner says why, on evidence from after the stop.
 * It comes back on trial and starts from nothing: what was shown before the stop shows nothing of after it.
 */
export function rearm(request: RearmRequest, policy: Pick<AssurancePolicy, 'rearm'>): RearmAnswer {
  const { by, ownerId, reason, trigger, isNewVersion, fresh } = request;
  const reasons: string[] = [];
  if (by.kind !== 'person') reasons.push('Only a person re-arms a rule.');
  else if (by.id === ownerId) reasons.push('Its owner cannot re-arm it; a second person must.');
  if (reason.trim() === '') reasons.push('Say why it is safe again.');
  if (trigger === 'canary' && !isNewVersion) {
    reasons.push('The same text would close the planted true positive again. Change the rule first.');
  }
  const missing = policy.rearm.freshReadingsMin - fresh.audited;
  if (missing > 0) reasons.push(`${missing} more decisions by people on what it would have closed are needed.`);
  if (fresh.misses > 0) {
    reasons.push(`People found ${fresh.misses} true positives among what it would have closed since. Narrow it first.`);
  }
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const why = `People decided ${fresh.audited} alerts that it would have closed since it was stopped, none of them a true positive.`;
  return { kind: 'rearmed', state: 'provisional', why };
}

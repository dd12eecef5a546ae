import { clopperPearsonUpper } from './clopper-pearson.ts';

/** Under which a planted alert is known when it comes in. */
export function canaryKey(product: string, stableId: string): string {
  return `${product}\u0000${stableId}`;
}

/** What the rules do with a planted true positive. */
export interface CanaryOutcome {
  /** The rule that would have closed it; null when it reached people. */
  closingRuleId: string | null;
}

export interface CanaryReading {
  shown: number;
  closed: number;
  /** With 95 % confidence, at one look, at most this share of such alerts is closed: 59 clean show 5 %, 299 show 1 %. */
  closedAtMost: number;
  /** Rules that would have closed one. One is enough to suspend. */
  suspends: string[];
}

export function readCanaries(outcomes: readonly CanaryOutcome[]): CanaryReading {
  const closing = outcomes.flatMap(({ closingRuleId }) => (closingRuleId === null ? [] : [closingRuleId]));
  return {
    shown: outcomes.length,
    closed: closing.length,
    closedAtMost: clopperPearsonUpper(closing.length, outcomes.length),
    suspends: [...new Set(closing)].sort(),
  };
}

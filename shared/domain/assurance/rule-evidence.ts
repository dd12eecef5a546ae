import type { AssurancePolicy } from './assurance-policy.ts';
import { cusumAfter } from './bernoulli-cusum.ts';
import { type AuditCounts, type StratumCounts, stratifiedUpper } from './confidence-sequence.ts';
import { correctForReaders } from './label-noise.ts';
import { STRATA, type Stratum } from './sampling-plan.ts';
import { logRatioStep, readSprt, type SprtReading } from './sprt.ts';

/** One reading of one closure of a rule. */
export interface AuditReading {
  stratum: Stratum;
  isMiss: boolean;
  /** A miss at high or critical severity. */
  isSevere: boolean;
}

/** What all readings since the rule's regime began came to. A new version, a re-arming begin a new one. */
export interface RuleEvidence {
  byStratum: Readonly<Record<Stratum, AuditCounts>>;
  severeMisses: number;
  cusum: number;
  /** Stands still once the sequential test decided. */
  sprt: number;
}

export type SequentialPolicy = Pick<AssurancePolicy, 'sprt' | 'cusumAlarmAt'>;

const NONE: AuditCounts = { audited: 0, misses: 0 };
export const NO_EVIDENCE: RuleEvidence = {
  byStratum: { usual: NONE, near: NONE, novel: NONE },
  severeMisses: 0,
  cusum: 0,
  sprt: 0,
};

/** The evidence after one more reading. Order matters to the CUSUM: readings come in the order in which they were made. */
export function afterReading(
  evidence: RuleEvidence,
  { stratum, isMiss, isSevere }: AuditReading,
  policy: SequentialPolicy,
): RuleEvidence {
  const step = logRatioStep(isMiss, policy.sprt);
  const before = evidence.byStratum[stratum];
  const counts = { audited: before.audited + 1, misses: before.misses + (isMiss ? 1 : 0) };
  const isDecided = readSprt(evidence.sprt, policy.sprt).verdict !== 'continue';
  return {
    byStratum: { ...evidence.byStratum, [stratum]: counts },
    severeMisses: evidence.severeMisses + (isMiss && isSevere ? 1 : 0),
    cusum: cusumAfter(evidence.cusum, isMiss, policy.sprt),
    sprt: isDecided ? evidence.sprt : evidence.sprt + step,
  };
}

export function evidenceOf(readings: readonly AuditReading[], policy: SequentialPolicy): RuleEvidence {
  return readings.reduce((evidence, reading) => afterReading(evidence, reading, policy), NO_EVIDENCE);
}

export function totalOf({ byStratum }: Pick<RuleEvidence, 'byStratum'>): AuditCounts {
  return STRATA.reduce(
    (sum, stratum) => ({
      audited: sum.audited + byStratum[stratum].audited,
      misses: sum.misses + byStratum[stratum].misses,
    }),
    NONE,
  );
}

export function sprtOf(evidence: RuleEvidence, policy: SequentialPolicy): SprtReading {
  return readSprt(evidence.sprt, policy.sprt);
}

/** Closures of a rule by stratum, all of them: the weights of its strata are known, not estimated. */
export type ClosuresByStratum = Readonly<Record<Stratum, number>>;

/** The strata of one rule with their share in `all` closures; those that never occurred fall out. */
export function strataOf(evidence: RuleEvidence, closures: ClosuresByStratum, all: number): StratumCounts[] {
  return STRATA.flatMap((stratum) => {
    const counts = evidence.byStratum[stratum];
    // A closure that is counted late must not let its audit fall out.
    const closed = Math.max(closures[stratum], counts.audited);
    return closed === 0 ? [] : [{ ...counts, weight: closed / all }];
  });
}

export function closedIn(evidence: RuleEvidence, closures: ClosuresByStratum): number {
  return STRATA.reduce((sum, each) => sum + Math.max(closures[each], evidence.byStratum[each].audited), 0);
}

/** The bound on a rule's false-close rate: anytime-valid over its strata, then corrected for what auditors overlook. */
export function boundOf(
  evidence: RuleEvidence,
  closures: ClosuresByStratum,
  sensitivity: number,
  delta: number,
): number {
  const all = closedIn(evidence, closures);
  if (all === 0) return 1;
  return correctForReaders(stratifiedUpper(strataOf(evidence, closures, all), delta), sensitivity);
}

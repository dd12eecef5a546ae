import { type AssurancePolicy, DEFAULT_ASSURANCE_POLICY } from '../../shared/domain/assurance/assurance-policy.ts';
import { showsAtMost } from '../../shared/domain/assurance/confidence-sequence.ts';
import { afterReading, NO_EVIDENCE, type RuleEvidence } from '../../shared/domain/assurance/rule-evidence.ts';
import { type AssuranceState, stopOf, type VerdictInput, verdictOf } from '../../shared/domain/assurance/verdict.ts';
import type { SeededRandom } from '../sample/random.ts';

const POLICY: AssurancePolicy = DEFAULT_ASSURANCE_POLICY;
const CLEAN_READING = { stratum: 'usual', isMiss: false, isSevere: false } as const;
const MISSED_READING = { stratum: 'usual', isMiss: true, isSevere: false } as const;

function inputOf(state: AssuranceState, evidence: RuleEvidence, sensitivity: number): VerdictInput {
  return {
    state,
    evidence,
    closures: { usual: evidence.byStratum.usual.audited, near: 0, novel: 0 },
    maxFalseCloseRate: POLICY.maxFalseCloseRateLow,
    sensitivity,
    canaries: { shown: 0, closed: 0 },
    driftSinceMs: null,
    family: [],
    nowMs: 0,
  };
}

function evidenceFrom(audited: number, misses: number): RuleEvidence {
  return { ...NO_EVIDENCE, byStratum: { ...NO_EVIDENCE.byStratum, usual: { audited, misses } } };
}

/**
 * Whether a rule is ever certified within `audits` readings when somebody looks after each of them. The sequential stops
 * are left out, so that nothing but the bound stands between it and a certificate. `readings` says of each closure
 * whether the auditor called it a miss. Every certificate is given by the verdict itself.
 */
export function isEverCertified(readings: () => boolean, audits: number, sensitivity: number): boolean {
  const rate = POLICY.maxFalseCloseRateLow * sensitivity;
  let misses = 0;
  for (let audited = 1; audited <= audits; audited += 1) {
    if (readings()) misses += 1;
    if (!showsAtMost({ audited, misses }, rate, POLICY.delta)) continue;
    const { state } = verdictOf(inputOf('provisional', evidenceFrom(audited, misses), sensitivity), POLICY);
    if (state === 'certified') return true;
  }
  return false;
}

/**
 * The share of runs in which a rule that closes falsely just as often as is not allowed any more gets a certificate,
 * with auditors who overlook some of its misses.
 */
export function wrongCertificates(
  random: SeededRandom,
  { runs, audits, sensitivity }: { runs: number; audits: number; sensitivity: number },
): number {
  const seen = POLICY.maxFalseCloseRateLow * sensitivity;
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) {
    if (isEverCertified(() => random.next() < seen, audits, sensitivity)) wrong += 1;
  }
  return wrong / runs;
}

/** Audits until a certified rule that begins to close falsely at this rate is suspended; the mean over runs. */
export function meanAuditsToSuspend(random: SeededRandom, rate: number, runs: number): number {
  let sum = 0;
  for (let run = 0; run < runs; run += 1) sum += auditsToSuspend(random, rate);
  return sum / runs;
}

function auditsToSuspend(random: SeededRandom, rate: number): number {
  let evidence = NO_EVIDENCE;
  for (let audits = 1; ; audits += 1) {
    const isMiss = random.next() < rate;
    evidence = afterReading(evidence, isMiss ? MISSED_READING : CLEAN_READING, POLICY);
    // Only a miss can stop a rule.
    if (isMiss && stopOf(inputOf('certified', evidence, 1), POLICY)?.state === 'suspended') return audits;
  }
}

export interface LabelledDesk {
  rules: number;
  closuresPerRule: number;
  /** Decisions by people beside what the rules close. */
  byPeople: number;
  falseCloseRate: number;
  /** Share of true positives among what people decide. */
  prevalence: number;
}

/**
 * How many rules of a desk are certified, by their true labels and after all labels of the desk were shuffled among all
 * its decisions. What is certified by shuffled labels was certified by nothing.
 */
export function certifiedRules(random: SeededRandom, desk: LabelledDesk): { trueLabels: number; shuffled: number } {
  const closed = desk.rules * desk.closuresPerRule;
  const labels = new Uint8Array(closed + desk.byPeople);
  for (let at = 0; at < labels.length; at += 1) {
    labels[at] = random.chance(at < closed ? desk.falseCloseRate : desk.prevalence) ? 1 : 0;
  }
  const count = (): number => {
    let certified = 0;
    for (let rule = 0; rule < desk.rules; rule += 1) {
      let at = rule * desk.closuresPerRule;
      const next = () => {
        const isMiss = labels[at] === 1;
        at += 1;
        return isMiss;
      };
      if (isEverCertified(next, desk.closuresPerRule, 1)) certified += 1;
    }
    return certified;
  };
  const trueLabels = count();
  for (let at = labels.length - 1; at > 0; at -= 1) {
    const other = random.int(0, at);
    const label = labels[at] ?? 0;
    labels[at] = labels[other] ?? 0;
    labels[other] = label;
  }
  return { trueLabels, shuffled: count() };
}

import type { AssurancePolicy } from './assurance-policy.ts';
import { auditsToShowAnytime } from './confidence-sequence.ts';
import { cannotLean, type FamilyMember, familyBound } from './family.ts';
import { boundOf, type ClosuresByStratum, type RuleEvidence, sprtOf, totalOf } from './rule-evidence.ts';
import { percent } from './say-rate.ts';

/** Where assurance holds a rule: `shadow` and `suspended` close nothing. */
export type AssuranceState = 'provisional' | 'certified' | 'shadow' | 'suspended';

/** What ended a rule's right to close. */
export const TRIGGERS = ['canary', 'severe_miss', 'cusum', 'sprt', 'bound', 'drift'] as const;
export type Trigger = (typeof TRIGGERS)[number];

export interface VerdictInput {
  state: AssuranceState;
  evidence: RuleEvidence;
  closures: ClosuresByStratum;
  /** The largest false-close rate that it may have. */
  maxFalseCloseRate: number;
  /** The share of true positives that auditors see. */
  sensitivity: number;
  canaries: { shown: number; closed: number };
  /** Since when what it closes has another make-up than before; null when quiet. */
  driftSinceMs: number | null;
  /** All rules of its declared family, itself among them; empty without one. */
  family: readonly FamilyMember[];
  nowMs: number;
}

export interface Verdict {
  state: AssuranceState;
  /** The upper bound on its false-close rate that counts. */
  bound: number;
  boundBy: 'own' | 'family';
  reasons: string[];
  /** What stands between it and a certificate. */
  missing: string[];
  /** Why it may not close any more, when that changed now. */
  trigger: Trigger | null;
  /** Whether its recent closures go back to people. */
  reopens: boolean;
}

const DAY_MS = 86_400_000;

/**
 * What a rule may do, from the evidence of its present regime. Default-deny: it keeps closing only while nothing speaks
 * against it, and once stopped it stays so until a person re-arms it. Deterministic and total.
 */
export function verdictOf(input: VerdictInput, policy: AssurancePolicy): Verdict {
  const stop = stopOf(input, policy);
  if (stop !== null) {
    const bound = boundOf(input.evidence, input.closures, input.sensitivity, policy.delta);
    return { ...stop, bound, boundBy: 'own', missing: ['A person has to re-arm it, with fresh evidence.'] };
  }
  const { bound, boundBy, note } = bestBound(input, policy);
  const { maxFalseCloseRate } = input;
  const { audited, misses } = totalOf(input.evidence);
  const found =
    audited === 0
      ? 'Nothing was audited yet'
      : `${misses} of ${audited} audited closures were misses, so at most ${percent(bound)} are`;
  const by = boundBy === 'family' ? ' in its family' : '';
  const base = { bound, boundBy, trigger: null, reopens: false };
  const limit = percent(maxFalseCloseRate);
  const drift = input.driftSinceMs === null ? [] : ['What it closes is drifting, so more of it is audited.'];
  if (bound <= maxFalseCloseRate) {
    return { ...base, state: 'certified', reasons: [`${found}${by}; its limit is ${limit}.`, ...drift], missing: [] };
  }
  const reasons = [`${found}${by}, and its limit is ${limit}.`, ...drift];
  if (input.state === 'certified') return { ...base, trigger: 'bound', ...lostBound(misses, reasons, limit) };
  const missing = [missingAudits(input, policy), ...(note === null ? [] : [`${upper(note)}.`])];
  return { ...base, state: input.state, reasons, missing };
}

/**
 * A certified rule whose bound passed its limit. Where audits found a miss, it is suspended, and its recent closures go
 * back to people: one of them was wrong, and no more than the limit can be ruled out for the others. Without a miss
 * nothing speaks against what it closed: the limit became stricter, closures moved into a stratum with few audits, or
 * readers turned out to see less. Then it loses its right and nothing is reopened.
 */
function lostBound(
  misses: number,
  reasons: readonly string[],
  limit: string,
): Pick<Verdict, 'state' | 'reasons' | 'missing' | 'reopens'> {
  const isSuspended = misses > 0;
  const lost = isSuspended
    ? `The bound passed its limit of ${limit} with a miss among its audits: it closes nothing until a person re-arms it.`
    : `The bound passed its limit of ${limit} without a miss: it only says what it would do until a person re-arms it.`;
  const state = isSuspended ? 'suspended' : 'shadow';
  return { state, reasons: [...reasons, lost], missing: [lost], reopens: isSuspended };
}

type Stop = Pick<Verdict, 'state' | 'reasons' | 'trigger' | 'reopens'>;

/** What stops a rule whatever its bound; null when nothing does. Needs no bound, so that it is cheap to ask. */
export function stopOf(input: VerdictInput, policy: AssurancePolicy): Stop | null {
  const { state, evidence, canaries, driftSinceMs, nowMs } = input;
  if (state === 'suspended') {
    return { state, reasons: ['It is suspended.'], trigger: null, reopens: false };
  }
  const suspend = (trigger: Trigger, reason: string): Stop => {
    return { state: 'suspended', reasons: [reason], trigger, reopens: true };
  };
  if (canaries.closed > 0) {
    return suspend('canary', `It would have closed ${canaries.closed} of ${canaries.shown} planted true positives.`);
  }
  if (evidence.severeMisses > 0)
    return suspend('severe_miss', 'It closed a true positive of high or critical severity.');
  const { misses, audited } = totalOf(evidence);
  if (evidence.cusum >= policy.cusumAlarmAt) {
    const rates = `${percent(policy.sprt.acceptable)} to ${percent(policy.sprt.unacceptable)}`;
    return suspend('cusum', `Its recent misses (${misses} of ${audited} audits) speak for a change from ${rates}.`);
  }
  if (state === 'provisional' && sprtOf(evidence, policy).verdict === 'reject') {
    return suspend(
      'sprt',
      `On trial it missed ${misses} of ${audited}, which speaks for ${percent(policy.sprt.unacceptable)} or more.`,
    );
  }
  if (state === 'shadow') return { state, reasons: ['It lost its certificate.'], trigger: null, reopens: false };
  if (driftSinceMs !== null && nowMs - driftSinceMs >= policy.drift.clearWithinDays * DAY_MS) {
    const reason = `What it closes has had another make-up for ${policy.drift.clearWithinDays} days, and audits did not clear it.`;
    return { state: 'shadow', reasons: [reason], trigger: 'drift', reopens: false };
  }
  return null;
}

function bestBound(
  { evidence, closures, sensitivity, family, maxFalseCloseRate }: VerdictInput,
  policy: AssurancePolicy,
): { bound: number; boundBy: Verdict['boundBy']; note: string | null } {
  // Two ways to be certified share the error between them, whichever comes out better.
  const hasFamily = family.length > 1;
  const delta = hasFamily ? policy.delta / 2 : policy.delta;
  const own = boundOf(evidence, closures, sensitivity, delta);
  if (!hasFamily || own <= maxFalseCloseRate) return { bound: own, boundBy: 'own', note: null };
  const note = cannotLean(evidence, policy);
  if (note !== null) return { bound: own, boundBy: 'own', note };
  const pooled = familyBound(family, sensitivity, delta);
  return pooled < own ? { bound: pooled, boundBy: 'family', note } : { bound: own, boundBy: 'own', note };
}

function missingAudits({ evidence, maxFalseCloseRate, sensitivity }: VerdictInput, policy: AssurancePolicy): string {
  const { audited, misses } = totalOf(evidence);
  const needed = auditsToShowAnytime(maxFalseCloseRate * sensitivity, misses, policy.delta);
  const more = Math.max(1, needed - audited);
  return `About ${more.toLocaleString('en-GB')} more ${more === 1 ? 'audit without a miss shows' : 'audits without a miss show'} at most ${percent(maxFalseCloseRate)}.`;
}

function upper(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

import { findRoot } from './find-root.ts';
import { logBeta } from './log-beta.ts';

/** What audits of one stratum came to. */
export interface AuditCounts {
  audited: number;
  misses: number;
}

/** Audits of one stratum, and the share of all closures that it stands for. */
export interface StratumCounts extends AuditCounts {
  /** In [0, 1]; the weights of all strata add up to 1. */
  weight: number;
}

/** Beta(a, b) over the rate, chosen for rates of a few in a thousand. It decides how fast bounds fall, never whether they hold. */
export const MIXTURE = { a: 0.5, b: 200 } as const;

/** The share of times that a bound may be wrong, at whichever moment somebody looks. */
export const DELTA = 0.05;

/** How often the mixture is worth the counts, without the part that hangs on the rate. */
function logMixture({ audited, misses }: AuditCounts): number {
  return logBeta(MIXTURE.a + misses, MIXTURE.b + audited - misses) - logBeta(MIXTURE.a, MIXTURE.b);
}

/** ln of the evidence against `rate`; it grows without limit where the rate is wrong. */
function logEvidence(counts: AuditCounts, mixture: number, rate: number): number {
  const { audited, misses } = counts;
  const byMisses = misses === 0 ? 0 : misses * Math.log(rate);
  const byClean = audited === misses ? 0 : (audited - misses) * Math.log1p(-rate);
  return mixture - byMisses - byClean;
}

/**
 * The upper bound on a rate that holds at every moment at once, however often one looks and whenever one stops: the
 * largest rate against which the evidence of a beta-binomial mixture stays under 1 / delta (H. Robbins, Ann. Math.
 * Statist. 41, 1970; by J. Ville's inequality, 1939; see S. Howard et al., Ann. Statist. 49, 2021).
 * 1 when nothing was audited. Zero misses show 2 % with 164 audits, 1 % with 349, 0.5 % with 754.
 */
export function anytimeUpper(counts: AuditCounts, delta = DELTA): number {
  const { audited, misses } = counts;
  if (audited <= 0 || misses >= audited) return 1;
  const mixture = logMixture(counts);
  const limit = -Math.log(delta);
  if (misses === 0) return -Math.expm1((mixture - limit) / audited);
  return findRoot((rate) => logEvidence(counts, mixture, rate) - limit, misses / audited, 1);
}

/** The lower end of the same sequence. 0 when there was no miss. */
export function anytimeLower(counts: AuditCounts, delta = DELTA): number {
  const { audited, misses } = counts;
  if (audited <= 0 || misses <= 0) return 0;
  const mixture = logMixture(counts);
  const limit = -Math.log(delta);
  return findRoot((rate) => limit - logEvidence(counts, mixture, rate), 0, misses / audited);
}

/** Whether the bound is at most `rate`, without finding the bound. */
export function showsAtMost(counts: AuditCounts, rate: number, delta = DELTA): boolean {
  if (counts.audited <= 0 || counts.misses >= counts.audited * rate) return false;
  return logEvidence(counts, logMixture(counts), rate) >= -Math.log(delta);
}

/** Audits in all after which the bound is at most `rate` when there were so many misses. */
export function auditsToShowAnytime(rate: number, misses: number, delta = DELTA): number {
  let low = Math.floor(misses / rate);
  let high = Math.max(64, low * 2);
  while (!showsAtMost({ audited: high, misses }, rate, delta)) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (showsAtMost({ audited: middle, misses }, rate, delta)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * The bound on the rate over several strata that are sampled at rates of their own: the largest weighted mean whose
 * joint evidence stays under 1 / delta. Draws of the strata are independent, so the product of their evidence is a
 * test martingale like each of its parts and no error has to be shared out among them. One stratum gives `anytimeUpper`.
 */
export function stratifiedUpper(strata: readonly StratumCounts[], delta = DELTA): number {
  const counted = strata.filter(({ weight }) => weight > 0);
  const [only] = counted;
  if (only === undefined) return 1;
  if (counted.length === 1) return only.weight * anytimeUpper(only, delta);
  const mixtures = counted.reduce((sum, each) => sum + logMixture(each), 0);
  const limit = -Math.log(delta) - mixtures;
  const ratesAt = (price: number): number[] => counted.map((each) => worstRate(each, price));
  const spent = (price: number): number =>
    ratesAt(price).reduce((sum, rate, index) => sum + cost(counted[index], rate), 0);
  // The dearer evidence is against the weight of a stratum, the lower the worst rates lie.
  const logPrice = findRoot((at) => limit - spent(Math.exp(at)), -40, 20);
  const rates = ratesAt(Math.exp(logPrice));
  return Math.min(
    1,
    counted.reduce((sum, each, index) => sum + each.weight * (rates[index] ?? 1), 0),
  );
}

/** The lower end of the same: the smallest weighted mean whose joint evidence stays under 1 / delta. 0 without a miss. */
export function stratifiedLower(strata: readonly StratumCounts[], delta = DELTA): number {
  // Where nothing was missed, or nothing audited, the rate may be 0 at no cost.
  const counted = strata.filter(({ weight, misses }) => weight > 0 && misses > 0);
  if (counted.length === 0) return 0;
  const mixtures = strata.reduce((sum, each) => sum + logMixture(each), 0);
  const limit = -Math.log(delta) - mixtures;
  const ratesAt = (price: number): number[] => counted.map((each) => bestRate(each, price));
  const spent = (price: number): number =>
    ratesAt(price).reduce((sum, rate, index) => sum + cost(counted[index], rate), 0);
  const logPrice = findRoot((at) => limit - spent(Math.exp(at)), -60, 20);
  const rates = ratesAt(Math.exp(logPrice));
  return counted.reduce((sum, each, index) => sum + each.weight * (rates[index] ?? 0), 0);
}

/** Evidence against `rate` but for the mixture's part. */
function cost(counts: AuditCounts | undefined, rate: number): number {
  return counts === undefined ? 0 : logEvidence(counts, 0, rate);
}

/** The rate at which a stratum's weight is just worth its evidence at this price: a root of a quadratic equation. */
function worstRate({ audited, misses, weight }: StratumCounts, price: number): number {
  if (audited === 0) return 1;
  const linear = weight - price * audited;
  const root = Math.sqrt(linear * linear + 4 * weight * price * misses);
  // The form without cancellation, whichever sign the linear part has.
  const rate = linear >= 0 ? (linear + root) / (2 * weight) : (2 * price * misses) / (root - linear);
  return Math.min(1, Math.max(misses / audited, rate));
}

/** The rate below what was seen at which a stratum's weight is just worth its evidence at this price. */
function bestRate({ audited, misses, weight }: StratumCounts, price: number): number {
  const linear = weight + price * audited;
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * weight * price * misses));
  return Math.min(misses / audited, (2 * price * misses) / (linear + root));
}

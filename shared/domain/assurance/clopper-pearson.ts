import { findRoot } from './find-root.ts';

/** ln P(X <= misses) for X ~ Binomial(audited, rate), summed in log space. */
function logCumulative(misses: number, audited: number, rate: number): number {
  if (rate <= 0) return 0;
  if (rate >= 1) return misses >= audited ? 0 : Number.NEGATIVE_INFINITY;
  const logOdds = Math.log(rate) - Math.log1p(-rate);
  let term = audited * Math.log1p(-rate);
  let sum = term;
  for (let k = 1; k <= misses; k += 1) {
    term += Math.log((audited - k + 1) / k) + logOdds;
    const [more, less] = term > sum ? [term, sum] : [sum, term];
    sum = more + Math.log1p(Math.exp(less - more));
  }
  return Math.min(0, sum);
}

/**
 * The upper bound on a rate after one look at a sample whose size was fixed before: the rate at which so few misses
 * have probability `delta` (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934). Wrong more often than `delta` when
 * one looks again and again; for that there is the confidence sequence.
 */
export function clopperPearsonUpper(misses: number, audited: number, delta = 0.05): number {
  if (audited <= 0 || misses >= audited) return 1;
  const target = Math.log(delta);
  return findRoot((rate) => target - logCumulative(misses, audited, rate), misses / audited, 1);
}

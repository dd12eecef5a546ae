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

/** The lower bound of the same kind: the rate at which so many misses have probability `delta`. */
export function clopperPearsonLower(misses: number, audited: number, delta = 0.05): number {
  return misses <= 0 ? 0 : 1 - clopperPearsonUpper(audited - misses, audited, delta);
}

/** The smallest sample in which so many misses still show a rate of at most `rate`. */
export function auditsToShow(rate: number, misses: number, delta = 0.05): number {
  let low = misses;
  let high = Math.max(16, misses * 2);
  while (clopperPearsonUpper(misses, high, delta) > rate) high *= 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (clopperPearsonUpper(misses, middle, delta) > rate) low = middle;
    else high = middle;
  }
  return high;
}

import { chiSquareQuantile } from './chi-square.ts';

/** Added to each bin, so that an empty one does not make the index infinite. */
const SMOOTHING = 0.5;
/** Below this no shift is worth a person's time, however many alerts show it. */
const WORTH_IT = 0.1;
const NULL_LEVEL = 0.999;

export interface StabilityReading {
  index: number;
  limit: number;
  hasDrifted: boolean;
  before: number;
  after: number;
}

/**
 * The population stability index of what a rule closes, between a reference and now, over the same bins: the sum of
 * (q - p) ln(q / p). Without drift it is about (1/n + 1/m) times a chi-square variable with one degree less than there are
 * bins (B. Yurdakul and J. Naranjo, J. Risk Model Validation 14, 2020), so the limit grows where counts are small:
 * 0.279 at n = m = 200 in ten bins, 0.112 at 500. Null when either side is empty or there is one bin.
 */
export function stabilityIndex(before: readonly number[], after: readonly number[]): StabilityReading | null {
  const bins = Math.max(before.length, after.length);
  const [n, m] = [sumOf(before), sumOf(after)];
  if (bins < 2 || n === 0 || m === 0) return null;
  let index = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const p = ((before[bin] ?? 0) + SMOOTHING) / (n + SMOOTHING * bins);
    const q = ((after[bin] ?? 0) + SMOOTHING) / (m + SMOOTHING * bins);
    index += (q - p) * Math.log(q / p);
  }
  const limit = Math.max(WORTH_IT, nullLevel(n, m, bins));
  return { index, limit, hasDrifted: index > limit, before: n, after: m };
}

/** The level that the index stays under in 99.9 % of comparisons without drift. */
export function nullLevel(before: number, after: number, bins: number): number {
  return chiSquareQuantile(NULL_LEVEL, bins - 1) * (1 / before + 1 / after);
}

function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

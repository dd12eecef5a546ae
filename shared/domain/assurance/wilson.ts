import { normalQuantile } from './normal-quantile.ts';

/**
 * The upper end of the score interval (E. B. Wilson, JASA 22, 1927). For display: about a tenth tighter than
 * Clopper-Pearson and not guaranteed, so that nothing is certified by it.
 */
export function wilsonUpper(misses: number, audited: number, delta = 0.05): number {
  if (audited <= 0) return 1;
  const p = misses / audited;
  const z = normalQuantile(1 - delta);
  const zz = (z * z) / audited;
  return Math.min(1, (p + zz / 2 + z * Math.sqrt((p * (1 - p)) / audited + zz / (4 * audited))) / (1 + zz));
}

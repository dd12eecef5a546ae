import {
  type AuditCounts,
  anytimeLower,
  anytimeUpper,
  DELTA,
  type StratumCounts,
  stratifiedLower,
  stratifiedUpper,
} from './confidence-sequence.ts';
import { correctForReaders } from './label-noise.ts';
import { percent } from './say-rate.ts';

/** A rate that is never shown without what it rests on. */
export interface MeasuredRate {
  value: number | null;
  low: number;
  high: number;
  /** Audits that it rests on. */
  n: number;
  misses: number;
  /** The whole of it in words: value, interval, n. */
  sentence: string;
}

export interface ErrorRates {
  /** Of what was closed, the share that was truly bad. */
  falseCloseRate: MeasuredRate;
  /** Of what was truly bad, the share that was closed. */
  missShare: MeasuredRate;
}

/** Audits of closures that were drawn at one rate. */
export interface AuditedClosures extends AuditCounts {
  /** All closures of the stratum, audited or not. */
  closed: number;
}

export interface ErrorCounts {
  /** By rule and stratum, because each is drawn at a rate of its own. */
  strata: readonly AuditedClosures[];
  /** True positives that people found in what was not closed. */
  caught: number;
  sensitivity: number;
}

/**
 * Both error rates of automation, side by side. What was drawn more often does not count for more: each stratum stands
 * for its share in all closures (D. Horvitz and D. Thompson, J. Amer. Statist. Assoc. 47, 1952, with known totals). The
 * value is of those strata that were audited; the interval is of all. The second rate follows from the first: missed
 * true positives are the false closes among all closed, and bad alerts are those plus what people caught. At 2 %
 * prevalence and 60 % closed, a false-close rate of 0.5 % is a miss share of 15 %. Intervals hold at every moment (95 %)
 * and are corrected for readers.
 */
export function errorRates({ strata, caught, sensitivity }: ErrorCounts, delta = DELTA): ErrorRates {
  // A closure that is counted late must not let its audit fall out.
  const sizes = strata.map(({ closed, audited }) => Math.max(closed, audited));
  const closed = sizes.reduce((sum, size) => sum + size, 0);
  const weighted = strata.map((each, at): StratumCounts => ({ ...each, weight: (sizes[at] ?? 0) / (closed || 1) }));
  const counts = {
    n: strata.reduce((sum, { audited }) => sum + audited, 0),
    misses: strata.reduce((sum, { misses }) => sum + misses, 0),
  };
  const rate = weightedRate(weighted);
  const value = rate === null ? null : correctForReaders(rate, sensitivity);
  const low = stratifiedLower(weighted, delta);
  const high = correctForReaders(stratifiedUpper(weighted, delta), sensitivity);
  const shareOf = (of: number): number => {
    const missed = of * closed;
    return missed + caught === 0 ? 0 : missed / (missed + caught);
  };
  const share = value === null || (closed === 0 && caught === 0) ? null : shareOf(value);
  return {
    falseCloseRate: measured({ value, low, high, ...counts }, 'of what was closed'),
    missShare: measured(
      { value: share, low: shareOf(low), high: closed === 0 ? 0 : shareOf(high), ...counts },
      'of what was truly bad',
    ),
  };
}

/** The mean over strata by their weights, of those of which anything was audited; null when nothing was. */
function weightedRate(strata: readonly StratumCounts[]): number | null {
  const audited = strata.filter((each) => each.audited > 0);
  const weight = audited.reduce((sum, each) => sum + each.weight, 0);
  if (weight === 0) return null;
  return audited.reduce((sum, each) => sum + (each.weight * each.misses) / each.audited, 0) / weight;
}

/** A rate from audits alone, with an interval that holds at every moment and is corrected for what readers overlook. */
export function measuredRate(counts: AuditCounts, sensitivity: number, of: string, delta = DELTA): MeasuredRate {
  const { audited, misses } = counts;
  const isKnown = audited > 0;
  return measured(
    {
      value: isKnown ? correctForReaders(misses / audited, sensitivity) : null,
      low: isKnown ? anytimeLower(counts, delta) : 0,
      high: isKnown ? correctForReaders(anytimeUpper(counts, delta), sensitivity) : 1,
      n: audited,
      misses,
    },
    of,
  );
}

function measured(rate: Omit<MeasuredRate, 'sentence'>, of: string): MeasuredRate {
  const audits = rate.n === 1 ? '1 audit' : `${rate.n} audits`;
  const sentence =
    rate.value === null
      ? `Not known: nothing was audited, so anything up to ${percent(rate.high)} ${of} is possible`
      : `${percent(rate.value)} ${of} (${percent(rate.low)} to ${percent(rate.high)}, ${rate.misses} of ${audits})`;
  return { ...rate, sentence };
}

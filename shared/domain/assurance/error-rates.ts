import { type AuditCounts, anytimeLower, anytimeUpper, DELTA } from './confidence-sequence.ts';
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

export interface ErrorCounts extends AuditCounts {
  /** Closures by the rules in question, audited or not. */
  closed: number;
  /** True positives that people found in what was not closed. */
  caught: number;
  sensitivity: number;
}

/**
 * Both error rates of automation, side by side. The second follows from the first: missed true positives are the false
 * closes among all closed, and bad alerts are those plus what people caught. At 2 % prevalence and 60 % closed, a
 * false-close rate of 0.5 % is a miss share of 15 %. Intervals hold at every moment (95 %) and are corrected for readers.
 */
export function errorRates(counts: ErrorCounts, delta = DELTA): ErrorRates {
  const { audited, misses, closed, caught, sensitivity } = counts;
  const falseCloseRate = measuredRate({ audited, misses }, sensitivity, 'of what was closed', delta);
  const { value, low, high } = falseCloseRate;
  const shareOf = (rate: number): number => {
    const missed = rate * closed;
    return missed + caught === 0 ? 0 : missed / (missed + caught);
  };
  const share = value === null || (closed === 0 && caught === 0) ? null : shareOf(value);
  return {
    falseCloseRate,
    missShare: measured(
      { value: share, low: shareOf(low), high: closed === 0 ? 0 : shareOf(high), n: audited, misses },
      'of what was truly bad',
    ),
  };
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

import type { Comparison } from '../detection.ts';

interface Threshold {
  comparison: Comparison;
  value: number;
  place: number;
}

/** Finds which of many comparisons a number meets; those that it does not meet are not looked at. */
export class Thresholds {
  /** `gt` and `gte`, from the least. */
  private readonly lower: readonly Threshold[];
  /** `lt` and `lte`, from the greatest. */
  private readonly upper: readonly Threshold[];

  constructor(comparisons: readonly { comparison: Comparison; value: number }[]) {
    const all = comparisons.map(({ comparison, value }, place) => ({ comparison, value, place }));
    const isLower = ({ comparison }: Threshold): boolean => comparison === 'gt' || comparison === 'gte';
    this.lower = all.filter(isLower).sort((a, b) => a.value - b.value);
    this.upper = all.filter((each) => !isLower(each)).sort((a, b) => b.value - a.value);
  }

  /** Adds to `found` the places of the comparisons that hold for the number. */
  collect(number: number, found: number[]): void {
    for (const { comparison, value, place } of this.lower) {
      if (value > number) break;
      if (value < number || comparison === 'gte') found.push(place);
    }
    for (const { comparison, value, place } of this.upper) {
      if (value < number) break;
      if (value > number || comparison === 'lte') found.push(place);
    }
  }
}

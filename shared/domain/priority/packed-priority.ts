import { PRIORITY_FACTORS, type Priority, type PriorityTerm } from '../../model/priority.ts';
import { PRECISION_FLOOR_BITS, UNKNOWN_REASONS } from './priority-terms.ts';

type Reasons = Pick<Priority, 'basePoints' | 'terms' | 'adjustments'>;

/**
 * A term as it is kept: 0 where nothing was known, else its value and its sentence, with a 0 behind where it counts as
 * unknown all the same.
 */
type PackedTerm = 0 | [value: number, reason: string, known?: 0];

/**
 * The reasons of a priority as they lie in the store, a fifth as long: most terms of most groups say that nothing is
 * known, in the same words, and the rest follows from value and scale.
 */
export interface PackedPriority {
  /** Points at factor 1. */
  b: number;
  /** In the order of PRIORITY_FACTORS. */
  t: PackedTerm[];
  /** Left out when there are none. */
  a?: string[];
}

export function packPriority({ basePoints, terms, adjustments }: Reasons): PackedPriority {
  const packed = PRIORITY_FACTORS.map((factor): PackedTerm => {
    const term = terms.find((each) => each.factor === factor);
    if (term === undefined) return 0;
    if (term.known) return [term.value, term.reason];
    return term.reason === UNKNOWN_REASONS[factor] && term.value === 1 ? 0 : [term.value, term.reason, 0];
  });
  return { b: basePoints, t: packed, ...(adjustments.length === 0 ? {} : { a: [...adjustments] }) };
}

/** What was packed, or what an earlier version kept in full. */
export function unpackPriority(stored: PackedPriority | Reasons): Reasons {
  if (!('t' in stored)) return stored;
  const pointsPerBit = stored.b / -PRECISION_FLOOR_BITS;
  const terms = PRIORITY_FACTORS.map((factor, i): PriorityTerm => {
    const packed = stored.t[i] ?? 0;
    if (packed === 0) return { factor, value: 1, known: false, reason: UNKNOWN_REASONS[factor], bits: 0, points: 0 };
    const [value, reason, known] = packed;
    const bits = bitsOf(value);
    return { factor, value, known: known !== 0, reason, bits, points: bits * pointsPerBit };
  });
  return { basePoints: stored.b, terms, adjustments: stored.a ?? [] };
}

/** log2 of a factor, not below what counts. */
export function bitsOf(value: number): number {
  return Math.max(Math.log2(value), PRECISION_FLOOR_BITS);
}

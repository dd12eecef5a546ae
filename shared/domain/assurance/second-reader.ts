import { drawAt } from './draw.ts';

export const SECOND_READER_SHARE = 0.1;

/** Whether a second person reads this item too, without knowing that they are the second. */
export function needsSecondReader(seed: string, itemKey: string, share = SECOND_READER_SHARE): boolean {
  return drawAt(seed, `second/${itemKey}`) < share;
}

export interface Agreement {
  read: number;
  agreed: number;
  /** Cohen's kappa; null while one of the readers always said the same. */
  kappa: number | null;
}

/** Readings of the same items by two people, as whether each called it a miss. */
export function agreementOf(pairs: readonly (readonly [boolean, boolean])[]): Agreement {
  const read = pairs.length;
  const agreed = pairs.filter(([first, second]) => first === second).length;
  if (read === 0) return { read, agreed, kappa: null };
  const first = pairs.filter(([miss]) => miss).length / read;
  const second = pairs.filter(([, miss]) => miss).length / read;
  const byChance = first * second + (1 - first) * (1 - second);
  // J. Cohen, Educational and Psychological Measurement 20, 1960.
  return { read, agreed, kappa: byChance >= 1 ? null : (agreed / read - byChance) / (1 - byChance) };
}

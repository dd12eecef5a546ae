import { type MeasuredRate, measuredRate } from './error-rates.ts';

/** One second look at a closure that a person made. Who made it is deliberately not in it. */
export interface HumanReading {
  /** Severity and rule family of the alert. */
  class: string;
  isMiss: boolean;
}

export interface ClassError {
  class: string;
  rate: MeasuredRate;
}

/** Fewer readings than this say more of the one who closed than of the class. */
const READINGS_MIN = 10;

/** How often closures by people turn out to have been true positives, by class of alert, in the order of the class's name. */
export function humanErrorByClass(readings: readonly HumanReading[], sensitivity: number): ClassError[] {
  const byClass = new Map<string, { audited: number; misses: number }>();
  for (const reading of readings) {
    const counts = byClass.get(reading.class) ?? { audited: 0, misses: 0 };
    counts.audited += 1;
    if (reading.isMiss) counts.misses += 1;
    byClass.set(reading.class, counts);
  }
  return [...byClass]
    .filter(([, { audited }]) => audited >= READINGS_MIN)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, counts]) => ({ class: name, rate: measuredRate(counts, sensitivity, 'of what people closed') }));
}

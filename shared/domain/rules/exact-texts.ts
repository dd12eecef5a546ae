import type { DetectionItem } from './detection.ts';
import { FALSE, type Kleene, TRUE, UNKNOWN } from './kleene.ts';
import { plainTextOf } from './sigma-pattern.ts';
import type { FieldReading } from './subject-fields.ts';

/**
 * Long lists of plain texts become one look-up: from each text, in lower case, to the places of the values that are
 * it. Null when an item is not only that.
 */
export function exactTexts(item: DetectionItem): ReadonlyMap<string, readonly number[]> | null {
  if (item.field === null || item.values.length < 4) return null;
  const texts = new Map<string, number[]>();
  for (const [place, tests] of item.values.entries()) {
    for (const test of tests) {
      const text = test.kind === 'pattern' && !test.isCased ? plainTextOf(test.pattern) : null;
      if (text === null || text === '') return null;
      const places = texts.get(text.toLowerCase());
      if (places === undefined) texts.set(text.toLowerCase(), [place]);
      else places.push(place);
    }
  }
  return texts;
}

/** Whether one text of the reading is in the list. */
export function quickTest(texts: ReadonlyMap<string, unknown>, reading: FieldReading): Kleene {
  if (reading.state === 'unknown') return UNKNOWN;
  for (const text of reading.lowerTexts) if (texts.has(text)) return TRUE;
  return reading.isPartial ? UNKNOWN : FALSE;
}

/** Those of the list's values that some text of the reading is, in their order. */
export function valuesAmong<T>(
  texts: ReadonlyMap<string, readonly number[]>,
  values: readonly T[],
  reading: FieldReading,
): T[] {
  const places = new Set(reading.lowerTexts.flatMap((text) => texts.get(text) ?? []));
  return [...places].sort((a, b) => a - b).flatMap((place) => values[place] ?? []);
}

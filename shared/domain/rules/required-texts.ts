import type { Condition, Detection, DetectionItem, SelectionBody } from './detection.ts';
import { plainTextOf } from './sigma-pattern.ts';

/**
 * The texts (lower case) of which a field must equal one for the detection to be anything but false. Null when it
 * may hold for others too. Worked out from the condition, never from a promise in the rule.
 */
export function requiredTexts(detection: Detection, field: string): ReadonlySet<string> | null {
  const bySelection = new Map<string, ReadonlySet<string> | null>();
  for (const [name, body] of detection.selections) bySelection.set(name, ofSelection(body, field));
  return ofCondition(detection.condition, bySelection);
}

type Texts = ReadonlySet<string> | null;

function ofCondition(condition: Condition, bySelection: ReadonlyMap<string, Texts>): Texts {
  if (condition.kind === 'selection') return bySelection.get(condition.name) ?? null;
  if (condition.kind === 'not') return null;
  const of = condition.of.map((each) => ofCondition(each, bySelection));
  return condition.kind === 'and' ? smallest(of) : union(of);
}

function ofSelection(body: SelectionBody, field: string): Texts {
  if (body.kind === 'any') return union(body.of.map((each) => ofSelection(each, field)));
  return smallest(body.items.map((item) => ofItem(item, field)));
}

function ofItem(item: DetectionItem, field: string): Texts {
  if (item.field !== field || item.isNegated || item.values.length === 0) return null;
  const texts = new Set<string>();
  for (const test of item.values.flat()) {
    const text = test.kind === 'pattern' ? plainTextOf(test.pattern) : test.kind === 'number' ? test.source : null;
    if (text === null || text === '') return null;
    texts.add(text.toLowerCase());
    if (test.kind === 'number') texts.add(String(test.value));
  }
  return texts;
}

/** All must hold, so any one of the sets is a requirement; the smallest excludes most. */
function smallest(sets: readonly Texts[]): Texts {
  let best: Texts = null;
  for (const set of sets) if (set !== null && (best === null || set.size < best.size)) best = set;
  return best;
}

/** One must hold, so all must require something. */
function union(sets: readonly Texts[]): Texts {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const text of set) all.add(text);
  }
  return sets.length === 0 ? null : all;
}

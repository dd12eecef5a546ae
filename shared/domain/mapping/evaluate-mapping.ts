import type { JsonObject } from '../../model/json.ts';
import { scalarsAt } from '../alert/raw-path.ts';
import { readTimePattern } from '../time/time-pattern.ts';
import type { MappedCondition, MappedValue, Transform } from './mapping-document.ts';

/** A record with more values than this at one place is an inventory; the first ones are looked at. */
const VALUES_MAX = 100;
/** No field of an alert is longer; what is behind it is in the original. */
const TEXT_MAX = 32_000;
/** Patterns are for marks near the beginning of a text: they cost the most of all transforms. */
const PATTERN_TEXT_MAX = 8_000;

/** The texts that a mapped value has in a record, in document order; none when it has nothing there. */
export function textsAt(value: MappedValue, record: JsonObject): string[] {
  let texts = sourceTexts(value, record);
  for (const transform of value.transforms) texts = transformed(texts, transform);
  return texts.length === 0 && value.fallback !== null ? [value.fallback] : texts;
}

function sourceTexts({ from }: MappedValue, record: JsonObject): string[] {
  switch (from.kind) {
    case 'path':
      return scalarsAt(record, from.path).slice(0, VALUES_MAX).map(plainText).filter(isSomething);
    case 'const':
      return [from.text];
    case 'firstOf':
      for (const value of from.values) {
        const texts = textsAt(value, record);
        if (texts.length > 0) return texts;
      }
      return [];
    case 'all':
      return from.values.flatMap((value) => textsAt(value, record)).slice(0, VALUES_MAX);
    case 'join': {
      const parts = from.values.map((value) => textsAt(value, record)[0]).filter((part) => part !== undefined);
      return parts.length === 0 ? [] : [parts.join(from.by).slice(0, TEXT_MAX)];
    }
  }
}

function plainText(value: string | number | boolean): string {
  return String(value).slice(0, TEXT_MAX);
}

function isSomething(text: string): boolean {
  return text.trim() !== '';
}

function transformed(texts: readonly string[], transform: Transform): string[] {
  const found: string[] = [];
  for (const text of texts) {
    for (const one of transformedText(text, transform)) {
      if (found.length === VALUES_MAX) return found;
      if (isSomething(one)) found.push(one);
    }
  }
  return found;
}

function transformedText(text: string, transform: Transform): readonly string[] {
  switch (transform.kind) {
    case 'lower':
      return [text.toLowerCase()];
    case 'upper':
      return [text.toUpperCase()];
    case 'trim':
      return [text.trim()];
    case 'split':
      return text.split(transform.at, VALUES_MAX).map((part) => part.trim());
    case 'replace':
      // A long text in place of each letter would make much out of little.
      return [text.replaceAll(transform.text, () => transform.by).slice(0, TEXT_MAX)];
    case 'map': {
      const to = transform.table.get(text.trim().toLowerCase()) ?? transform.other;
      return to === null ? [] : [to];
    }
    case 'regex': {
      const matcher = transform.pattern.matcher(text.slice(0, PATTERN_TEXT_MAX));
      const group = matcher.find() ? matcher.group(transform.group) : null;
      return group === null ? [] : [group];
    }
    case 'multiply':
      return numbered(text, (number) => number * transform.by);
    case 'add':
      return numbered(text, (number) => number + transform.by);
    case 'epoch':
      return numbered(text, (number) => isoOf((number / transform.perSecond) * 1000) ?? Number.NaN);
    case 'time': {
      const atMs = readTimePattern(transform.pattern, text, transform.zoneMinutes);
      const iso = atMs === null ? null : isoOf(atMs);
      return iso === null ? [] : [iso];
    }
  }
}

/** Without the noise of binary fractions: 0.29 × 100 is 29. */
function numbered(text: string, change: (number: number) => number | string): readonly string[] {
  const number = text.trim() === '' || text.length > 32 ? Number.NaN : Number(text);
  const result = change(number);
  if (typeof result === 'string') return [result];
  return Number.isFinite(result) ? [String(Number(result.toPrecision(12)))] : [];
}

/** The furthest moment that a date can hold, in epoch milliseconds (ECMA-262). */
const DATE_MAX_MS = 8.64e15;

function isoOf(atMs: number): string | null {
  // Tens of nanoseconds below the millisecond come from the division and are no time.
  const whole = Math.floor(atMs + 1e-4);
  return Math.abs(whole) <= DATE_MAX_MS ? new Date(whole).toISOString() : null;
}

/** Whether the condition holds for this record. A value that is not there fails every test. */
export function holds(condition: MappedCondition, record: JsonObject): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.conditions.every((each) => holds(each, record));
    case 'any':
      return condition.conditions.some((each) => holds(each, record));
    case 'not':
      return !holds(condition.condition, record);
    case 'has':
      return scalarsAt(record, condition.path).length > 0;
    default:
      return textsAt(condition.value, record).some((text) => passes(condition, text));
  }
}

type Test = Exclude<MappedCondition, { kind: 'all' | 'any' | 'not' | 'has' }>;

function passes(test: Test, text: string): boolean {
  switch (test.kind) {
    case 'equals':
      return test.words.has(text.trim().toLowerCase());
    case 'contains':
      return text.toLowerCase().includes(test.word);
    case 'startsWith':
      return text.toLowerCase().startsWith(test.word);
    case 'endsWith':
      return text.toLowerCase().endsWith(test.word);
    case 'matches':
      return test.pattern.matcher(text.slice(0, PATTERN_TEXT_MAX)).find();
    case 'above':
      return Number(text) > test.limit;
    case 'below':
      return Number(text) < test.limit;
  }
}

/** The paths that a value reads, in the order in which they are written. */
export function pathsOf({ from }: MappedValue): string[] {
  if (from.kind === 'path') return [from.path];
  return from.kind === 'const' ? [] : from.values.flatMap(pathsOf);
}

/**
 * Whether a record with these top-level keys could fulfil the condition. May say yes where the values say no, never no
 * where they say yes.
 */
export function mayHold(condition: MappedCondition, record: JsonObject): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.conditions.every((each) => mayHold(each, record));
    case 'any':
      return condition.conditions.some((each) => mayHold(each, record));
    case 'not':
      return true;
    case 'has':
      return hasRoot(condition.path, record);
    default:
      return (
        condition.value.fallback !== null ||
        !isOnlyPaths(condition.value) ||
        pathsOf(condition.value).some((path) => hasRoot(path, record))
      );
  }
}

/** A constant or a fallback says something of every record. */
function isOnlyPaths({ from, fallback }: MappedValue): boolean {
  if (fallback !== null || from.kind === 'const') return false;
  return from.kind === 'path' || from.values.every(isOnlyPaths);
}

/** `a.b.c` stands under `a`, `a.b` or `a.b.c`. */
function hasRoot(path: string, record: JsonObject): boolean {
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    if (Object.hasOwn(record, path.slice(0, dot))) return true;
  }
  return Object.hasOwn(record, path);
}

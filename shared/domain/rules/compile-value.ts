import ipaddr from 'ipaddr.js';
import type { Comparison, TimePart, ValueTest } from './detection.ts';
import { compileRuleRegex } from './linear-regex.ts';
import { compilePattern, type TextTest } from './match-pattern.ts';
import type { PatternPart, SigmaPattern } from './sigma-pattern.ts';
import { addressBytes, type FieldReading, type SubjectFields } from './subject-fields.ts';

/** Lookup lists by name, for `%name%` placeholders. */
export type LookupLists = ReadonlyMap<string, readonly string[]>;

/** Does one value of the reading, by its place, meet the test? Asked only of readings that have values. */
export type ReadingTest = (reading: FieldReading, place: number, fields: SubjectFields) => boolean;

/** How many patterns the placeholders of one value may become. */
const EXPANSIONS_MAX = 100_000;

/**
 * Compiles the tests that look at one value of a field; null for those that look at the field itself
 * (`null`, `exists`). A missing lookup list or a list too long is told by name.
 */
export function compileValueTest(
  test: ValueTest,
  lists: LookupLists,
  indexOf: (field: string) => number,
): ReadingTest | { missingList: string } | null {
  switch (test.kind) {
    case 'pattern':
      return compilePatternTest(test.pattern, test.isCased, lists);
    case 'number':
      return numberTest(test.value, test.source, test.timePart);
    case 'boolean': {
      const text = String(test.value);
      return (reading, place) => reading.lowerTexts[place] === text;
    }
    case 'regex': {
      const regex = compileRuleRegex(test.source, test.flags);
      return (reading, place) => regex.test(reading.texts[place] ?? '');
    }
    case 'cidr':
      return cidrTest(test.source);
    case 'compare':
      return compareTest(test.comparison, test.value, test.timePart);
    case 'fieldref':
      return fieldrefTest(indexOf(test.field), test.how, test.isCased);
    case 'null':
    case 'exists':
      return null;
  }
}

function compilePatternTest(
  pattern: SigmaPattern,
  isCased: boolean,
  lists: LookupLists,
): ReadingTest | { missingList: string } {
  const expanded = patternsOf(pattern, lists);
  if (!Array.isArray(expanded)) return expanded;
  const tests = expanded.map((each) => compilePattern(each, isCased));
  const only: TextTest =
    tests.length === 1 && tests[0] !== undefined ? tests[0] : (text) => tests.some((test) => test(text));
  return isCased
    ? (reading, place) => only(reading.texts[place] ?? '')
    : (reading, place) => only(reading.lowerTexts[place] ?? '');
}

/** A pattern with its placeholders filled in: one for each combination of entries. */
export function patternsOf(pattern: SigmaPattern, lists: LookupLists): SigmaPattern[] | { missingList: string } {
  let expanded: PatternPart[][] = [[]];
  for (const part of pattern) {
    if (part.kind !== 'placeholder') {
      for (const each of expanded) each.push(part);
      continue;
    }
    const entries = lists.get(part.name);
    if (entries === undefined || entries.length * expanded.length > EXPANSIONS_MAX) return { missingList: part.name };
    expanded = expanded.flatMap((before) => entries.map((text): PatternPart[] => [...before, { kind: 'text', text }]));
  }
  return expanded;
}

function numberTest(value: number, source: string, timePart: TimePart | null): ReadingTest {
  const text = String(value);
  return (reading, place) => {
    const found = reading.values[place];
    if (timePart !== null) return timePartOf(reading.texts[place] ?? '', timePart) === value;
    if (typeof found === 'number') return found === value;
    return found === text || found === source;
  };
}

function compareTest(comparison: Comparison, value: number, timePart: TimePart | null): ReadingTest {
  return (reading, place) => {
    const text = reading.texts[place] ?? '';
    const found = timePart === null ? numberOf(reading.values[place]) : timePartOf(text, timePart);
    if (found === null) return false;
    if (comparison === 'lt') return found < value;
    if (comparison === 'lte') return found <= value;
    return comparison === 'gt' ? found > value : found >= value;
  };
}

/** The number that a value is or spells; null when it is none. */
export function numberOf(value: string | number | boolean | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value.slice(0, 400)))
    return null;
  return Number(value);
}

/** A part of an ISO 8601 time as it is written, with no conversion of time zones (Sigma modifiers 2.1). */
function timePartOf(text: string, part: TimePart): number | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/.exec(text);
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (part === 'year') return year;
  if (part === 'month') return month;
  if (part === 'day') return day;
  if (part === 'week') return isoWeek(year, month, day);
  const clock = part === 'hour' ? found[4] : found[5];
  return clock === undefined ? null : Number(clock);
}

/** ISO 8601 week: the week of the year's first Thursday is week 1. */
function isoWeek(year: number, month: number, day: number): number {
  const dayMs = 86_400_000;
  const thatDay = new Date(Date.UTC(year, month - 1, day));
  const thursday = thatDay.getTime() + (4 - (thatDay.getUTCDay() || 7)) * dayMs;
  const firstDay = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - firstDay) / (7 * dayMs)) + 1;
}

function cidrTest(source: string): ReadingTest {
  const [network, length] = networkOf(source);
  return (reading, place) => {
    const address = reading.addresses[place];
    return (
      address !== null &&
      address !== undefined &&
      address.length === network.length &&
      sharesPrefix(address, network, length)
    );
  };
}

/** A network (or a single address) as bytes and the number of bits that count. */
export function networkOf(source: string): [readonly number[], number] {
  if (ipaddr.isValidCIDR(source)) {
    const [address, length] = ipaddr.parseCIDR(source);
    return [address.toByteArray(), length];
  }
  const bytes = addressBytes(source) ?? [];
  return [bytes, bytes.length * 8];
}

function sharesPrefix(address: readonly number[], network: readonly number[], length: number): boolean {
  const whole = length >> 3;
  for (let at = 0; at < whole; at++) if (address[at] !== network[at]) return false;
  const rest = length & 7;
  if (rest === 0) return true;
  const mask = 0xff << (8 - rest);
  return ((address[whole] ?? 0) & mask) === ((network[whole] ?? 0) & mask);
}

function fieldrefTest(
  other: number,
  how: 'equals' | 'contains' | 'startswith' | 'endswith',
  isCased: boolean,
): ReadingTest {
  return (reading, place, fields) => {
    const text = (isCased ? reading.texts : reading.lowerTexts)[place] ?? '';
    const others = isCased ? fields.at(other).texts : fields.at(other).lowerTexts;
    return others.some((each) => {
      if (how === 'equals') return text === each;
      if (how === 'contains') return text.includes(each);
      return how === 'startswith' ? text.startsWith(each) : text.endsWith(each);
    });
  };
}

import { civilTime, MONTHS, zoneMinutes } from './timestamp.ts';

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'number'; field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'fraction'; width: number }
  | { kind: 'month' | 'weekday' | 'half' | 'zone' };

/** A form of time, compiled. */
export interface TimePattern {
  parts: readonly Part[];
  hasZone: boolean;
}

const NUMBERS: Readonly<Record<string, Extract<Part, { kind: 'number' }>['field']>> = {
  y: 'year',
  u: 'year',
  M: 'month',
  d: 'day',
  H: 'hour',
  h: 'hour',
  m: 'minute',
  s: 'second',
  S: 'fraction',
};
const PATTERN_MAX = 100;
const TEXT_MAX = 100;

/**
 * Compiles a form of time in the letters of Java's SimpleDateFormat, which LEEF's `devTimeFormat` uses: y M d H h m s S
 * a E z Z X, quoted text, and everything else as it stands. A text says what is wrong with it.
 */
export function parseTimePattern(pattern: string): TimePattern | string {
  if (pattern.length > PATTERN_MAX) return `it is longer than ${PATTERN_MAX} characters`;
  const parts: Part[] = [];
  for (const [run] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+|'/g)) {
    const letter = run.charAt(0);
    const field = NUMBERS[letter];
    if (letter === "'") parts.push({ kind: 'text', text: run === "''" ? "'" : run.slice(1, -1).replaceAll("''", "'") });
    else if (letter === 'M' && run.length >= 3) parts.push({ kind: 'month' });
    else if (field !== undefined) parts.push({ kind: 'number', field, width: run.length });
    else if (letter === 'a') parts.push({ kind: 'half' });
    else if (letter === 'E') parts.push({ kind: 'weekday' });
    else if (letter === 'z' || letter === 'Z' || letter === 'X') parts.push({ kind: 'zone' });
    else if (/[A-Za-z]/.test(letter)) return `the letter "${letter}" has no meaning in it; put plain text in quotes`;
    else parts.push({ kind: 'text', text: run });
  }
  const hasDay = parts.some((part) => part.kind === 'number' && part.field === 'day');
  const hasMonth = parts.some((part) => part.kind === 'month' || (part.kind === 'number' && part.field === 'month'));
  if (!hasDay || !hasMonth || !parts.some((part) => part.kind === 'number' && part.field === 'year')) {
    return 'it needs a year, a month and a day, for example yyyy-MM-dd HH:mm:ss';
  }
  return { parts, hasZone: parts.some((part) => part.kind === 'zone') };
}

interface Found {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  fraction: number;
  isAfternoon: boolean | null;
  zone: number | null;
}

/** UTC epoch milliseconds of a text in this form, `defaultZoneMinutes` east of UTC where it names no zone; null when it has another form. */
export function readTimePattern(pattern: TimePattern, text: string, defaultZoneMinutes = 0): number | null {
  const given = text.trim();
  if (given.length > TEXT_MAX) return null;
  const found: Found = {
    year: Number.NaN,
    month: Number.NaN,
    day: Number.NaN,
    hour: 0,
    minute: 0,
    second: 0,
    fraction: 0,
    isAfternoon: null,
    zone: null,
  };
  let at = 0;
  for (const [index, part] of pattern.parts.entries()) {
    const end = readPart(part, given, at, found, pattern.parts[index + 1]?.kind === 'number');
    if (end < 0) return null;
    at = end;
  }
  if (at !== given.length) return null;
  if (found.isAfternoon !== null) found.hour = (found.hour % 12) + (found.isAfternoon ? 12 : 0);
  const { year, month, day, hour, minute, second, fraction, zone } = found;
  const localMs = civilTime(year < 100 ? 2000 + year : year, month, day, hour, minute, second, fraction);
  return Number.isNaN(localMs) ? null : localMs - (zone ?? defaultZoneMinutes) * 60_000;
}

/** Where the part ends; -1 when it is not there. */
function readPart(part: Part, text: string, at: number, found: Found, isNumberNext: boolean): number {
  if (part.kind === 'text') return text.startsWith(part.text, at) ? at + part.text.length : -1;
  if (part.kind === 'number') {
    // Digits run on to the next mark; only where a number follows does the width part them.
    const most = isNumberNext ? part.width : part.field === 'fraction' ? 9 : 4;
    let end = at;
    while (end < text.length && end - at < most && /[0-9]/.test(text.charAt(end))) end++;
    if (end === at) return -1;
    const digits = text.slice(at, end);
    found[part.field] = part.field === 'fraction' ? Number(digits.slice(0, 3).padEnd(3, '0')) : Number(digits);
    return end;
  }
  const word = /^[A-Za-z]{2,9}\.?/.exec(text.slice(at, at + 12))?.[0];
  switch (part.kind) {
    case 'month': {
      found.month = MONTHS.indexOf((word ?? '').slice(0, 3).toLowerCase()) + 1;
      return word === undefined || found.month === 0 ? -1 : at + word.length;
    }
    case 'weekday':
      return word === undefined ? -1 : at + word.length;
    case 'half': {
      const half = text.slice(at, at + 2).toLowerCase();
      if (half !== 'am' && half !== 'pm') return -1;
      found.isAfternoon = half === 'pm';
      return at + 2;
    }
    case 'zone':
      return readZone(text, at, found);
  }
}

function readZone(text: string, at: number, found: Found): number {
  const zone = /^(?:(?:UTC|GMT)?[+-]\d{2}:?\d{2}|(?:UTC|GMT)?[+-]\d{2}|UTC|GMT|Z)/.exec(text.slice(at))?.[0];
  const minutes = zone === undefined ? zoneMinutes(wordAt(text, at) || '?') : zoneMinutes(zone);
  if (minutes === null) return -1;
  found.zone = minutes;
  return at + (zone ?? wordAt(text, at)).length;
}

function wordAt(text: string, at: number): string {
  return /^[A-Z]{3,4}/.exec(text.slice(at, at + 4))?.[0] ?? '';
}

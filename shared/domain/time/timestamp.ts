import { parseWordyTime } from './timestamp-words.ts';

/** A moment, and what had to be guessed to read it. */
export interface Timestamp {
  /** UTC epoch milliseconds, cut (not rounded) to the millisecond. */
  atMs: number;
  /** Set when the text was not quite a time: shown as a warning. */
  note: string | null;
}

/** No alert is from after this: a clock that says so is broken, and would stand above all others for ever. */
const LATEST_MS = Date.UTC(2200, 0, 1);
const DAY_MS = 86_400_000;
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function inRange(atMs: number): boolean {
  return atMs >= 0 && atMs < LATEST_MS;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** The moment of these civil numbers in UTC, or NaN when no calendar has them. Second 60 is a leap second. */
export function civilTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
) {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || day < 1 || day > days) return Number.NaN;
  if (month === 2 && day === 29 && !isLeap(year)) return Number.NaN;
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - 48;
  return value >= 0 && value <= 9 ? value : Number.NaN;
}

function two(text: string, at: number): number {
  return digit(text, at) * 10 + digit(text, at + 1);
}

/** Names of zones that mean one thing in practice (RFC 5322 section 4.3, and the European ones), minutes east of UTC. */
const NAMED_ZONES: ReadonlyMap<string, number> = new Map([
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['WET', 0],
  ['WEST', 60],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
]);

/** A zone at the end of a text: minutes east of UTC, null for what is no zone. */
export function zoneMinutes(zone: string): number | null {
  const rest = zone.trim();
  if (rest === '' || rest === 'Z' || rest === 'z' || rest === 'UTC' || rest === 'GMT') return 0;
  const match = /^(?:UTC|GMT)?([+-])(\d{2}):?(\d{2})?$/.exec(rest);
  if (match === null) return NAMED_ZONES.get(rest) ?? null;
  const hours = Number(match[2]);
  const minutes = Number(match[3] ?? '0');
  if (hours > 23 || minutes > 59) return null;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** By character, because this is read for every alert: milliseconds at `at` and where the digits end. */
function fraction(text: string, at: number): { ms: number; end: number } {
  let ms = 0;
  let end = at;
  for (let unit = 100; ; end++) {
    const value = digit(text, end);
    if (Number.isNaN(value)) return { ms, end };
    ms += value * unit;
    unit = unit === 100 ? 10 : unit === 10 ? 1 : 0;
  }
}

function withZone(localMs: number, zone: string): Timestamp | null {
  const minutes = zoneMinutes(zone);
  if (minutes !== null) return { atMs: localMs - minutes * 60_000, note: null };
  if (!/^Z/i.test(zone.trim())) return null;
  return { atMs: localMs, note: `"${quoted(zone.trim(), 20)}" is no time zone, read as UTC` };
}

/** ISO 8601 and its relatives: `T` or a space, any number of digits after the second, an offset without colon, or none. */
function parseIso(text: string): Timestamp | null {
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  if (text.length === 10) {
    const atMs = civilTime(year, month, day, 0, 0, 0, 0);
    return Number.isNaN(atMs) ? null : { atMs, note: null };
  }
  const between = text.charCodeAt(10);
  if (between !== 84 && between !== 116 && between !== 32) return null;
  if (text.charCodeAt(13) !== 58) return null;
  let second = 0;
  let ms = 0;
  let end = 16;
  if (text.charCodeAt(16) === 58) {
    second = two(text, 17);
    end = 19;
    const point = text.charCodeAt(19);
    if (point === 46 || point === 44) ({ ms, end } = fraction(text, 20));
  }
  const localMs = civilTime(year, month, day, two(text, 11), two(text, 14), second, ms);
  return Number.isNaN(localMs) ? null : withZone(localMs, text.slice(end));
}

/** The first three letters of the months, in English. */
export const MONTHS: readonly string[] = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];
const CLOCK = String.raw`(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?`;
/** `08/02/2014-10:50:25.823699`: month first, as Suricata's fast.log writes it. Snort leaves the year out. */
const US_ORDER = new RegExp(String.raw`^(\d{2})/(\d{2})(?:/(\d{4}))?[-T ]${CLOCK}(.*)$`);
/** `Jan 25 2021 20:37:54 UTC`, `Mar 03 2021:20:07:54 UTC`, and syslog's `Sep 10 16:03:01`. */
const NAMED_MONTH = new RegExp(String.raw`^([A-Za-z]{3})\s+(\d{1,2})(?:\s+(\d{4}))?[ :]${CLOCK}(.*)$`);

/** The latest year in which these numbers are not in the future. */
function withYear(match: RegExpExecArray, month: number, nearMs: number | null): Timestamp | null {
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const clock = [Number(match[2]), Number(match[4]), Number(match[5]), Number(match[6]), ms] as const;
  if (match[3] !== undefined) {
    const localMs = civilTime(Number(match[3]), month, ...clock);
    return Number.isNaN(localMs) ? null : withZone(localMs, match[8] ?? '');
  }
  if (nearMs === null) return null;
  const nearYear = new Date(nearMs).getUTCFullYear();
  for (let year = nearYear + 1; year > nearYear - 9; year--) {
    const localMs = civilTime(year, month, ...clock);
    if (Number.isNaN(localMs) || localMs > nearMs + DAY_MS) continue;
    const found = withZone(localMs, match[8] ?? '');
    return found === null ? null : { atMs: found.atMs, note: found.note ?? `no year given, taken as ${year}` };
  }
  return null;
}

function parseWords(text: string, nearMs: number | null): Timestamp | null {
  const us = US_ORDER.exec(text);
  // With a half of the day behind it is a form of portals, which write some days and hours with two digits, too.
  if (us !== null && !/^ ?[AP]M$/.test(us[8] ?? '')) return withYear(us, Number(us[1]), nearMs);
  const wordy = parseWordyTime(text);
  if (wordy !== null) {
    const { year, month, day, hour, minute, second, ms, zone } = wordy;
    const localMs = civilTime(year, month, day, hour, minute, second, ms);
    return Number.isNaN(localMs) ? null : withZone(localMs, zone);
  }
  const named = NAMED_MONTH.exec(text);
  if (named === null) return null;
  return withYear(named, MONTHS.indexOf((named[1] ?? '').toLowerCase()) + 1, nearMs);
}

/** Epoch seconds, milliseconds, microseconds or nanoseconds, told apart by size: each covers 1973 to 5138 at least. */
function parseEpoch(value: number): Timestamp | null {
  if (!Number.isFinite(value) || value < 0) return null;
  const atMs = value < 1e11 ? value * 1000 : value < 1e14 ? value : value < 1e17 ? value / 1e3 : value / 1e6;
  return { atMs: Math.floor(atMs + 1e-4), note: null };
}

/**
 * Reads any time that a product writes: ISO 8601 with its slips, US order, named months, epochs in four units. A time
 * without a zone is UTC. `nearMs` settles the year where none is written (syslog): the latest that is not in the future.
 * Null when it is no time, or one before 1970 or after 2199; `timestampProblem` says which.
 */
export function parseTimestamp(value: string | number, nearMs: number | null = null): Timestamp | null {
  const found = read(value, nearMs);
  return found !== null && inRange(found.atMs) ? found : null;
}

function read(value: string | number, nearMs: number | null): Timestamp | null {
  if (typeof value === 'number') return parseEpoch(value);
  if (value.length > 64) return null;
  if (value.charCodeAt(4) === 45 && value.charCodeAt(7) === 45) return parseIso(value);
  const text = value.trim();
  if (text !== value) return read(text, nearMs);
  if (/^\d{1,20}(\.\d{1,12})?$/.test(text)) return parseEpoch(Number(text));
  return parseWords(text, nearMs);
}

/** The beginning of a text that an attacker may have written, as every store takes it. */
function quoted(text: string, length: number): string {
  return text.slice(0, length).toWellFormed().replaceAll('\0', '\u2400');
}

/** Why `parseTimestamp` gave null for this, as an end of the sentence "the time …". */
export function timestampProblem(value: string | number): string {
  const shown = `"${quoted(String(value), 64)}"`;
  if (/^[+-]?\d{5,}-\d\d-\d\d/.test(String(value)) || read(value, null) !== null) {
    return `${shown} is outside the years 1970 to 2199`;
  }
  return `${shown} is not in a form that can be read`;
}

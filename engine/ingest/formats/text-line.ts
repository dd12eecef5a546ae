import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { SYSLOG_HEADER_MAX, type SyslogHeader, syslogHeader } from '../records/syslog.ts';
import { setTime } from './draft.ts';
import { at, LENGTH_LIMITS } from './values.ts';

/** Where a line of text stands: read from a source as it is, or wrapped in JSON by who moved it. */
const LINE_KEYS = ['line', 'message', '_raw', 'event', 'log'];

/** A line whose alert starts at `start`, behind a header. */
export interface TextLine {
  text: string;
  start: number;
  header: SyslogHeader;
  /** When whoever wrapped the line in JSON says that it was written. */
  wrappedAt: Json | undefined;
}

/** The line in which `mark` stands near the beginning; null when the record has none. */
export function textLine(record: JsonObject, mark: RegExp): TextLine | null {
  for (const key of LINE_KEYS) {
    const text = at(record, key);
    if (typeof text !== 'string') continue;
    const start = text.slice(0, SYSLOG_HEADER_MAX).search(mark);
    if (start < 0) continue;
    const wrappedAt = at(record, '@timestamp') ?? at(record, 'timestamp') ?? at(record, 'time');
    return { text, start, header: syslogHeader(text.slice(0, start)), wrappedAt };
  }
  return null;
}

/** Splits at marks that no backslash stands before, into `count` parts at most; the last holds the rest as it is. */
export function splitHeader(text: string, count: number): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let index = 0; index < text.length && parts.length < count - 1; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === '|') {
      parts.push(
        text
          .slice(from, index)
          .replace(/\\([|\\])/g, '$1')
          .trim(),
      );
      from = index + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** A key is a word that follows a blank and stands right before `=`; values go on to the next key, blanks and all. */
const KEY = /(?:^|\s)([\w.\-[\]]{1,100})=/g;

/** `a=1 b=two words c=3`; `isKey` is asked before a word ends the value of the key before it. */
export function spacedPairs(
  text: string,
  isKey: (word: string, current: string | null) => boolean,
): Map<string, string> {
  const pairs = new Map<string, string>();
  let current: string | null = null;
  let from = 0;
  const end = (to: number): void => {
    const value = text.slice(from, to).trim();
    if (current !== null && value !== '' && !pairs.has(current)) pairs.set(current, value);
  };
  for (const match of text.matchAll(KEY)) {
    const word = match[1] ?? '';
    if (!isKey(word, current)) continue;
    end(match.index);
    current = word;
    from = match.index + match[0].length;
  }
  end(text.length);
  return pairs;
}

type Candidate = readonly [field: string, value: Json | undefined];

/**
 * Sets the time from the line, its syslog header, its JSON wrapping, or as a last resort from when it came in: many
 * devices write no time at all. Gives true when the record itself says day and year, so that the time never changes;
 * a text is the end of the sentence "it has no usable time: …".
 */
export function setLineTime(
  alert: NormalisedAlert,
  warnings: ReadWarning[],
  own: readonly Candidate[],
  line: TextLine,
  nearMs: number | undefined,
): boolean | string {
  const all: Candidate[] = [...own, ['syslog header', line.header.time ?? undefined], ['timestamp', line.wrappedAt]];
  const written = all.filter(([, value]) => value !== undefined && value !== '0');
  const before = warnings.length;
  const problem = setTime(alert, warnings, written, nearMs ?? null);
  if (problem === null) return warnings.slice(before).every((warning) => !warning.message.includes('no year'));
  const why = written.length === 0 ? 'no time is written in it' : problem;
  if (nearMs === undefined || nearMs <= 0) return why;
  alert.observedAtMs = nearMs;
  warnings.push({ field: 'observedAtMs', message: `${why}; the time at which it came in stands in` });
  return false;
}

/** A reporting device is where it happened only when the line names nobody else. */
export function isAboutNobody(alert: NormalisedAlert): boolean {
  return alert.hosts.length === 0 && alert.sourceIp === null && alert.destinationIp === null;
}

/** "F5 ASM", and no vendor twice: "Fortinet Fortigate" stays, "Cisco Cisco ASA" does not. */
export function productName(vendor: string, product: string): string {
  const [first, second] = [vendor.trim().toLowerCase(), product.trim().toLowerCase()];
  const name = second.startsWith(first) ? second : `${first} ${second}`.trim();
  return name.slice(0, LENGTH_LIMITS.name).toWellFormed().replaceAll('\0', '');
}

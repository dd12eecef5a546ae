import { isAscii, isUtf8 } from 'node:buffer';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { faultText, type RecordFault, type RejectReason } from './raw-record.ts';

/** 402 bytes are the shortest that can be nested deeper than 200. */
function isShallow(bytes: Uint8Array, from: number, to: number, maxDepth: number): boolean {
  if (to - from <= maxDepth * 2) return true;
  let openers = 0;
  for (let index = from; index < to; index++) {
    // `[` and `{` differ in one bit.
    if (((bytes[index] ?? 0) & 0xdf) === 0x5b) openers++;
  }
  return openers <= maxDepth;
}

/** The exact depth, strings left out: asked only where brackets abound. */
function depthOf(bytes: Uint8Array, from: number, to: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 92 && inString) index++;
    else if (byte === 34) inString = !inString;
    else if (!inString && (byte & 0xdf) === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (!inString && (byte & 0xdf) === 0x5d) depth--;
  }
  return deepest;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/** A number of this many digits may be past 2^53, where a double drops digits. */
const RISKY_DIGITS = 16;
const FIRST_UNSAFE_DIGIT = 57;

/**
 * Whether a run of digits could be an integer past 2^53. Every run of 16 touches each sixteenth byte, so only those
 * are looked at.
 */
function hasLongNumber(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from + RISKY_DIGITS - 1; index < to; index += RISKY_DIGITS) {
    if (!isDigit(bytes[index])) continue;
    let first = index;
    while (first > from && isDigit(bytes[first - 1])) first--;
    let last = index;
    while (last + 1 < to && isDigit(bytes[last + 1])) last++;
    const digits = last - first + 1;
    if (digits > RISKY_DIGITS || (digits === RISKY_DIGITS && bytes[first] === FIRST_UNSAFE_DIGIT)) return true;
    index = last - ((last - from - RISKY_DIGITS + 1) % RISKY_DIGITS);
  }
  return false;
}

/** ES2026 gives the reviver the source text; the library types do not know yet. */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

const keepDigits: SourceReviver = (_key, value, context) => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const { source } = context;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
};

function parse(text: string, isLossless: boolean): unknown {
  return isLossless ? JSON.parse(text, keepDigits as Parameters<typeof JSON.parse>[1]) : JSON.parse(text);
}

/** Why a text is no record; `position` in characters, null when the fault has no one place. */
export interface BadText {
  reason: RejectReason;
  message: string;
  position: number | null;
}

/** What the bytes of one record came to. */
export type ParsedText = { value: JsonObject } | BadText;

/**
 * Parses one record. Integers past 2^53 become strings with all their digits, since they are ids and no quantities.
 * Of duplicate keys the last wins; `__proto__` is a key like every other.
 */
export function parseRecord(
  bytes: Buffer,
  from: number,
  to: number,
  maxDepth: number,
  knownAscii: boolean,
): ParsedText {
  if (!isShallow(bytes, from, to, maxDepth) && depthOf(bytes, from, to) > maxDepth) {
    return { reason: 'too_deep', message: `it is nested deeper than ${maxDepth} levels`, position: null };
  }
  const isPlain = knownAscii || isAscii(bytes.subarray(from, to));
  if (!isPlain && !isUtf8(bytes.subarray(from, to))) {
    return { reason: 'invalid_utf8', message: 'it holds bytes that are no UTF-8; save it as UTF-8', position: null };
  }
  const text = isPlain ? bytes.toString('latin1', from, to) : bytes.toString('utf8', from, to);
  try {
    const value = parse(text, hasLongNumber(bytes, from, to));
    if (isJsonObject(value)) return { value };
    return { reason: 'not_an_object', message: 'it is JSON, but no object; an alert is an object', position: null };
  } catch (error) {
    return whyNot(text, error);
  }
}

function whyNot(text: string, error: unknown): BadText {
  const said = error instanceof Error ? error.message : String(error);
  const place = /at position (\d+)/.exec(said);
  const isEnd = /end of JSON input|Unterminated/.test(said);
  const position = place !== null ? Number(place[1]) : isEnd ? text.length : null;
  if (text.includes('\0')) {
    return { reason: 'invalid_json', message: 'it holds NUL bytes, which are no JSON', position: text.indexOf('\0') };
  }
  const plain = said.replace(/,? (?:\.\.\.)?".*$/s, '').replace(/ in JSON.*$/s, '');
  return { reason: 'invalid_json', message: `it is no valid JSON: ${plain.slice(0, 200)}`, position };
}

/** A fault over bytes that are all at hand, with line and column of the place that the parser named. */
export function faultOf(piece: Uint8Array, parsed: BadText, startLine: number): RecordFault {
  const text = faultText(piece);
  let line = startLine;
  let column: number | null = null;
  if (parsed.position !== null) {
    const before = text.slice(0, parsed.position);
    const lastBreak = before.lastIndexOf('\n');
    column = before.length - lastBreak;
    line += before.split('\n').length - 1;
  }
  return {
    kind: 'fault',
    reason: parsed.reason,
    message: parsed.message,
    line,
    column,
    text,
    bytes: piece.byteLength,
  };
}

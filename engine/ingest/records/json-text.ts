import { isAscii, isUtf8 } from 'node:buffer';
import { jsonFaultPosition } from '../../../shared/domain/alert/json-fault.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { faultText, type RecordFault, type RejectReason } from './raw-record.ts';

/** The bytes of the chunk that records are cut from, four at a time. Made once for a chunk. */
let words: Int32Array = new Int32Array(0);

function wordsOf(buffer: ArrayBufferLike): Int32Array {
  if (words.buffer !== buffer) words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
  return words;
}

const isOpener = (byte: number | undefined): boolean => ((byte ?? 0) & 0xdf) === 0x5b;

/** 402 bytes are the shortest that can be nested deeper than 200. May say no of what is shallow, never yes of what is deep. */
function isShallow(bytes: Uint8Array, from: number, to: number, maxDepth: number): boolean {
  if (to - from <= maxDepth * 2) return true;
  const all = wordsOf(bytes.buffer);
  const first = (bytes.byteOffset + from + 3) >> 2;
  const last = (bytes.byteOffset + to) >> 2;
  let openers = 0;
  for (let at = from; at < first * 4 - bytes.byteOffset; at++) if (isOpener(bytes[at])) openers++;
  for (let at = last * 4 - bytes.byteOffset; at < to; at++) if (isOpener(bytes[at])) openers++;
  for (let at = first; at < last; at++) {
    // `[` and `{` differ in one bit; bytes that are one of them become 0, and a 0 among four is found by its borrow.
    const rest = ((all[at] ?? 0) & 0xdfdfdfdf) ^ 0x5b5b5b5b;
    let found = (rest - 0x01010101) & ~rest & 0x80808080;
    for (; found !== 0; found &= found - 1) openers++;
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
  const position = jsonFaultPosition(text);
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

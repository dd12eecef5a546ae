import type { RawRecord } from '../records/raw-record.ts';
import { textRecord } from '../records/text-record.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/**
 * The product's record in one object of Splunk's HTTP Event Collector: exactly the bytes of its `event`, or the text when
 * that is a string. An object without `event` is a record itself, as people send it who know no collector. A line of
 * text that names no time of its own (CEF, LEEF) keeps the object around it, which has one. Null when `event` is blank.
 */
export function eventFrame(record: Extract<RawRecord, { kind: 'record' }>): Uint8Array | null {
  const { value, bytes } = record;
  if (!Object.hasOwn(value, 'event')) return bytes;
  const { event } = value;
  if (typeof event === 'object' && event !== null) return memberBytes(bytes, 'event') ?? bytes;
  if (typeof event !== 'string' || event.trim() === '') return null;
  const text = Buffer.from(event, 'utf8');
  const isLine = typeof textRecord(text)?.line === 'string';
  return isLine ? bytes : text;
}

/** The bytes of a member's value in the text of a whole, valid object; the last one where a name stands twice. */
export function memberBytes(object: Uint8Array, name: string): Uint8Array | null {
  const wanted = Buffer.from(JSON.stringify(name));
  let found: Uint8Array | null = null;
  let depth = 0;
  let isKey = false;
  let from = -1;
  for (let at = 0; at < object.length; at += 1) {
    const byte = object[at] ?? 0;
    if (byte === QUOTE) {
      const end = endOfString(object, at);
      if (depth === 1 && isKey) {
        isKey = false;
        if (wanted.equals(object.subarray(at, end + 1))) from = 0;
      }
      at = end;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      if (depth === 1) isKey = true;
    } else if (byte === COLON && depth === 1 && from === 0) {
      from = at + 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COMMA) {
      if (depth === 1) {
        if (from > 0) found = withoutBlanks(object.subarray(from, at));
        from = -1;
        isKey = true;
      }
      if (byte !== COMMA) depth -= 1;
    }
  }
  return found;
}

/** Offset of the closing quote. */
function endOfString(bytes: Uint8Array, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}

function withoutBlanks(bytes: Uint8Array): Uint8Array {
  let from = 0;
  let to = bytes.length;
  while (from < to && (bytes[from] ?? 0) <= SPACE) from += 1;
  while (to > from && (bytes[to - 1] ?? 0) <= SPACE) to -= 1;
  return bytes.subarray(from, to);
}

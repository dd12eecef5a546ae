import type { JsonObject } from '../../../shared/model/json.ts';
import { parseRecord } from './json-text.ts';
import { textRecord } from './text-record.ts';

/** A record within an answer: where it starts there, its value, and its bytes as they are kept. */
export interface InnerRecord {
  at: number;
  value: JsonObject;
  bytes: Buffer;
}

/** A log as text; Chronicle's own interface writes it in base64. */
export function recordOfText(data: unknown, maxDepth: number): InnerRecord | null {
  if (typeof data !== 'string') return null;
  const isBase64 = /^[A-Za-z0-9+/\s]{8,}={0,2}\s*$/.test(data.slice(0, 4096)) && !data.includes('{');
  const bytes = Buffer.from(data.trim(), isBase64 ? 'base64' : 'utf8');
  const parsed = parseRecord(bytes, 0, bytes.length, maxDepth, false);
  const value = 'value' in parsed ? parsed.value : textRecord(bytes, maxDepth);
  return value === null ? null : { at: 0, value, bytes };
}

/** The elements of the list under a top-level key, cut out of the text byte by byte, so that no digit of them changes. */
export function elementsUnder(name: string, wrapping: string, bytes: Buffer, maxDepth: number): InnerRecord[] {
  const found: InnerRecord[] = [];
  const head = Buffer.from(wrapping);
  const tail = Buffer.from(wrapping === '' ? '' : '}');
  for (const [from, to] of rangesUnder(name, bytes)) {
    const whole = Buffer.concat([head, bytes.subarray(from, to), tail]);
    const parsed = parseRecord(whole, 0, whole.length, maxDepth + 1, false);
    if ('value' in parsed) found.push({ at: from, value: parsed.value, bytes: whole });
  }
  return found;
}

/** The object under a top-level key, with its own bytes. */
export function objectUnder(name: string, bytes: Buffer, maxDepth: number): InnerRecord | null {
  let depth = 0;
  let isKey = false;
  let start = -1;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 34) {
      const end = endOfString(bytes, index);
      if (depth === 1) isKey = plainText(bytes, index + 1, end) === name;
      index = end;
    } else if (byte === 123 || byte === 91) {
      if (depth === 1 && isKey && byte === 123) start = index;
      depth++;
    } else if (byte === 125 || byte === 93) {
      depth--;
      if (depth > 1 || start < 0) continue;
      const inner = Buffer.from(bytes.subarray(start, index + 1));
      const parsed = parseRecord(inner, 0, inner.length, maxDepth, false);
      return 'value' in parsed ? { at: start, value: parsed.value, bytes: inner } : null;
    }
  }
  return null;
}

function rangesUnder(name: string, bytes: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let isKey = false;
  let isInList = false;
  let start = -1;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 34) {
      const end = endOfString(bytes, index);
      if (depth === 1) isKey = plainText(bytes, index + 1, end) === name;
      index = end;
    } else if (byte === 123 || byte === 91) {
      if (depth === 1) isInList = isKey && byte === 91;
      else if (depth === 2 && isInList) start = index;
      depth++;
    } else if (byte === 125 || byte === 93) {
      depth--;
      if (depth === 2 && isInList && start >= 0) ranges.push([start, index + 1]);
      if (depth === 2) start = -1;
    }
  }
  return ranges;
}

/** A name may be written with escapes of its letters: what was found in the value must be found in its bytes. */
function plainText(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to);
  if (!text.includes('\\u')) return text;
  return text.replace(/\\u([0-9A-Fa-f]{4})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function endOfString(bytes: Buffer, from: number): number {
  let index = from + 1;
  while (index < bytes.length && bytes[index] !== 34) index += bytes[index] === 92 ? 2 : 1;
  return index;
}

import type { JsonObject } from '../../../shared/model/json.ts';
import { parseRecord } from './json-text.ts';
import { DEFAULT_MAX_DEPTH } from './raw-record.ts';
import { tableRecord } from './table.ts';
import { textRecord } from './text-record.ts';

const OPEN_OBJECT = 123;

/** The record that the kept bytes of an original are, as the reader gave it when it came in; null when they are none. */
export function recordOfOriginal(original: Uint8Array): JsonObject | null {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.byteLength);
  if (bytes[0] === OPEN_OBJECT) {
    const parsed = parseRecord(bytes, 0, bytes.byteLength, DEFAULT_MAX_DEPTH, false);
    return 'value' in parsed ? parsed.value : null;
  }
  return tableRecord(bytes) ?? textRecord(bytes) ?? { line: bytes.toString('utf8') };
}

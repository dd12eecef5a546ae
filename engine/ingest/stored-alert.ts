import type { NormalisedAlert, ReadWarning } from '../../shared/model/alert.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import { formatNamed } from './formats/index.ts';
import { parseRecord } from './records/json-text.ts';
import { DEFAULT_MAX_DEPTH } from './records/raw-record.ts';

/** An alert read once more from its original. */
export interface StoredAlert {
  alert: NormalisedAlert;
  raw: JsonObject;
  warnings: ReadWarning[];
}

/** The record that these bytes are; null when they are none. */
export function parseOriginal(original: Uint8Array): JsonObject | null {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.byteLength);
  const parsed = parseRecord(bytes, 0, bytes.byteLength, DEFAULT_MAX_DEPTH, false);
  return 'value' in parsed ? parsed.value : null;
}

/** Reads a kept original in the format under which it was stored; null when this program cannot read it any more. */
export function readStoredAlert(formatName: string, original: Uint8Array): StoredAlert | null {
  const raw = parseOriginal(original);
  const result = raw === null ? undefined : formatNamed(formatName)?.read(raw);
  return raw !== null && result?.kind === 'alert' ? { alert: result.alert, raw, warnings: result.warnings } : null;
}

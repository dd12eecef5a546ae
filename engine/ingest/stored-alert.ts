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

/** Reads a kept original in the format under which it was stored; null when this program cannot read it any more. */
export function readStoredAlert(formatName: string, original: Uint8Array): StoredAlert | null {
  const bytes = Buffer.from(original.buffer, original.byteOffset, original.byteLength);
  const parsed = parseRecord(bytes, 0, bytes.byteLength, DEFAULT_MAX_DEPTH, false);
  if (!('value' in parsed)) return null;
  const result = formatNamed(formatName)?.read(parsed.value);
  return result?.kind === 'alert' ? { alert: result.alert, raw: parsed.value, warnings: result.warnings } : null;
}

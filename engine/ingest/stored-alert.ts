import type { NormalisedAlert, ReadWarning } from '../../shared/model/alert.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { recordOfOriginal } from './records/original.ts';

/** An alert read once more from its original. */
export interface StoredAlert {
  alert: NormalisedAlert;
  raw: JsonObject;
  warnings: ReadWarning[];
}

/**
 * Reads a kept original in the format under which it was stored; null when this program cannot read it any more.
 * `nearMs` is the time under which it was stored: what has no year, or no time at all, gets the same one again.
 */
export function readStoredAlert(
  formats: FormatCatalogue,
  formatName: string,
  original: Uint8Array,
  nearMs: number,
): StoredAlert | null {
  const raw = recordOfOriginal(original);
  const result = raw === null ? undefined : formats.named(formatName)?.read(raw, nearMs);
  return raw !== null && result?.kind === 'alert' ? { alert: result.alert, raw, warnings: result.warnings } : null;
}

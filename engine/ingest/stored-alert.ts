import type { NormalisedAlert, ReadWarning } from '../../shared/model/alert.ts';
import type { JsonObject } from '../../shared/model/json.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { recordOfOriginal } from './records/original.ts';

/** An alert read once more from its original. */
export interface StoredAlert {
  alert: NormalisedAlert;
  raw: JsonObject;
  warnings: ReadWarning[];
  /** Why it was read as an earlier mapping read it; null for one that is read as new ones are. */
  readBefore: string | null;
}

/**
 * Reads a kept original in the format under which it was stored; null when this program cannot read it any more. A
 * mapping that was changed mends what it read before; where it makes no alert of the record any more, or its file is
 * gone, the record is shown as an earlier one read it, with a warning.
 * `nearMs` is the time under which it was stored: what has no year, or no time at all, gets the same one again.
 */
export function readStoredAlert(
  formats: FormatCatalogue,
  formatName: string,
  original: Uint8Array,
  nearMs: number,
): StoredAlert | null {
  const raw = recordOfOriginal(original);
  if (raw === null) return null;
  const inForce = formats.named(formatName);
  const result = inForce?.read(raw, nearMs);
  if (result?.kind === 'alert') return { alert: result.alert, raw, warnings: result.warnings, readBefore: null };
  for (const format of formats.earlier(formatName)) {
    const before = format.read(raw, nearMs);
    if (before.kind !== 'alert') continue;
    const readBefore = inForce === null ? REMOVED : CHANGED;
    const warnings = [{ field: 'raw', message: readBefore }, ...before.warnings];
    return { alert: before.alert, raw, warnings, readBefore };
  }
  return null;
}

const REMOVED = 'Its mapping was taken away. It is shown as that mapping read it last.';
const CHANGED =
  'Its mapping was changed and makes no alert of this record any more. It is shown as it was read before.';

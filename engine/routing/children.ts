import { formatId } from '../../shared/model/ids.ts';
import type { ChildAlert } from '../../shared/model/queue.ts';
import { severityOfRank, severityRank } from '../../shared/model/vocabulary.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { readStoredAlert, type StoredAlert } from '../ingest/stored-alert.ts';
import { type AlertRow, alertsOfGroups } from '../store/alerts.ts';
import { readOriginals } from '../store/originals.ts';
import type { Read } from '../store/store.ts';

export interface ChildPage {
  alerts: ChildAlert[];
  nextCursor: string | null;
  /** The last alert of the page as its format reads it; null when its original is gone. */
  last: StoredAlert | null;
}

/** A page of the alerts that came into these groups, by rising id, read once more from their originals. */
export async function readChildren(
  db: Read,
  formats: FormatCatalogue,
  homes: readonly number[],
  afterId: number,
  limit: number,
): Promise<ChildPage> {
  const found = await alertsOfGroups(db, homes, afterId, limit + 1);
  const rows = found.slice(0, limit);
  const stored = await readStored(db, formats, rows);
  const alerts = rows.map((row, i) => childOf(row, stored[i] ?? null));
  const nextCursor = found.length > limit ? String(rows.at(-1)?.id ?? '') : null;
  return { alerts, nextCursor, last: stored.findLast((one) => one !== null) ?? null };
}

export async function readStored(
  db: Read,
  formats: FormatCatalogue,
  rows: readonly AlertRow[],
): Promise<(StoredAlert | null)[]> {
  const originals = await readOriginals(
    db,
    rows.map((row) => ({ blockId: row.block_id, slot: row.slot })),
  );
  return rows.map((row, i) => {
    const original = originals[i];
    return original ? readStoredAlert(formats, row.format, original, row.observed_at_ms) : null;
  });
}

export function childOf(row: AlertRow, stored: StoredAlert | null): ChildAlert {
  const alert = stored?.alert ?? null;
  return {
    id: row.id,
    ref: formatId('alr', row.id),
    title: row.title,
    severity: severityOfRank(row.severity),
    severityScore: row.severity_score,
    claimedSeverity: alert === null || severityRank(alert.severity) === row.severity ? null : alert.severity,
    observedAtMs: row.observed_at_ms,
    receivedAtMs: row.received_at_ms,
    sourceIp: alert?.sourceIp ?? null,
    destinationIp: alert?.destinationIp ?? null,
    host: alert?.hosts[0] ?? null,
    user: alert?.users[0] ?? null,
    commandLine: alert?.process.commandLine ?? null,
    revision: row.revision,
  };
}

import { listFields } from '../../shared/domain/alert/ecs-fields.ts';
import type { MaskedAudit } from '../../shared/model/assurance.ts';
import { formatId } from '../../shared/model/ids.ts';
import { severityOfRank } from '../../shared/model/vocabulary.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { readStored } from '../routing/children.ts';
import { alertsOfGroups } from '../store/alerts.ts';
import type { AuditRow } from '../store/audits.ts';
import { groupById } from '../store/group-detail.ts';
import { homesOf } from '../store/group-links.ts';
import type { Read } from '../store/store.ts';

const ALERTS_SHOWN = 5;
type EntityKind = MaskedAudit['entity']['kind'];

/**
 * An audit as its reader sees it: what the product said, and nothing of what became of it. No id of the item or of its
 * alerts, no status, no disposition, no matched rule, no tag or route that a rule gave. Null when the item is gone.
 */
export async function maskedAudit(db: Read, formats: FormatCatalogue, audit: AuditRow): Promise<MaskedAudit | null> {
  const group = await groupById(db, audit.group_id);
  if (group === null) return null;
  const rows = await alertsOfGroups(db, await homesOf(db, group.id), 0, ALERTS_SHOWN);
  const stored = await readStored(db, formats, rows);
  const day = new Date(audit.drawn_at_ms).toISOString().slice(0, 10);
  return {
    id: audit.id,
    ref: formatId('aud', audit.id),
    title: group.title,
    product: group.product,
    severity: severityOfRank(group.severity),
    entity: { kind: group.entity_kind as EntityKind, value: group.entity_value },
    count: group.count,
    firstObservedAtMs: group.first_observed_at_ms,
    lastObservedAtMs: group.last_observed_at_ms,
    drawnAtMs: audit.drawn_at_ms,
    dueAtMs: audit.due_at_ms,
    alerts: rows.map((row, index) => {
      const alert = stored[index]?.alert ?? null;
      return {
        observedAtMs: row.observed_at_ms,
        description: alert?.description ?? '',
        fields: alert === null ? [] : listFields(alert),
      };
    }),
    note: `Drawn on ${day} for review: do not act on it. Looking the original up voids this reading.`,
  };
}

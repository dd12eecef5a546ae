import { readAlertList } from './alert-list.ts';
import { findRows } from './bulk.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

/** A content of an alert that lies in a block: what the alert says now, or one of its earlier revisions. */
export interface Owner {
  alertId: number;
  groupId: number;
  /** Null when it is what the alert says now. */
  revision: number | null;
  blockId: number;
  slot: number;
}

/** Whose contents lie in these blocks, as the rows of the alerts themselves say it. */
export async function ownersOf(
  tx: Write,
  blocks: readonly Pick<Tables['original_index'], 'block_id' | 'alerts'>[],
): Promise<Owner[]> {
  const wanted = new Set(blocks.map(({ block_id }) => block_id));
  const ids = [...new Set(blocks.flatMap(({ alerts }) => readAlertList(alerts)))];
  const alerts = await findRows(
    tx,
    'alert',
    ['id'],
    ids.map((id) => ({ id })),
  );
  const groupOf = new Map(alerts.map((alert) => [alert.id, alert.group_id]));
  const revised = alerts.filter(({ revision }) => revision > 0);
  const revisions = await findRows(
    tx,
    'alert_revision',
    ['alert_id'],
    revised.map(({ id }) => ({ alert_id: id })),
  );
  return [
    ...alerts.map((row) => ({
      alertId: row.id,
      groupId: row.group_id,
      revision: null,
      blockId: row.block_id,
      slot: row.slot,
    })),
    ...revisions.map((row) => ({
      alertId: row.alert_id,
      groupId: groupOf.get(row.alert_id) ?? 0,
      revision: row.revision,
      blockId: row.block_id,
      slot: row.slot,
    })),
  ].filter(({ blockId }) => wanted.has(blockId));
}

import type { DecisionSubject } from '../handlers.ts';
import { CountDeltas } from './counts.ts';
import type { Tables } from './schema.ts';
import type { Write } from './store.ts';

type GroupRow = Tables['alert_group'];

/** Columns of a group that a decision may change. */
export type GroupChange = Partial<
  Pick<GroupRow, 'status' | 'tier' | 'assignee_id' | 'due_at_ms' | 'hold_until_ms' | 'not_now_count'>
>;

/**
 * Changes one open group by a decision, with its version and the kept counts, and gives what the ledger keeps of it.
 * `nowMs` dates the flow into and out of the queue.
 */
export async function changeGroup(
  tx: Write,
  before: GroupRow,
  change: GroupChange,
  nowMs: number,
): Promise<DecisionSubject> {
  const versionAfter = before.version + 1;
  await tx
    .updateTable('alert_group')
    .set({ ...change, version: versionAfter })
    .where('id', '=', before.id)
    .execute();
  const counts = new CountDeltas();
  counts.move(before, { ...before, ...change }, nowMs);
  await counts.apply(tx);
  const old = Object.fromEntries(Object.keys(change).map((column) => [column, Reflect.get(before, column)]));
  return { groupId: before.id, before: old, after: change, versionAfter };
}

import type { RetentionPolicy } from '../../shared/model/policy.ts';
import type { Write } from './store.ts';

const DAY_MS = 86_400_000;

type Purged = keyof RetentionPolicy['purged'];

/**
 * Deletes what is older than the policy allows, and gives how many rows of each table went. Runs again and again;
 * a second run at the same time deletes nothing.
 */
export async function purgeOld(tx: Write, nowMs: number, policy: RetentionPolicy): Promise<Record<Purged, number>> {
  const before = (table: Purged) => nowMs - policy.purged[table].days * DAY_MS;
  const sampleDay = Math.floor(before('handling_sample') / DAY_MS);
  return {
    strain_band: await rowsOf(tx.deleteFrom('strain_band').where('since_ms', '<', before('strain_band'))),
    own_remark: await rowsOf(tx.deleteFrom('own_remark').where('at_ms', '<', before('own_remark'))),
    // By its end: leave of many weeks is still part of the weeks that are counted back over.
    duty: await rowsOf(tx.deleteFrom('duty').where('ends_at_ms', '<', before('duty'))),
    band_access: await rowsOf(tx.deleteFrom('band_access').where('at_ms', '<', before('band_access'))),
    handling_sample: await rowsOf(tx.deleteFrom('handling_sample').where('day', '<', sampleDay)),
    command_answer: await rowsOf(tx.deleteFrom('command_answer').where('at_ms', '<', before('command_answer'))),
  };
}

interface Deletion {
  executeTakeFirst(): Promise<{ numDeletedRows: bigint }>;
}

async function rowsOf(deletion: Deletion): Promise<number> {
  return Number((await deletion.executeTakeFirst()).numDeletedRows);
}

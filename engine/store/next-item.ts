import { sql } from 'kysely';
import type { Tier } from '../../shared/model/vocabulary.ts';
import { ITEM_COLUMNS, type ItemRow } from './queue-items.ts';
import type { Read } from './store.ts';

/** Open items of these tiers that one person may work on, by priority: theirs, and with `withPool` those nobody owns. */
export function workableItems(
  db: Read,
  tiers: readonly Tier[],
  personId: string,
  options: { withPool: boolean; limit: number },
): Promise<ItemRow[]> {
  return db
    .selectFrom('alert_group')
    .select(ITEM_COLUMNS)
    .where('is_open', '=', sql.lit(1))
    .$if(options.withPool, (query) =>
      query.where('tier', 'in', tiers).where((eb) => eb(sql`coalesce(assignee_id, '')`, 'in', ['', personId])),
    )
    .$if(!options.withPool, (query) => query.where('assignee_id', '=', personId))
    .where(sql`coalesce(status, '')`, '!=', 'on_hold')
    .orderBy('priority_points', 'desc')
    .orderBy('id')
    .limit(options.limit)
    .execute();
}

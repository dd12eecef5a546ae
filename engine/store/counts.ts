import { type Expression, sql } from 'kysely';
import type { Tables } from './schema.ts';
import type { Read, Write } from './store.ts';

/** The columns of a group that the kept counts look at. */
export type CountedGroup = Pick<
  Tables['alert_group'],
  'is_open' | 'status' | 'severity' | 'tier' | 'product' | 'assignee_id' | 'priority_level' | 'closed_by_kind'
>;

type CountKey = Omit<Tables['group_count'], 'n'>;
type Flow = Omit<Tables['hourly_flow'], 'hour' | 'tier'>;

const HOUR_MS = 3_600_000;

function countKeyOf(group: CountedGroup): CountKey {
  const isOpen = group.is_open === 1;
  return {
    is_open: group.is_open,
    status: group.status,
    severity: group.severity,
    tier: group.tier,
    product: group.product,
    assignee_id: isOpen ? (group.assignee_id ?? '') : '',
    priority_level: group.priority_level,
    closed_by_kind: isOpen ? '' : (group.closed_by_kind ?? ''),
  };
}

/**
 * The one place that keeps the counts of groups and the hourly flow. Collects what a transaction does to groups,
 * row before and row after, and is applied once at its end.
 */
export class CountDeltas {
  readonly #counts = new Map<string, { key: CountKey; n: number }>();
  readonly #flows = new Map<string, { hour: number; tier: string; flow: Flow }>();

  /**
   * A group went from `before` to `after` (null: it did not exist).
   * `flowAtMs` is when it came into or went out of the queue; null for history, which is no one's work today.
   */
  move(before: CountedGroup | null, after: CountedGroup | null, flowAtMs: number | null): void {
    if (before !== null) this.#add(countKeyOf(before), -1);
    if (after !== null) this.#add(countKeyOf(after), 1);
    if (flowAtMs === null || after === null) return;
    const wasOpen = before?.is_open === 1;
    const isOpen = after.is_open === 1;
    if (!wasOpen && isOpen) this.#flow(flowAtMs, after.tier, 'received');
    if (wasOpen && !isOpen) this.#flow(flowAtMs, after.tier, 'finished');
    if (before === null && !isOpen) this.#flow(flowAtMs, after.tier, 'auto_closed');
  }

  async apply(tx: Write): Promise<void> {
    const counts = [...this.#counts.values()].filter(({ n }) => n !== 0).map(({ key, n }) => ({ ...key, n }));
    for (let from = 0; from < counts.length; from += 50) {
      await tx
        .insertInto('group_count')
        .values(counts.slice(from, from + 50))
        .onConflict((conflict) =>
          conflict
            .columns([
              'is_open',
              'status',
              'severity',
              'tier',
              'product',
              'assignee_id',
              'priority_level',
              'closed_by_kind',
            ])
            .doUpdateSet({ n: sql<number>`group_count.n + excluded.n` }),
        )
        .execute();
    }
    if (counts.some(({ n }) => n < 0)) await tx.deleteFrom('group_count').where('n', '=', 0).execute();
    for (const { hour, tier, flow } of this.#flows.values()) {
      const plus = (column: keyof Flow): Expression<number> =>
        sql<number>`${sql.ref(`hourly_flow.${column}`)} + ${flow[column]}`;
      await tx
        .insertInto('hourly_flow')
        .values({ hour, tier, ...flow })
        .onConflict((conflict) =>
          conflict.columns(['hour', 'tier']).doUpdateSet({
            received: plus('received'),
            finished: plus('finished'),
            auto_closed: plus('auto_closed'),
          }),
        )
        .execute();
    }
    this.#counts.clear();
    this.#flows.clear();
  }

  #add(key: CountKey, n: number): void {
    const text = Object.values(key).join('\u0000');
    const known = this.#counts.get(text);
    if (known === undefined) this.#counts.set(text, { key, n });
    else known.n += n;
  }

  #flow(atMs: number, tier: string, column: keyof Flow): void {
    const hour = Math.floor(atMs / HOUR_MS);
    const text = `${hour} ${tier}`;
    let known = this.#flows.get(text);
    if (known === undefined) {
      known = { hour, tier, flow: { received: 0, finished: 0, auto_closed: 0 } };
      this.#flows.set(text, known);
    }
    known.flow[column] += 1;
  }
}

/** Counts everything again from the groups: the oracle of the kept counts, and their repair. */
export async function recount(db: Read): Promise<Tables['group_count'][]> {
  const rows = await db
    .selectFrom('alert_group')
    .select((eb) => [
      'is_open',
      'status',
      'severity',
      'tier',
      'product',
      eb
        .case()
        .when('is_open', '=', 1)
        .then(eb.fn.coalesce('assignee_id', sql.lit('')))
        .else(sql.lit(''))
        .end()
        .as('assignee_id'),
      'priority_level',
      eb
        .case()
        .when('is_open', '=', 1)
        .then(sql.lit(''))
        .else(eb.fn.coalesce('closed_by_kind', sql.lit('')))
        .end()
        .as('closed_by_kind'),
      eb.fn.countAll<number>().as('n'),
    ])
    .groupBy(['is_open', 'status', 'severity', 'tier', 'product', sql`6`, 'priority_level', sql`8`])
    .execute();
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

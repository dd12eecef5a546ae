import type { QueueFilter } from '../../shared/model/queue.ts';
import { PRIORITY_LEVELS, severityOfRank } from '../../shared/model/vocabulary.ts';
import type { Read } from './store.ts';

export interface Facet {
  value: string;
  n: number;
}

export interface Facets {
  severities: Facet[];
  statuses: Facet[];
  tiers: Facet[];
  products: Facet[];
  /** `none` for unowned; open groups only. */
  assignees: Facet[];
  priorityLevels: Facet[];
  total: number;
  mine: number;
}

/** Sums over the kept counts; nothing is counted here. */
export async function readFacets(db: Read, state: QueueFilter['state'], personId: string | null): Promise<Facets> {
  const rows = await db
    .selectFrom('group_count')
    .selectAll()
    .$if(state !== 'all', (query) => query.where('is_open', '=', state === 'open' ? 1 : 0))
    .execute();
  const sum = (pick: (row: (typeof rows)[number]) => string | null): Facet[] => {
    const sums = new Map<string, number>();
    for (const row of rows) {
      const value = pick(row);
      if (value !== null) sums.set(value, (sums.get(value) ?? 0) + row.n);
    }
    return [...sums].map(([value, n]) => ({ value, n })).sort((a, b) => b.n - a.n || (a.value < b.value ? -1 : 1));
  };
  return {
    severities: sum((row) => severityOfRank(row.severity)),
    statuses: sum((row) => row.status),
    tiers: sum((row) => row.tier),
    products: sum((row) => row.product),
    assignees: sum((row) => (row.is_open === 1 ? row.assignee_id || 'none' : null)),
    priorityLevels: sum((row) => PRIORITY_LEVELS[row.priority_level - 1] ?? 'P4'),
    total: rows.reduce((total, row) => total + row.n, 0),
    mine: rows.reduce((mine, row) => mine + (row.is_open === 1 && row.assignee_id === personId ? row.n : 0), 0),
  };
}

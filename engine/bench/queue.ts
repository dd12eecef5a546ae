import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type QueueFilter, type QueueSort, queueFilterSchema } from '../../shared/model/queue.ts';
import type { Clock, Log } from '../ports.ts';
import { resolveFilter } from '../routing/resolve-filter.ts';
import { openStore } from '../store/open.ts';
import { itemsOf } from '../store/queue-items.ts';
import { readPage } from '../store/queue-page.ts';
import type { Store } from '../store/store.ts';
import type { BenchResult } from './bench-result.ts';
import { fillQueue } from './fill-queue.ts';

export interface BenchQueueOptions {
  clock: Clock;
  log: Log;
  /** Stored alerts of the large database; the small one has a tenth. Two alerts are one group, a fifth is open. */
  alerts?: number;
  /** Requests of each kind. */
  rounds?: number;
  seed?: string;
}

const ALERTS = 1_000_000;
const ROUNDS = 200;
const PAGE_ROWS = 200;
const DEEP_PAGE = 100;

interface Request {
  filter: Partial<QueueFilter>;
  sort: QueueSort;
}

/** What people filter by, in turn: common and rare values, several at once, open and closed. */
const FILTERS: readonly Request[] = [
  { filter: { severities: ['high', 'critical'], tiers: ['tier1'] }, sort: 'priority' },
  { filter: { products: ['wazuh'], statuses: ['new'] }, sort: 'priority' },
  { filter: { assignee: 'person-7' }, sort: 'priority' },
  { filter: { assignee: 'none', tiers: ['tier3'], severities: ['low'] }, sort: 'priority' },
  { filter: { priorityLevels: ['P1'] }, sort: 'newest' },
  { filter: { severities: ['critical'] }, sort: 'newest' },
  { filter: { tiers: ['tier2', 'lead'] }, sort: 'oldest' },
  { filter: { state: 'closed', closedByKinds: ['person'] }, sort: 'closedAt' },
  { filter: { state: 'closed', closingRuleId: 'rule-3' }, sort: 'closedAt' },
  { filter: { state: 'all', entityValue: 'host-42' }, sort: 'newest' },
  { filter: { state: 'all', sourceRuleId: 'rule-17' }, sort: 'newest' },
  { filter: { site: 'plant' }, sort: 'priority' },
];

interface Measured {
  firstPage: number[];
  deepPage: number[];
  filter: number[];
}

/** Milliseconds of the queue's pages, as `queue.list` reads them, at a size and at a tenth of it. */
export async function benchQueue(options: BenchQueueOptions): Promise<BenchResult> {
  const large = options.alerts ?? ALERTS;
  const small = await measureAt(Math.floor(large / 10), options);
  const big = await measureAt(large, options);
  return {
    name: 'queue',
    metrics: {
      firstPageP50Ms100k: percentile(small.firstPage, 0.5),
      firstPageP95Ms100k: percentile(small.firstPage, 0.95),
      firstPageP50Ms1m: percentile(big.firstPage, 0.5),
      firstPageP95Ms1m: percentile(big.firstPage, 0.95),
      page100P50Ms1m: percentile(big.deepPage, 0.5),
      page100P95Ms1m: percentile(big.deepPage, 0.95),
      filterP50Ms1m: percentile(big.filter, 0.5),
      filterP95Ms1m: percentile(big.filter, 0.95),
      groups1m: big.groups,
    },
    peers: {
      atATenth: {
        firstPageP95Ms: percentile(small.firstPage, 0.95),
        page100P95Ms: percentile(small.deepPage, 0.95),
        filterP95Ms: percentile(small.filter, 0.95),
        groups: small.groups,
      },
    },
  };
}

async function measureAt(alerts: number, options: BenchQueueOptions): Promise<Measured & { groups: number }> {
  const { clock, log, rounds = ROUNDS, seed = 'bench' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'evenwatch-bench-'));
  const store = await openStore({ target: { kind: 'sqlite', path: join(folder, 'queue.db') }, log, clock });
  try {
    const { groups } = await fillQueue(store, alerts, clock.nowMs(), seed);
    const first: Request = { filter: {}, sort: 'priority' };
    const deepCursor = await cursorOfPage(store, first, DEEP_PAGE);
    const measured: Measured = { firstPage: [], deepPage: [], filter: [] };
    for (let round = 0; round < rounds; round += 1) {
      measured.firstPage.push((await timedPage(store, first, null)).ms);
      measured.deepPage.push((await timedPage(store, first, deepCursor)).ms);
      const request = FILTERS[round % FILTERS.length] ?? first;
      measured.filter.push((await timedPage(store, request, null)).ms);
    }
    return { ...measured, groups };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function cursorOfPage(store: Store, request: Request, page: number): Promise<string | null> {
  let cursor: string | null = null;
  for (let n = 1; n < page; n += 1) {
    const next: string | null = (await timedPage(store, request, cursor)).nextCursor;
    if (next === null) return cursor;
    cursor = next;
  }
  return cursor;
}

/** A stopwatch, and no time of the product: the engine's clock counts whole milliseconds. */
async function timedPage(
  store: Store,
  { filter, sort }: Request,
  cursor: string | null,
): Promise<{ ms: number; nextCursor: string | null }> {
  const startedAt = performance.now();
  const nextCursor = await store.read(async (db) => {
    const resolved = await resolveFilter(db, queueFilterSchema.parse(filter), null, async () => []);
    const page = await readPage(db, resolved, { sort, cursor, limit: PAGE_ROWS });
    await itemsOf(db, page.rows);
    return page.nextCursor;
  });
  return { ms: performance.now() - startedAt, nextCursor };
}

/** Nearest rank, rounded to hundredths. */
function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(0, Math.ceil(share * sorted.length) - 1);
  return Number((sorted[rank] ?? 0).toFixed(2));
}

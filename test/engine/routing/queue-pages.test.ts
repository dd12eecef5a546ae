import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillQueue } from '../../../engine/bench/fill-queue.ts';
import { resolveFilter } from '../../../engine/routing/resolve-filter.ts';
import { matchingIds, readPage } from '../../../engine/store/queue-page.ts';
import type { Tables } from '../../../engine/store/schema.ts';
import type { Store } from '../../../engine/store/store.ts';
import { type QueueFilter, type QueueSort, queueFilterSchema } from '../../../shared/model/queue.ts';
import {
  DISPOSITIONS,
  PRIORITY_LEVELS,
  SEVERITIES,
  STATUSES,
  severityOfRank,
  TIERS,
} from '../../../shared/model/vocabulary.ts';
import { describeOnBothStores, stillClock } from '../../store/databases.ts';

type Row = Tables['alert_group'];

const some = <T>(values: readonly T[], maxLength = 2) => fc.subarray([...values], { maxLength });

const anyFilter: fc.Arbitrary<QueueFilter> = fc.record({
  state: fc.constantFrom('open' as const, 'closed' as const, 'all' as const),
  severities: some(SEVERITIES),
  statuses: some(STATUSES),
  tiers: some(TIERS),
  products: some(['suricata', 'wazuh', 'nobody']),
  priorityLevels: some(PRIORITY_LEVELS),
  dispositions: some(DISPOSITIONS, 1),
  closedByKinds: some(['person', 'rule', 'source'] as const),
  assignee: fc.constantFrom(null, null, 'none', 'me', 'person-3'),
  sourceRuleId: fc.constantFrom(null, null, null, 'rule-5', 'no-such-rule'),
  closingRuleId: fc.constantFrom(null, null, null, 'rule-3'),
  entityValue: fc.constantFrom(null, null, null, 'host-7'),
  tag: fc.constantFrom(null, null, null, 'a_b', '50%'),
  site: fc.constantFrom(null, null, 'plant'),
  text: fc.constantFrom(null, null, 'words'),
});

/** What the text search of the test finds: every third group. */
const found = (rows: readonly Row[]) => rows.filter((row) => row.id % 3 === 0).map((row) => row.id);

function matches(row: Row, filter: QueueFilter): boolean {
  const any = (wanted: readonly string[], value: string | null) =>
    wanted.length === 0 || (value !== null && wanted.includes(value));
  const same = (wanted: string | null, value: string | null) => wanted === null || wanted === value;
  const owner = filter.assignee === 'me' ? 'person-9' : filter.assignee;
  return (
    (filter.state === 'all' || (row.is_open === 1) === (filter.state === 'open')) &&
    any(filter.severities, severityOfRank(row.severity)) &&
    any(filter.statuses, row.status) &&
    any(filter.tiers, row.tier) &&
    any(filter.products, row.product) &&
    any(filter.priorityLevels, PRIORITY_LEVELS[row.priority_level - 1] ?? null) &&
    any(filter.dispositions, row.disposition) &&
    any(filter.closedByKinds, row.closed_by_kind) &&
    (owner === null || (owner === 'none' ? row.assignee_id === null : row.assignee_id === owner)) &&
    same(filter.sourceRuleId, `rule-${row.source_rule_id}`) &&
    (filter.closingRuleId === null || (row.closed_by_kind === 'rule' && row.closed_by === filter.closingRuleId)) &&
    same(filter.entityValue, row.entity_value) &&
    same(filter.site, row.site) &&
    (filter.tag === null || (JSON.parse(row.tags_json) as string[]).includes(filter.tag)) &&
    (filter.text === null || row.id % 3 === 0)
  );
}

function keyOf(row: Row, state: QueueFilter['state'], sort: QueueSort): number {
  if (state === 'open' && (sort === 'priority' || sort === 'closedAt')) return -row.priority_points;
  if (state === 'closed' && (sort === 'priority' || sort === 'closedAt')) return -(row.closed_at_ms ?? 0);
  if (sort !== 'oldest') return -row.last_received_at_ms;
  return state === 'open' ? row.first_received_at_ms : row.last_received_at_ms;
}

describeOnBothStores('pages of the queue', (open) => {
  interface ReadPage {
    rows: Pick<Row, 'id'>[];
    nextCursor: string | null;
    total: number | null;
  }

  async function filled(): Promise<{ store: Store; rows: Row[] }> {
    const { store } = await open();
    await fillQueue(store, 1_200, stillClock.nowMs(), 'pages');
    await store.write(async (tx) => {
      const tag = (tags: string[], ids: number[]) =>
        tx
          .updateTable('alert_group')
          .set({ tags_json: JSON.stringify(tags) })
          .where('id', 'in', ids)
          .execute();
      await tag(['a_b', 'x'], [3, 6, 9]);
      await tag(['axb'], [4, 7]);
      await tag(['50%'], [12, 15]);
      await tag(['500'], [18]);
    });
    return { store, rows: await store.read((db) => db.selectFrom('alert_group').selectAll().execute()) };
  }

  it('give every group that matches once, in order, whatever the filter, the sort and the length of a page', async () => {
    const { store, rows } = await filled();
    const check = async (any: QueueFilter, sort: QueueSort, limit: number) => {
      // What another person finished is not listed for anybody.
      const isOther = any.state !== 'open' && any.assignee === 'person-3';
      const filter = isOther ? { ...any, assignee: 'me' } : any;
      const wanted = rows.filter((row) => matches(row, filter));
      const seen: number[] = [];
      let cursor: string | null = null;
      let total: number | null = null;
      for (let page = 0; page < 700; page += 1) {
        const at: string | null = cursor;
        const read: ReadPage = await store.read(async (db) => {
          const resolved = await resolveFilter(db, filter, 'person-9', async () => found(rows));
          return readPage(db, resolved, { sort, cursor: at, limit });
        });
        if (page === 0) total = read.total;
        seen.push(...read.rows.map((row) => row.id));
        expect(read.rows.length).toBeLessThanOrEqual(limit);
        cursor = read.nextCursor;
        if (cursor === null) break;
      }
      expect([...seen].sort((a, b) => a - b)).toEqual(wanted.map((row) => row.id).sort((a, b) => a - b));
      expect(total).toBe(wanted.length);
      const byId = new Map(rows.map((row) => [row.id, row]));
      const keys = seen.map((id) => keyOf(byId.get(id) as Row, filter.state, sort));
      expect(keys).toEqual(keys.toSorted((a, b) => a - b));
      const ids = await store.read(async (db) =>
        matchingIds(db, await resolveFilter(db, filter, 'person-9', async () => found(rows)), 100_000),
      );
      expect(ids?.length).toBe(wanted.length);
    };
    await fc.assert(
      fc.asyncProperty(
        anyFilter,
        fc.constantFrom<QueueSort>('priority', 'newest', 'oldest', 'closedAt'),
        fc.integer({ min: 7, max: 200 }),
        check,
      ),
      { numRuns: 60 },
    );
  });

  it('refuse a cursor that is none, or of another order', async () => {
    const { store } = await filled();
    const page = (sort: QueueSort, cursor: string | null, state: QueueFilter['state'] = 'open') =>
      store.read(async (db) =>
        readPage(db, await resolveFilter(db, queueFilterSchema.parse({ state }), null, async () => []), {
          sort,
          cursor,
          limit: 5,
        }),
      );
    const { nextCursor } = await page('priority', null);
    await expect(page('newest', nextCursor)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(page('closedAt', nextCursor, 'closed')).rejects.toMatchObject({ code: 'invalid_input' });
    for (const bad of ['', 'x', 'W10', Buffer.from('["open:priority",1e999,1]').toString('base64url')]) {
      await expect(page('priority', bad)).rejects.toMatchObject({ code: 'invalid_input' });
    }
  });
});

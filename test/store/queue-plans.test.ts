import Database from 'better-sqlite3';
import type { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillQueue } from '../../engine/bench/fill-queue.ts';
import { resolveFilter } from '../../engine/routing/resolve-filter.ts';
import { openStore } from '../../engine/store/open.ts';
import { encodeCursor } from '../../engine/store/queue-cursor.ts';
import { readPage } from '../../engine/store/queue-page.ts';
import type { Read, Store } from '../../engine/store/store.ts';
import { type QueueFilter, type QueueSort, queueFilterSchema } from '../../shared/model/queue.ts';
import { freshSqlitePath, quiet, stillClock } from './databases.ts';

const cleanUps: (() => void)[] = [];
let path = '';
let store: Store;

beforeEach(async () => {
  path = freshSqlitePath(cleanUps);
  store = await openStore({ target: { kind: 'sqlite', path }, log: quiet, clock: stillClock });
  await fillQueue(store, 8_000, stillClock.nowMs(), 'plans');
});
afterEach(async () => {
  await store.close();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** The statements over groups that a page runs, with SQLite's plan of each. */
async function plansOf(filter: Partial<QueueFilter>, sort: QueueSort, cursor: string | null): Promise<string[]> {
  const ran: CompiledQuery[] = [];
  await store.read(async (db) => {
    const resolved = await resolveFilter(db, queueFilterSchema.parse(filter), null, async () => []);
    await readPage(listening(db, ran), resolved, { sort, cursor, limit: 50 });
  });
  const explainer = new Database(path, { readonly: true });
  const plans = ran
    .filter(({ sql }) => sql.includes('from "alert_group"') && sql.includes('order by'))
    .map(({ sql, parameters }) =>
      explainer
        .prepare<unknown[], { detail: string }>(`explain query plan ${sql}`)
        .all(...parameters)
        .map((row) => row.detail)
        .join('; '),
    );
  explainer.close();
  return plans;
}

/** The same handle, noting each query that is compiled through it. */
function listening(db: Read, ran: CompiledQuery[]): Read {
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'selectFrom') return Reflect.get(target, name, target);
      return (...from: unknown[]) => noting(Reflect.apply(Reflect.get(target, name, target), target, from), ran);
    },
  });
}

function noting(query: object, ran: CompiledQuery[]): object {
  return new Proxy(query, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) => {
        if (name === 'execute' || name === 'executeTakeFirst') {
          ran.push(Reflect.apply(Reflect.get(target, 'compile', target), target, []));
        }
        const answer: unknown = Reflect.apply(member, target, given);
        const isBuilder = typeof answer === 'object' && answer !== null && 'compile' in answer && 'where' in answer;
        return isBuilder ? noting(answer, ran) : answer;
      };
    },
  });
}

describe('plans of the queue', () => {
  const cases: [string, Partial<QueueFilter>, QueueSort, RegExp][] = [
    ['everything open', {}, 'priority', /USING INDEX alert_group_open_work/],
    ['one tier', { tiers: ['tier2'] }, 'priority', /USING INDEX alert_group_open_tier/],
    ['two severities', { severities: ['high', 'critical'] }, 'priority', /USING INDEX alert_group_open_severity/],
    ['one person', { assignee: 'person-7' }, 'priority', /USING INDEX alert_group_open_assignee/],
    ['nobody', { assignee: 'none' }, 'priority', /USING INDEX alert_group_open_assignee/],
    ['one product', { products: ['wazuh'] }, 'priority', /USING INDEX alert_group_open_product/],
    ['the newest', {}, 'newest', /alert_group_open_newest|alert_group_received \(last_received_at_ms=\?/],
    ['the oldest', {}, 'oldest', /USING INDEX alert_group_open_oldest/],
    ['what was closed', { state: 'closed' }, 'closedAt', /USING INDEX alert_group_closed\b/],
    ['what people closed', { state: 'closed', closedByKinds: ['person'] }, 'closedAt', /alert_group_closed_kind/],
    ['what one rule closed', { state: 'closed', closingRuleId: 'rule-3' }, 'closedAt', /alert_group_closed_by/],
    [
      'one disposition',
      { state: 'closed', dispositions: ['true_positive'] },
      'closedAt',
      /alert_group_closed_disposition/,
    ],
    ['open and closed', { state: 'all' }, 'newest', /alert_group_received/],
  ];
  it.each(cases)(
    'walk an index in its order for %s, on the first page and on later ones',
    async (_what, filter, sort, index) => {
      const first = await plansOf(filter, sort, null);
      const order = `${filter.state ?? 'open'}:${sort}`;
      const later = await plansOf(
        filter,
        sort,
        encodeCursor(order, { value: sort === 'priority' ? 50.25 : 1_000, id: 7 }),
      );
      expect(first.length).toBeGreaterThan(0);
      expect(later.length).toBeGreaterThan(first.length - 1);
      for (const plan of [...first, ...later]) {
        expect(plan).toMatch(index);
        expect(plan).not.toMatch(/TEMP B-TREE/);
        expect(plan).not.toMatch(/SCAN alert_group$/);
      }
      // A later page begins in the middle of the index: nothing before it is read.
      for (const plan of later) expect(plan).toMatch(/^SEARCH/);
    },
  );

  it('sort the few rows of an entity, a rule or a tag, and walk no other index for them', async () => {
    expect((await plansOf({ entityValue: 'host-7' }, 'priority', null)).join()).toMatch(/alert_group_by_entity/);
    const ofRule = await plansOf({ state: 'all', sourceRuleId: 'rule-3' }, 'newest', null);
    expect(ofRule.join()).toMatch(/alert_group_by_source_rule/);
    expect((await plansOf({ tag: 'vpn' }, 'priority', null)).join()).toMatch(/alert_group_tagged/);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assuranceBoard } from '../../../engine/assurance/assurance-board.ts';
import { loadAssurancePolicy } from '../../../engine/assurance/policy.ts';
import { loadPolicies } from '../../../engine/policies.ts';
import { resolveFilter } from '../../../engine/routing/resolve-filter.ts';
import { generateSample } from '../../../engine/sample/generate.ts';
import { makeSample } from '../../../engine/sample/make-sample.ts';
import { SettableClock } from '../../../engine/sample/sample-engine.ts';
import { SCRIPT, storyGroups } from '../../../engine/sample/stories.ts';
import { currentRules } from '../../../engine/store/automation.ts';
import { listEscalations } from '../../../engine/store/escalations.ts';
import { newestHash } from '../../../engine/store/ledger.ts';
import { openStore } from '../../../engine/store/open.ts';
import { handlingSamples } from '../../../engine/store/people-work.ts';
import { itemsOf } from '../../../engine/store/queue-items.ts';
import { readPage } from '../../../engine/store/queue-page.ts';
import type { Store } from '../../../engine/store/store.ts';
import { handlingClass } from '../../../shared/domain/strain/handling-class.ts';
import { type QueueFilter, type QueueItem, queueFilterSchema } from '../../../shared/model/queue.ts';
import { fixedRandom } from '../../fixtures/random.ts';

/** A Friday afternoon: several people are on shift. */
const ENDS_AT_MS = Date.UTC(2026, 10, 20, 14, 20);
const RESOURCES = join(import.meta.dirname, '../../../resources');
const root = mkdtempSync(join(tmpdir(), 'evenwatch-sample-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const complaints: string[] = [];
const quietPorts = {
  log: {
    info: () => {},
    warn: (fields: Record<string, unknown>, message: string) =>
      void complaints.push(`${message} ${JSON.stringify(fields)}`),
    error: (fields: Record<string, unknown>, message: string) =>
      void complaints.push(`${message} ${JSON.stringify(fields)}`),
  },
  random: fixedRandom('sample'),
  secrets: { get: async () => null, set: async () => {} },
};

async function made(name: string, volume?: number): Promise<Store> {
  const folder = join(root, name);
  await makeSample({ folder, resourcesDir: RESOURCES, endsAtMs: ENDS_AT_MS, volume }, quietPorts);
  const target = { kind: 'sqlite', path: join(folder, 'evenwatch.db') } as const;
  return openStore({ target, log: quietPorts.log, clock: new SettableClock(ENDS_AT_MS), readOnly: true });
}

async function groups(store: Store, filter: Partial<QueueFilter>): Promise<QueueItem[]> {
  return store.read(async (db) => {
    const resolved = await resolveFilter(db, queueFilterSchema.parse(filter), null, async () => []);
    const all: QueueItem[] = [];
    let cursor: string | null = null;
    do {
      const page = await readPage(db, resolved, { sort: 'priority', cursor, limit: 500 });
      all.push(...(await itemsOf(db, page.rows)));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return all;
  });
}

describe('the built sample', () => {
  let store: Store;
  let open: QueueItem[];
  const isStory = storyGroups(generateSample({ endsAtMs: ENDS_AT_MS }).records);
  beforeAll(async () => {
    store = await made('whole');
    open = await groups(store, {});
  }, 120_000);
  afterAll(() => store.close());

  it('loads every rule and list without a complaint', async () => {
    expect(complaints).toEqual([]);
    const rules = await store.read((db) => currentRules(db, ENDS_AT_MS));
    expect(rules).toHaveLength(15);
    expect(new Set(rules.map((rule) => rule.status))).toEqual(new Set(['provisional', 'shadow', 'suspended']));
  });

  it('leaves the intrusion open and first: ten first items from at least three products, none of it closed', async () => {
    expect(open.filter(isStory).length).toBeGreaterThan(20);
    const top = open.slice(0, 10).filter(isStory);
    expect(top.length).toBeGreaterThanOrEqual(8);
    expect(new Set(top.map((item) => item.product)).size).toBeGreaterThanOrEqual(3);
    expect(top.some((item) => item.entity.value === 'hl-fs01')).toBe(true);
    const closed = await groups(store, { state: 'closed' });
    expect(closed.filter(isStory).map((item) => `${item.title} ${item.closedBy?.name}`)).toEqual([]);
    for (const step of SCRIPT)
      expect(
        open.some((item) => item.title.includes(step.title)),
        step.title,
      ).toBe(true);
  });

  it('closes about three of five alerts by rules or at their source', async () => {
    const closed = await groups(store, { state: 'closed' });
    const alerts = (items: readonly QueueItem[]) => items.reduce((sum, item) => sum + item.count, 0);
    const byMachine = alerts(closed.filter((item) => item.closedBy?.kind !== 'person'));
    const share = byMachine / alerts([...open, ...closed]);
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThan(0.65);
    const severe = closed.filter(
      (item) => item.closedBy?.kind === 'rule' && ['high', 'critical'].includes(item.severity),
    );
    expect(severe).toEqual([]);
  });

  it('leaves a queue that a team could have: all states, some owned, few clocks over', () => {
    expect(open.length).toBeGreaterThan(110);
    expect(open.length).toBeLessThan(260);
    const count = (test: (item: QueueItem) => boolean) => open.filter(test).length;
    for (const status of ['new', 'acknowledged', 'in_progress', 'on_hold']) {
      expect(
        count((item) => item.status === status),
        status,
      ).toBeGreaterThan(2);
    }
    expect(count((item) => item.assigneeId !== null)).toBeGreaterThan(15);
    const overdue = count((item) => item.dueAtMs !== null && item.dueAtMs < ENDS_AT_MS);
    expect(overdue).toBeGreaterThan(3);
    expect(overdue).toBeLessThan(45);
    expect(count((item) => item.tier === 'tier2')).toBeGreaterThan(3);
  });

  it('has a history: people closed thousands with reasons, asked and answered, and enough was timed for medians', async () => {
    const byPeople = (await groups(store, { state: 'closed', closedByKinds: ['person'] })).filter(
      (item) => item.closeReason !== null,
    );
    expect(byPeople.length).toBeGreaterThan(1500);
    const dispositions = new Set(byPeople.map((item) => item.disposition));
    expect(dispositions.size).toBe(5);
    const escalations = await store.read((db) => listEscalations(db, { state: 'all', tier: null }));
    expect(new Set(escalations.map((each) => each.status))).toEqual(
      new Set(['open', 'accepted', 'answered', 'returned']),
    );
    const since = Math.floor((ENDS_AT_MS - 30 * 86_400_000) / 86_400_000);
    const classes = [...new Set(byPeople.map((item) => handlingClass(item.severity, item.product)))];
    const samples = await store.read((db) => handlingSamples(db, classes, since));
    const perClass = Map.groupBy(samples, (sample) => sample.class);
    expect([...perClass.values()].filter((each) => each.length >= 20).length).toBeGreaterThan(8);
  });
});

describe('the audits of the sample', () => {
  it('are read by many, and show the rules to close rightly as far as a fortnight can', async () => {
    const store = await made('audited', 0.3);
    try {
      const policies = join(RESOURCES, 'policies');
      const board = await store.read((db) =>
        assuranceBoard(db, loadAssurancePolicy(policies), loadPolicies(policies).strain, ENDS_AT_MS),
      );
      expect(board.overall.falseCloseRate.n).toBeGreaterThan(100);
      expect(board.overall.falseCloseRate.misses).toBe(0);
      expect(board.sensitivity.shown).toBeGreaterThan(5);
      expect(board.waiting).toBeGreaterThan(0);
      expect(board.rules.filter((rule) => rule.history.length > 3).length).toBeGreaterThan(5);
    } finally {
      await store.close();
    }
  });
});

describe('building the sample again', () => {
  it('gives the same workspace to the last hash of its ledger', async () => {
    const [first, second] = [await made('first', 0.06), await made('second', 0.06)];
    try {
      const head = (store: Store) => store.read((db) => newestHash(db, 'main'));
      expect(await head(first)).not.toBeNull();
      expect(await head(second)).toBe(await head(first));
      expect(await groups(second, { state: 'all' })).toEqual(await groups(first, { state: 'all' }));
    } finally {
      await first.close();
      await second.close();
    }
  }, 60_000);
});

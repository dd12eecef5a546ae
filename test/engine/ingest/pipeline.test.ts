import { describe, expect, it } from 'vitest';
import { createIngest } from '../../../engine/ingest/pipeline.ts';
import { makeClassifier } from '../../../engine/ingest/pipeline-classify.ts';
import { RecordQueue } from '../../../engine/ingest/pipeline-slices.ts';
import { readRecords } from '../../../engine/ingest/records.ts';
import { recount } from '../../../engine/store/counts.ts';
import { readOriginals } from '../../../engine/store/originals.ts';
import type { Store } from '../../../engine/store/store.ts';
import { describeOnBothStores, quiet, stillClock } from '../../store/databases.ts';
import { batchesOf, DAY_MS, eve, NOW_MS, recordOf, settingOn, testTriage } from './pipeline-setting.ts';

const groupsOf = (store: Store) => store.read((db) => db.selectFrom('alert_group').selectAll().orderBy('id').execute());
const alertsOf = (store: Store) => store.read((db) => db.selectFrom('alert').selectAll().orderBy('id').execute());
const countsOf = (store: Store) => store.read((db) => db.selectFrom('group_count').selectAll().execute());

async function expectKeptCounts(store: Store): Promise<void> {
  const order = (rows: Awaited<ReturnType<typeof countsOf>>) =>
    rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  expect(order(await countsOf(store))).toEqual(order(await store.read(recount)));
}

describeOnBothStores('ingest', (open) => {
  it('stores, groups, closes by rule and reports what it did', async () => {
    const { store } = await open();
    const { take, decisions } = settingOn(store);
    const report = await take([
      eve({ flow: 1 }),
      eve({ flow: 2, priority: 1 }),
      eve({ flow: 3, signature: 'ET SCAN nmap', sid: 9 }),
      { ...eve(), event_type: 'flow' },
      { hello: 'world' },
    ]);
    expect(report).toMatchObject({ read: 4, stored: 3, updated: 0, duplicates: 0, rejected: 1, skipped: 1 });
    expect(report).toMatchObject({ autoClosed: 1, queued: 2, problems: [] });
    expect(report.byFormat['suricata-eve']).toMatchObject({ read: 3, stored: 3, skipped: 1 });
    const groups = await groupsOf(store);
    expect(groups).toMatchObject([
      {
        lane: 'queue',
        count: 2,
        severity: 4,
        status: 'new',
        is_open: 1,
        entity_value: '10.0.0.5',
        product: 'suricata',
      },
      { lane: 'closed:scanner', count: 1, status: 'closed', closed_by_kind: 'rule', closing_rule_version: 2 },
    ]);
    expect(groups[0]?.due_at_ms).toBeGreaterThan(NOW_MS);
    expect(groups[1]?.due_at_ms).toBeNull();
    expect(groups[0]?.priority_points).toBeGreaterThan(40);
    expect(JSON.parse(groups[0]?.priority_json ?? '')).toMatchObject({ facts: { hostCriticality: 'crown_jewel' } });
    expect(decisions).toEqual([
      {
        kind: 'automation.close',
        ruleId: 'scanner',
        ruleVersion: 2,
        ruleTitle: 'Scanner',
        alerts: 1,
        groupIds: [2],
        nowMs: NOW_MS,
      },
    ]);
    await expectKeptCounts(store);
    const { letters, feed, runs, flow } = await store.read(async (db) => ({
      letters: await db.selectFrom('dead_letter').selectAll().execute(),
      feed: await db.selectFrom('change_feed').selectAll().execute(),
      runs: await db.selectFrom('ingest_run').selectAll().execute(),
      flow: await db.selectFrom('hourly_flow').selectAll().execute(),
    }));
    expect(letters).toMatchObject([
      { origin: 'eve.json', line: 5, reason: 'unknown_format', text: '{"hello":"world"}' },
    ]);
    expect(feed).toMatchObject([{ seq: 1, first_id: 1, last_id: 2 }]);
    expect(runs.map((run) => JSON.parse(run.report_json))).toMatchObject([{ read: 4, stored: 3 }]);
    expect(flow).toMatchObject([{ tier: 'tier1', received: 1, finished: 0, auto_closed: 1 }]);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('lets the alert of a packet count, with its drop written %s it', async (_word, alertAt) => {
    const { store } = await open();
    const { take } = settingOn(store);
    const alert = eve({ flow: 1, extra: { http: { hostname: 'app1.example', url: '/x' } } });
    const drop = (flow: number) => ({ ...eve({ flow }), event_type: 'drop', drop: { len: 60 } });
    const lines = alertAt === 0 ? [alert, drop(1)] : [drop(1), alert];
    const report = await take([...lines, drop(2), drop(3), drop(3)]);
    expect(report).toMatchObject({ read: 5, stored: 3, updated: 0, duplicates: 2, skipped: 0 });
    expect(await take([drop(1), alert, drop(2)])).toMatchObject({ stored: 0, updated: 0, duplicates: 3 });
    const [first] = await alertsOf(store);
    const [original] = await store.read((db) =>
      readOriginals(db, [{ blockId: first?.block_id ?? 0, slot: first?.slot ?? 0 }]),
    );
    expect(Buffer.from(original ?? []).toString()).toContain('app1.example');
    // When the drop came in earlier, the alert is a newer content of it.
    await take([drop(4)]);
    expect(await take([eve({ flow: 4 })])).toMatchObject({ stored: 0, updated: 1, duplicates: 0 });
    expect(await take([drop(4), eve({ flow: 4 })])).toMatchObject({ stored: 0, updated: 0, duplicates: 2 });
    await expectKeptCounts(store);
  });

  it('stores nothing twice when the same file comes twice', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    const file = [eve({ flow: 1 }), eve({ flow: 2 }), eve({ flow: 1 }), { not: 'an alert' }];
    const first = await take(file);
    expect(first).toMatchObject({ read: 4, stored: 2, duplicates: 1, rejected: 1 });
    const before = await groupsOf(store);
    expect(await take(file)).toMatchObject({
      read: 4,
      stored: 0,
      duplicates: 3,
      rejected: 1,
      queued: 0,
      autoClosed: 0,
    });
    expect(await groupsOf(store)).toEqual(before);
    expect(await store.read((db) => db.selectFrom('dead_letter').select('id').execute())).toHaveLength(1);
    await expectKeptCounts(store);
  });

  it('keeps the exact bytes of every record', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    const values = Array.from({ length: 150 }, (_, i) =>
      eve({ flow: i, at: NOW_MS - i * 3_600_000, priority: 1 + (i % 3) }),
    );
    await take(values, { size: 40 });
    const alerts = await alertsOf(store);
    const places = alerts.map((alert) => ({ blockId: alert.block_id, slot: alert.slot }));
    const originals = await store.read((db) => readOriginals(db, places));
    expect(originals.map((bytes) => JSON.parse(Buffer.from(bytes ?? []).toString()).flow_id)).toEqual(
      values.map((value) => value.flow_id),
    );
  });

  it('keeps a changed record as a revision and raises the group', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    await take([eve({ flow: 1, priority: 3 })]);
    const [before] = await groupsOf(store);
    const changed = eve({ flow: 1, priority: 1 });
    expect(await take([changed])).toMatchObject({ read: 1, stored: 0, updated: 1, duplicates: 0 });
    expect(await take([changed])).toMatchObject({ updated: 0, duplicates: 1 });
    const [group] = await groupsOf(store);
    expect(group).toMatchObject({ severity: 4, count: 1, version: (before?.version ?? 0) + 1 });
    expect(await alertsOf(store)).toMatchObject([{ severity: 4, revision: 1 }]);
    const earlier = await store.read((db) => db.selectFrom('alert_revision').selectAll().execute());
    expect(earlier).toMatchObject([{ alert_id: 1, revision: 0, severity: 2 }]);
    await expectKeptCounts(store);
  });

  it('takes two contents of one id in one batch as first and revision', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    const report = await take([
      eve({ flow: 1, priority: 3 }),
      eve({ flow: 1, priority: 2 }),
      eve({ flow: 1, priority: 2 }),
    ]);
    expect(report).toMatchObject({ read: 3, stored: 1, updated: 1, duplicates: 1 });
  });

  it('opens a group that a person had closed when something more severe comes in, and says so', async () => {
    const { store } = await open();
    const { take, decisions } = settingOn(store);
    await take([eve({ flow: 1, priority: 3 })]);
    await store.write(async (tx) => {
      await tx
        .updateTable('alert_group')
        .set({
          status: 'closed',
          is_open: 0,
          disposition: 'false_positive',
          closed_by_kind: 'person',
          closed_by: 'ana',
          closed_at_ms: 5,
          version: 2,
        })
        .execute();
      await tx.updateTable('group_count').set({ status: 'closed', is_open: 0, closed_by_kind: 'person' }).execute();
    });
    await take([eve({ flow: 2, priority: 3 })]);
    expect(await groupsOf(store)).toMatchObject([{ status: 'closed', count: 2, version: 2 }]);
    await take([eve({ flow: 3, priority: 1 })]);
    expect(await groupsOf(store)).toMatchObject([
      { status: 'new', is_open: 1, count: 3, version: 3, disposition: null, closed_by: null },
    ]);
    expect(decisions).toMatchObject([{ kind: 'group.reopen', before: { status: 'closed' }, after: { status: 'new' } }]);
    await expectKeptCounts(store);
  });

  it('starts no clock for history and counts it as nobody’s work', async () => {
    const { store } = await open();
    await settingOn(store).take([eve()], { isHistory: true });
    expect(await groupsOf(store)).toMatchObject([{ due_at_ms: null, is_open: 1 }]);
    expect(await store.read((db) => db.selectFrom('hourly_flow').selectAll().execute())).toEqual([]);
  });

  it('parts groups by window, entity and site', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    await take([eve({ flow: 1 }), eve({ flow: 2, at: NOW_MS - 2 * DAY_MS }), eve({ flow: 3, source: '10.0.0.6' })]);
    await take([eve({ flow: 4 })], { site: 'Graz' });
    expect((await groupsOf(store)).map(({ count, site }) => ({ count, site }))).toEqual([
      { count: 1, site: null },
      { count: 1, site: null },
      { count: 1, site: null },
      { count: 1, site: 'Graz' },
    ]);
  });

  it('raises the priority of an entity’s other open groups when a new tactic is seen on it', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    await take([eve({ flow: 1, sid: 1, tactic: 'Discovery' })]);
    const [alone] = await groupsOf(store);
    await take([eve({ flow: 2, sid: 2, tactic: 'Exfiltration' })]);
    const [together, other] = await groupsOf(store);
    expect(together?.priority_points).toBeGreaterThan(alone?.priority_points ?? 100);
    expect(together?.priority_points).toBeCloseTo(other?.priority_points ?? 0);
  });

  it('takes text that a database would refuse', async () => {
    const { store } = await open();
    const hostile = `NUL \u0000 half \ud800 and ${'x'.repeat(1_000_000)}`;
    const { take } = settingOn(store);
    expect(await take([eve({ signature: hostile })])).toMatchObject({ stored: 1 });
    const [group] = await groupsOf(store);
    expect(group?.title).toMatch(/^NUL \u2400 half \ufffd and x+/);
    expect(group?.title.length).toBeLessThanOrEqual(1_000);
  });

  it('keeps a fault of the reader as a dead letter and goes on', async () => {
    const { store } = await open();
    const fault = {
      kind: 'fault',
      reason: 'invalid_json',
      message: 'no',
      line: 7,
      column: 3,
      text: '{"a',
      bytes: 3,
    } as const;
    const batches = batchesOf([recordOf(eve()), fault, recordOf(eve({ flow: 2 }))]);
    const report = await settingOn(store).ingest.ingest(batches, { origin: 'x', format: 'auto', isHistory: false });
    expect(report).toMatchObject({ read: 3, stored: 2, rejected: 1 });
  });

  it('undoes the whole slice when the ledger refuses', async () => {
    const { store } = await open();
    const { take } = settingOn(store);
    await take([eve()]);
    const before = await groupsOf(store);
    const failing = createIngest({
      store,
      ports: { clock: stillClock, log: quiet },
      triage: () => testTriage(),
      append: async () => {
        throw new Error('the ledger is broken');
      },
    });
    const batches = batchesOf([recordOf(eve({ flow: 8 })), recordOf(eve({ flow: 9, signature: 'ET SCAN' }))]);
    await expect(failing.ingest(batches, { origin: 'x', format: 'auto', isHistory: false })).rejects.toThrow('broken');
    expect(await groupsOf(store)).toEqual(before);
    expect(await alertsOf(store)).toHaveLength(1);
    await expectKeptCounts(store);
  });
});

describe('a queue of records', () => {
  const classify = makeClassifier('auto');
  const some = (count: number) => Array.from({ length: count }, (_, i) => recordOf(eve({ flow: i })));

  async function sizesOf(queue: RecordQueue): Promise<number[]> {
    const sizes: number[] = [];
    while (await queue.fill()) sizes.push([...queue.slice(classify)].length);
    return sizes;
  }

  it('gives small slices while somebody waits', async () => {
    const queue = new RecordQueue(batchesOf(some(1_000)), { yieldToOthers: () => true });
    expect(await sizesOf(queue)).toEqual([200, 200, 200, 200, 200]);
  });

  it('cuts a slice short as soon as somebody waits', async () => {
    let isSomeoneWaiting = false;
    const queue = new RecordQueue(batchesOf(some(1_000)), { yieldToOthers: () => isSomeoneWaiting });
    await queue.fill();
    const first: unknown[] = [];
    for (const item of queue.slice(classify)) {
      first.push(item);
      isSomeoneWaiting = first.length >= 300;
    }
    expect(first).toHaveLength(300);
    isSomeoneWaiting = false;
    expect(await sizesOf(queue)).toEqual([700]);
  });

  it('gives what was read before its source broke, then the error', async () => {
    async function* breaking() {
      yield some(2);
      throw new Error('input/output error');
    }
    const queue = new RecordQueue(breaking());
    expect(await queue.fill()).toBe(true);
    expect([...queue.slice(classify)]).toHaveLength(2);
    await expect(queue.fill()).rejects.toThrow('input/output error');
  });

  it('reads records only when they are asked for', async () => {
    const lines = Buffer.from(Array.from({ length: 50 }, (_, i) => `${JSON.stringify(eve({ flow: i }))}\n`).join(''));
    async function* chunks() {
      yield lines.subarray(0, 5_000);
      yield lines.subarray(5_000);
    }
    const queue = new RecordQueue(readRecords(chunks()));
    await queue.fill();
    const ids = [...queue.slice(classify)].map((item) => (item.kind === 'alert' ? item.raw.flow_id : null));
    expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(await queue.fill()).toBe(false);
  });

  it('says nothing of a source without records', async () => {
    expect(await sizesOf(new RecordQueue(batchesOf([], [])))).toEqual([]);
  });
});

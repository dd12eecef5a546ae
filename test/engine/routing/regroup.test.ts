import fc from 'fast-check';
import { expect, it } from 'vitest';
import { verifyLane } from '../../../engine/ledger/verify.ts';
import { recount } from '../../../engine/store/counts.ts';
import type { StoreTarget } from '../../../engine/store/open.ts';
import { heldAlerts } from '../../../engine/store/original-references.ts';
import { EngineError } from '../../../shared/model/errors.ts';
import type { ChildAlert, QueueItem } from '../../../shared/model/queue.ts';
import { severityRank } from '../../../shared/model/vocabulary.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, itemsOf, LEA, listOpen, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve, NOW_MS } from '../ingest/pipeline-setting.ts';

async function withSetting(target: StoreTarget, work: (setting: Setting) => Promise<void>): Promise<void> {
  const setting = await openSetting(target);
  try {
    await work(setting);
  } finally {
    await setting.close();
  }
}

const openItems = async (setting: Setting): Promise<QueueItem[]> =>
  (await listOpen(setting, ANA)).items.toSorted((a, b) => a.id - b.id);

const seenOf = ({ id, version }: QueueItem) => ({ id, version });

function join(setting: Setting, who: typeof ANA, into: QueueItem, others: readonly QueueItem[]) {
  const statement = statementOf(
    'group.join',
    [into, ...others].map(({ id }) => id),
  );
  return setting.engine.handlers.decisions.join(setting.as(who), {
    statement,
    into: seenOf(into),
    items: others.map(seenOf),
  });
}

function split(setting: Setting, who: typeof ANA, item: QueueItem, alertIds: readonly number[]) {
  const statement = statementOf('group.split', [item.id]);
  return setting.engine.handlers.decisions.split(setting.as(who), {
    statement,
    ...seenOf(item),
    alertIds: [...alertIds],
    entity: null,
  });
}

function undo(setting: Setting, who: typeof ANA, decisionId: number | null) {
  const statement = statementOf('decision.undo');
  return setting.engine.handlers.decisions.undo(setting.as(who), { statement, decisionId: decisionId ?? 0 });
}

async function childrenOf(setting: Setting, id: number): Promise<ChildAlert[]> {
  const { alerts } = await setting.engine.handlers.queue.alerts(setting.as(ANA), { id, cursor: null, limit: 500 });
  return alerts;
}

const asText = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

/** Everything of all groups but their versions, with the alerts of each. */
async function everything(setting: Setting): Promise<string[]> {
  const items = await openItems(setting);
  const rows = await setting.store.read((db) => db.selectFrom('alert_group').selectAll().orderBy('id').execute());
  const children = new Map<number, number[]>();
  for (const { id } of items)
    children.set(
      id,
      (await childrenOf(setting, id)).map((alert) => alert.id),
    );
  return rows.map(({ version: _version, key, ...row }) =>
    JSON.stringify({ ...row, key: Buffer.from(key).toString('hex'), alerts: children.get(row.id) }),
  );
}

/** What is kept of each group against its alerts, and of all groups against a recount. */
async function expectTrue(setting: Setting): Promise<void> {
  for (const item of await openItems(setting)) {
    const alerts = await childrenOf(setting, item.id);
    const times = alerts.map((alert) => alert.observedAtMs);
    expect(item.count, item.ref).toBe(alerts.length);
    const most = Math.max(...alerts.map((one) => severityRank(one.severity)));
    // An alert that its product made milder since leaves its group as severe as it once was.
    if (alerts.some((one) => one.revision > 0)) expect(severityRank(item.severity)).toBeGreaterThanOrEqual(most);
    else expect(severityRank(item.severity), item.ref).toBe(most);
    expect(item.firstObservedAtMs).toBe(Math.min(...times));
    expect(item.lastObservedAtMs).toBe(Math.max(...times));
    expect(item.entityCount, item.ref).toBe(new Set(alerts.map((alert) => alert.sourceIp)).size);
    const first = alerts.filter((alert) => alert.observedAtMs === Math.min(...times)).map((alert) => alert.title);
    expect(first.toSorted()[0]).toBe(item.title);
    const { groupEntities } = await setting.engine.handlers.queue.get(setting.as(ANA), { id: item.id });
    if (item.entityCount > 1 && item.entityCount <= 10) {
      expect(groupEntities.reduce((all, one) => all + one.count, 0)).toBe(item.count);
    }
  }
  const { counts, counted } = await setting.store.read(async (db) => ({
    counts: await db.selectFrom('group_count').selectAll().execute(),
    counted: await recount(db),
  }));
  expect(asText(counts)).toEqual(asText(counted));
  expect(await setting.store.read((db) => verifyLane(db, 'main'))).toMatchObject({ kind: 'intact' });
}

const HOUR_MS = 3_600_000;
const records = (n: number, sid = 1) =>
  Array.from({ length: n }, (_, i) =>
    eve({ flow: sid * 1_000 + i, sid, source: `10.0.0.${i % 3}`, priority: 1 + (i % 3), at: NOW_MS - HOUR_MS + i }),
  );

describeOnBothStores('joined items', (open) => {
  it('are one item with everything of all, and the ids of the others lead to it', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(records(9));
      const [a, b, c] = await openItems(setting);
      if (a === undefined || b === undefined || c === undefined) throw new Error('Three items were expected');
      const before = await everything(setting);
      const { decisionId, summary } = await join(setting, ANA, b, [a, c]);
      expect(summary).toBe('Joined 3 items into one');
      const [joined, ...rest] = await openItems(setting);
      expect(rest).toEqual([]);
      expect(joined).toMatchObject({ id: b.id, count: 9, severity: 'high', entityCount: 3, entity: b.entity });
      const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: a.id });
      expect(detail.item.id).toBe(b.id);
      expect(detail.timeline.map((entry) => entry.text)).toEqual(
        expect.arrayContaining([expect.stringContaining('Joined with “')]),
      );
      await expectTrue(setting);
      const undone = await undo(setting, ANA, decisionId);
      expect(await everything(setting)).toEqual(before);
      await undo(setting, ANA, undone.decisionId);
      expect(await openItems(setting)).toMatchObject([{ id: b.id, count: 9 }]);
      await expectTrue(setting);
    });
  });

  it('take later alerts of each of them, and undo gives these to where they came in', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(records(6));
      const [a, b, c] = await openItems(setting);
      if (a === undefined || b === undefined || c === undefined) throw new Error('Three items were expected');
      const { decisionId } = await join(setting, ANA, a, [b]);
      await setting.ingestEve([eve({ flow: 90, source: b.entity.value, sid: 1, at: NOW_MS - HOUR_MS })]);
      expect(await openItems(setting)).toMatchObject([
        { id: a.id, count: 5 },
        { id: c.id, count: 2 },
      ]);
      await expectTrue(setting);
      await undo(setting, ANA, decisionId);
      expect(await openItems(setting)).toMatchObject([{ count: 2 }, { id: b.id, count: 3 }, { count: 2 }]);
      await expectTrue(setting);
    });
  });

  it('keep the originals of all their alerts while the item is open', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(records(6));
      const [a, b, c] = await openItems(setting);
      if (a === undefined || b === undefined || c === undefined) throw new Error('Three items were expected');
      await join(setting, ANA, a, [b, c]);
      const held = await setting.store.read(async (db) =>
        heldAlerts(db, await db.selectFrom('alert').select(['id', 'group_id']).execute()),
      );
      expect(held.size).toBe(6);
      expect(new Set(held.values())).toEqual(new Set(['open_item']));
    });
  });

  it('are refused over what others hold, over what moved on, and over closed ones', async () => {
    await withSetting((await open()).target, async (setting) => {
      const { decisions } = setting.engine.handlers;
      await setting.ingestEve(records(6));
      const [a, b] = await openItems(setting);
      if (a === undefined || b === undefined) throw new Error('Three items were expected');
      await decisions.acknowledge(setting.as(BEN), {
        statement: statementOf('group.acknowledge', [b.id]),
        selection: itemsOf(b),
      });
      await expect(join(setting, ANA, a, [b])).rejects.toThrow(/acknowledged by .* meanwhile/);
      const [, held] = await openItems(setting);
      if (held === undefined) throw new Error('It is gone');
      await expect(join(setting, ANA, a, [held])).rejects.toMatchObject({ code: 'forbidden' });
      await join(setting, LEA, a, [held]);
      await expectTrue(setting);
    });
  });
});

describeOnBothStores('alerts that are split off', (open) => {
  it('are an item of their own, with what they say and no more; undo and redo are exact', async () => {
    await withSetting((await open()).target, async (setting) => {
      const same = Array.from({ length: 6 }, (_, i) =>
        eve({
          flow: i,
          source: '10.0.0.1',
          priority: i === 4 ? 1 : 3,
          at: NOW_MS - HOUR_MS + i,
          tactic: i === 4 ? 'Exfiltration' : 'Discovery',
        }),
      );
      await setting.ingestEve(same);
      const [item] = await openItems(setting);
      if (item === undefined) throw new Error('One item was expected');
      const severe = (await childrenOf(setting, item.id)).filter((alert) => alert.severity === 'high');
      const before = await everything(setting);
      const { decisionId, groupId } = await split(
        setting,
        ANA,
        item,
        severe.map((alert) => alert.id),
      );
      const [rest, part] = await openItems(setting);
      expect(rest).toMatchObject({ id: item.id, count: 5, severity: 'low' });
      expect(part).toMatchObject({ id: groupId, count: 1, severity: 'high', entity: item.entity });
      const tactics = async (id: number) => (await setting.engine.handlers.queue.get(setting.as(ANA), { id })).tactics;
      expect(await tactics(item.id)).toEqual(['discovery']);
      expect(await tactics(groupId)).toEqual(['exfiltration']);
      expect(part?.priorityPoints).toBeGreaterThan(rest?.priorityPoints ?? 0);
      await expectTrue(setting);
      const split1 = await everything(setting);
      const undone = await undo(setting, ANA, decisionId);
      expect(await everything(setting)).toEqual(before);
      await undo(setting, ANA, undone.decisionId);
      expect(await everything(setting)).toEqual(split1);
      await expect(split(setting, ANA, item, [1])).rejects.toMatchObject({ code: 'conflict' });
    });
  });
});

describeOnBothStores('a thing that is split off a storm', (open) => {
  it('takes its later alerts with it, and undo gives all of them back', async () => {
    await withSetting((await open()).target, async (setting) => {
      const sweep = (from: number, n: number) =>
        Array.from({ length: n }, (_, i) => eve({ flow: from + i, source: `10.0.1.${i % 30}`, at: NOW_MS - HOUR_MS }));
      await setting.ingestEve(sweep(0, 60));
      const [storm, ...others] = await openItems(setting);
      if (storm === undefined) throw new Error('A storm was expected');
      expect(others).toEqual([]);
      expect(storm).toMatchObject({ count: 60, entityCount: 30, entity: { kind: 'ip', value: '' } });
      const entity = { kind: 'ip' as const, value: '10.0.1.7' };
      const { decisionId, groupId } = await setting.engine.handlers.decisions.split(setting.as(ANA), {
        statement: statementOf('group.split', [storm.id]),
        ...seenOf(storm),
        alertIds: [],
        entity,
      });
      await setting.ingestEve(sweep(100, 30));
      const parted = await openItems(setting);
      expect(parted).toMatchObject([
        { id: storm.id, count: 87, entityCount: 29 },
        { id: groupId, count: 3, entity, entityCount: 1 },
      ]);
      await expectTrue(setting);
      await undo(setting, ANA, decisionId);
      expect(await openItems(setting)).toMatchObject([{ id: storm.id, count: 90, entityCount: 30 }]);
      await setting.ingestEve(sweep(200, 30));
      expect(await openItems(setting)).toMatchObject([{ id: storm.id, count: 120, entityCount: 30 }]);
      await expectTrue(setting);
    });
  });
});

type Step =
  | { kind: 'ingest'; alerts: { flow: number; sid: number; host: number; priority: number }[] }
  | { kind: 'join'; who: number; picks: number[] }
  | { kind: 'split'; who: number; pick: number; some: number[] }
  | { kind: 'take'; who: number; pick: number }
  | { kind: 'undo'; who: number; back: number };

const alert = fc.record({
  flow: fc.nat(999),
  sid: fc.nat(1),
  host: fc.nat(4),
  priority: fc.integer({ min: 1, max: 4 }),
});
const who = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ingest' as const),
      alerts: fc.array(alert, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      who,
      picks: fc.uniqueArray(fc.nat(5), { minLength: 2, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('split' as const),
      who,
      pick: fc.nat(4),
      some: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take' as const), who, pick: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const), who, back: fc.nat(3) }) },
);

async function take(setting: Setting, what: Step, made: readonly number[]): Promise<number | null> {
  if (what.kind === 'ingest') {
    const lines = what.alerts.map(({ flow, sid, host, priority }) =>
      eve({ flow: flow * 10 + host, sid, priority, source: `10.0.0.${host}`, at: NOW_MS - HOUR_MS + flow }),
    );
    await setting.ingestEve(lines);
    return null;
  }
  const person = [ANA, BEN, LEA][what.who] ?? ANA;
  if (what.kind === 'undo') return (await undo(setting, person, made.at(-1 - what.back) ?? 0)).decisionId;
  const items = await openItems(setting);
  if (what.kind === 'join') {
    const [into, ...others] = what.picks.flatMap((n) => items[n] ?? []);
    return into === undefined || others.length === 0 ? null : (await join(setting, person, into, others)).decisionId;
  }
  const item = items[what.pick];
  if (item === undefined) return null;
  if (what.kind === 'take') {
    const input = { statement: statementOf('group.take', [item.id]), selection: itemsOf(item), personId: person.id };
    return (await setting.engine.handlers.decisions.assign(setting.as(person), input)).decisionId;
  }
  const children = await childrenOf(setting, item.id);
  const ids = what.some.flatMap((n) => children[n]?.id ?? []);
  return ids.length === 0 ? null : (await split(setting, person, item, ids)).decisionId;
}

describeOnBothStores('joins, splits, undo and new alerts in any order', (open) => {
  it('keep every group what its alerts make it, and lose none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 30 }), async (steps) => {
        await withSetting((await open()).target, async (setting) => {
          const made: number[] = [];
          for (const what of steps) {
            setting.clock.atMs += 60_000;
            try {
              const decisionId = await take(setting, what, made);
              if (decisionId !== null) made.push(decisionId);
            } catch (error) {
              if (!(error instanceof EngineError) || error.code === 'internal') throw error;
            }
          }
          await expectTrue(setting);
          const { stored, shown } = {
            stored: await setting.store.read((db) => db.selectFrom('alert').select('id').execute()),
            shown: (await openItems(setting)).reduce((all, item) => all + item.count, 0),
          };
          expect(shown).toBe(stored.length);
        });
      }),
      { numRuns: 4 },
    );
  }, 120_000);
});

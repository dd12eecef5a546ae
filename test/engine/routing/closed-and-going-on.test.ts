import { expect, it } from 'vitest';
import type { StoreTarget } from '../../../engine/store/open.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { QueueItem } from '../../../shared/model/queue.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, itemsOf, listOpen, openSetting, type Setting, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';

const HOST = '10.0.0.9';

async function withSetting(target: StoreTarget, work: (setting: Setting) => Promise<void>): Promise<void> {
  const setting = await openSetting(target);
  try {
    await work(setting);
  } finally {
    await setting.close();
  }
}

/** Alerts of one rule on one host: they differ in nothing but what is said. */
const alerts = (from: number, n: number, more: Parameters<typeof eve>[0] = {}): JsonObject[] =>
  Array.from({ length: n }, (_, i) => eve({ flow: from + i, source: HOST, ...more }));

async function theItem(setting: Setting): Promise<QueueItem> {
  const { items } = await setting.engine.handlers.queue.list(setting.as(ANA), {
    filter: {
      state: 'all',
      severities: [],
      statuses: [],
      tiers: [],
      products: [],
      priorityLevels: [],
      dispositions: [],
      closedByKinds: [],
      assignee: null,
      sourceRuleId: null,
      closingRuleId: null,
      entityValue: null,
      tag: null,
      site: null,
      text: null,
    },
    sort: 'newest',
    cursor: null,
    limit: 10,
  });
  const [item] = items;
  if (item === undefined || items.length !== 1) throw new Error(`There are ${items.length} items`);
  return item;
}

async function close(setting: Setting, item: QueueItem, count = item.count) {
  const { id, version } = item;
  return setting.engine.handlers.decisions.dispose(setting.as(ANA), {
    statement: { ...statementOf('group.dispose', [id]), basedOn: [version], basedOnCounts: [count] },
    selection: { kind: 'items', items: [{ id, version, count }] },
    disposition: 'benign_true_positive',
    reason: 'backup job',
  });
}

const timelineOf = async (setting: Setting, id: number) =>
  (await setting.engine.handlers.queue.get(setting.as(ANA), { id })).timeline.map((entry) => entry.text);

describeOnBothStores('a group that a person closed while it goes on', (open) => {
  it('counts what comes later and makes no work of it', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(alerts(1, 3));
      await close(setting, await theItem(setting));
      await setting.ingestEve(alerts(100, 40));
      await setting.ingestEve(alerts(200, 2));
      expect(await theItem(setting)).toMatchObject({ status: 'closed', count: 45, laterCount: 42, news: null });
      expect((await listOpen(setting, ANA)).items).toEqual([]);
    });
  });

  it.each([
    ['a destination', { destination: '198.51.100.77' }, /destination that was not in it before: 198\.51\.100\.77/],
    ['a higher severity', { priority: 1 }, /a high alert came in, more severe/],
    ['a hash', { extra: { fileinfo: { sha256: 'ab'.repeat(32) } } }, /hash that was not in it before: abab/],
  ])('opens again for %s, and says which', async (_what, more, sentence) => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(alerts(1, 3, { priority: 3 }));
      await close(setting, await theItem(setting));
      await setting.ingestEve([
        ...alerts(50, 5, { priority: 3 }),
        ...alerts(60, 1, { priority: 3, ...more }),
        ...alerts(70, 5, { priority: 3 }),
      ]);
      const item = await theItem(setting);
      expect(item).toMatchObject({ status: 'new', assigneeId: null, laterCount: 0, closedAtMs: null });
      expect(item.news).toMatch(sentence);
      expect(await timelineOf(setting, item.id)).toEqual(expect.arrayContaining([expect.stringMatching(sentence)]));
    });
  });

  it('knows what it had seen after it was opened and closed again', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(alerts(1, 1));
      await close(setting, await theItem(setting));
      await setting.ingestEve(alerts(2, 1, { destination: '198.51.100.1' }));
      await close(setting, await theItem(setting));
      await setting.ingestEve(alerts(3, 1, { destination: '198.51.100.1' }));
      expect(await theItem(setting)).toMatchObject({ status: 'closed', laterCount: 1 });
      await setting.ingestEve(alerts(4, 1, { destination: '198.51.100.2' }));
      expect(await theItem(setting)).toMatchObject({ status: 'new' });
    });
  });

  it('covers what the person saw, and no alert that came in while they looked', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(alerts(1, 3));
      const seen = await theItem(setting);
      await setting.ingestEve(alerts(10, 4));
      await close(setting, seen);
      expect(await theItem(setting)).toMatchObject({ status: 'closed', count: 7, laterCount: 4 });
    });
  });

  it('is not closed over something new that the person has not seen', async () => {
    await withSetting((await open()).target, async (setting) => {
      await setting.ingestEve(alerts(1, 3));
      const seen = await theItem(setting);
      await setting.ingestEve(alerts(10, 4, { destination: '198.51.100.77' }));
      await expect(close(setting, seen)).rejects.toThrow(/4 more alerts since, with a destination .*198\.51\.100\.77/);
      expect(await theItem(setting)).toMatchObject({ status: 'new' });
      await close(setting, await theItem(setting));
      expect(await theItem(setting)).toMatchObject({ status: 'closed', laterCount: 0 });
    });
  });

  it('gives undo and redo what they had, and lets redo not hide what came in between', async () => {
    await withSetting((await open()).target, async (setting) => {
      const { decisions } = setting.engine.handlers;
      await setting.ingestEve(alerts(1, 3));
      const { decisionId } = await close(setting, await theItem(setting));
      await setting.ingestEve(alerts(10, 2));
      const undone = await decisions.undo(setting.as(ANA), {
        statement: statementOf('decision.undo'),
        decisionId: decisionId ?? 0,
      });
      expect(await theItem(setting)).toMatchObject({ status: 'new', count: 5, laterCount: 0 });
      await setting.ingestEve(alerts(20, 1));
      const redone = await decisions.undo(setting.as(ANA), {
        statement: statementOf('decision.redo'),
        decisionId: undone.decisionId ?? 0,
      });
      expect(await theItem(setting)).toMatchObject({ status: 'closed', count: 6, laterCount: 3 });
      const again = await decisions.undo(setting.as(ANA), {
        statement: statementOf('decision.undo'),
        decisionId: redone.decisionId ?? 0,
      });
      await setting.ingestEve(alerts(30, 1, { destination: '198.51.100.3' }));
      await expect(
        decisions.undo(setting.as(ANA), { statement: statementOf('decision.redo'), decisionId: again.decisionId ?? 0 }),
      ).rejects.toThrow(/198\.51\.100\.3/);
    });
  });
});

describeOnBothStores('something more severe in what people work on', (open) => {
  it('leaves it with its owner, says so, starts a clock and moves the version', async () => {
    await withSetting((await open()).target, async (setting) => {
      const { decisions } = setting.engine.handlers;
      await setting.ingestEve(alerts(1, 1, { priority: 3 }));
      const before = await theItem(setting);
      await decisions.acknowledge(setting.as(BEN), {
        statement: statementOf('group.acknowledge', [before.id]),
        selection: itemsOf(before),
      });
      const held = await theItem(setting);
      await setting.ingestEve(alerts(2, 1, { priority: 1 }));
      const raised = await theItem(setting);
      expect(raised).toMatchObject({ status: 'acknowledged', assigneeId: 'ben', severity: 'high' });
      expect(raised.news).toMatch(/high alert came in/);
      expect(raised.dueAtMs).not.toBeNull();
      await expect(close(setting, held)).rejects.toThrow(/made more severe by the system meanwhile/);
      await decisions.acknowledge(setting.as(BEN), {
        statement: statementOf('group.acknowledge', [raised.id]),
        selection: itemsOf(raised),
      });
      expect(await theItem(setting)).toMatchObject({ status: 'acknowledged', news: null, dueAtMs: null });
    });
  });

  it('makes what nobody owns new again, and ends a hold', async () => {
    await withSetting((await open()).target, async (setting) => {
      const { decisions } = setting.engine.handlers;
      await setting.ingestEve(alerts(1, 1, { priority: 3 }));
      const item = await theItem(setting);
      await decisions.hold(setting.as(BEN), {
        statement: statementOf('group.hold', [item.id]),
        selection: itemsOf(item),
        untilMs: setting.clock.atMs + 3_600_000,
      });
      await setting.ingestEve(alerts(2, 1, { priority: 1 }));
      const raised = await theItem(setting);
      expect(raised).toMatchObject({ status: 'new', holdUntilMs: null, severity: 'high' });
      expect(await timelineOf(setting, item.id)).toEqual(expect.arrayContaining([expect.stringMatching(/high alert/)]));
    });
  });
});

describeOnBothStores('a large group that grows', (open) => {
  it('is read ahead while it is open, and a closing covers what was seen of it and no more', async () => {
    await withSetting((await open()).target, async (setting) => {
      const readTo = () =>
        setting.engine.store.read((db) => db.selectFrom('group_seen_to').selectAll().executeTakeFirst());
      await setting.ingestEve(alerts(1, 1_990));
      await setting.engine.tick();
      expect(await readTo()).toBeUndefined();
      const seen = await theItem(setting);
      await setting.ingestEve(alerts(10_000, 20));
      await setting.engine.tick();
      expect(await readTo()).toMatchObject({ group_id: seen.id, alert_id: 2_010, value_count: 1 });
      await setting.ingestEve(alerts(20_000, 1, { destination: '198.51.100.77' }));
      await setting.engine.tick();
      expect(await readTo()).toMatchObject({ alert_id: 2_011, value_count: 2 });
      await expect(close(setting, seen)).rejects.toThrow(/21 more alerts since, with a destination .*198\.51\.100\.77/);
      await close(setting, await theItem(setting));
      await setting.ingestEve(alerts(30_000, 5, { destination: '198.51.100.77' }));
      expect(await theItem(setting)).toMatchObject({ status: 'closed', laterCount: 5 });
      await setting.ingestEve(alerts(40_000, 1, { destination: '198.51.100.78' }));
      expect(await theItem(setting)).toMatchObject({ status: 'new' });
    });
  }, 60_000);
});

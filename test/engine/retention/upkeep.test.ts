import { expect, it } from 'vitest';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, BEN, CYD, itemsOf, LEA, listOpen, NOW_MS, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { DAY_MS, everyOriginal, indexProblems, openStorageSetting } from './storage-setting.ts';

const KEEP_DAYS = 20;

const lines = (from: number, count: number, parts: Parameters<typeof eve>[0] = {}) =>
  Array.from({ length: count }, (_, i) => eve({ flow: from + i, ...parts }));

describeOnBothStores('keeping the storage policy', (open) => {
  it('drops what is older than its severity is kept, and not a day before', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = KEEP_DAYS;
    });
    await setting.ingestEve(lines(1, 200));
    const [item] = (await listOpen(setting, ANA)).items;
    if (item === undefined) throw new Error('an empty queue');
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(item),
      disposition: 'false_positive',
      reason: 'noise',
    });
    const before = await everyOriginal(setting.store);
    const advance = async (toMs: number) => {
      // A clock that runs on evenly: it is looked at every second day.
      for (; setting.clock.atMs < toMs; setting.clock.atMs = Math.min(toMs, setting.clock.atMs + 2 * DAY_MS)) {
        await setting.engine.writer.tidy({ kind: 'system', id: 'test' });
      }
    };
    await advance(NOW_MS + KEEP_DAYS * DAY_MS);
    expect((await setting.tidyAll()).droppedBlocks).toBe(0);
    expect(await everyOriginal(setting.store)).toEqual(before);
    await advance(NOW_MS + (KEEP_DAYS + 1) * DAY_MS);
    expect(await setting.tidyAll()).toMatchObject({ droppedBlocks: 4, droppedRecords: 200, keptOriginals: 0 });
    expect([...(await everyOriginal(setting.store)).values()].every((text) => text === null)).toBe(true);
    const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: item.id });
    const alert = detail.alerts[0]?.id ?? 0;
    const day = new Date(setting.clock.atMs).toISOString().slice(0, 10);
    const original = await setting.engine.handlers.alert.original(setting.as(ANA), {
      id: alert,
      revision: null,
      limit: 100,
    });
    expect(original).toMatchObject({ text: '', notice: expect.stringContaining(`dropped on ${day} by the storage`) });
    const read = await setting.engine.handlers.alert.get(setting.as(ANA), { id: alert });
    expect(read.alert.title).toBe('ET POLICY test');
    expect(read.warnings[0]?.message).toContain(day);
    const ledger = await setting.store.read((db) =>
      db.selectFrom('decision').select('summary').where('kind', '=', 'storage.drop').execute(),
    );
    expect(ledger.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^Drops originals by the storage policy \(version 1\).*medium, stored through 2026-03-02/),
    ]);
    await setting.close();
  });

  it('never drops what is open, escalated or found true, and lets it go when that has ended', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = 1;
    });
    // Three that stay open among three hundred that do not, and three small blocks by themselves.
    const among = lines(1, 300, { source: '10.0.1.1' });
    for (const at of [10, 70, 290]) among[at] = eve({ flow: 1 + at, source: '10.0.1.5' });
    await setting.ingestEve(among);
    for (const n of [2, 3, 4]) await setting.ingestEve(lines(1_000 * n, 4, { source: `10.0.1.${n}` }));
    const { items } = await listOpen(setting, ANA);
    const about = (source: string) => {
      const item = items.find(({ entity }) => entity.value === source);
      if (item === undefined) throw new Error(`Nothing about ${source}`);
      return item;
    };
    const dispose = async (source: string, disposition: 'false_positive' | 'true_positive') => {
      const { item } = await setting.engine.handlers.queue.get(setting.as(CYD), { id: about(source).id });
      const answer = await setting.engine.handlers.decisions.dispose(setting.as(CYD), {
        statement: statementOf('group.dispose'),
        selection: itemsOf(item),
        disposition,
        reason: 'looked at',
      });
      expect(answer.changed).toBe(1);
    };
    await dispose('10.0.1.1', 'false_positive');
    await dispose('10.0.1.2', 'true_positive');
    await setting.engine.handlers.decisions.escalate(setting.as(BEN), {
      statement: statementOf('group.escalate'),
      id: about('10.0.1.3').id,
      version: about('10.0.1.3').version,
      question: 'Is this one of yours?',
      toTier: null,
      backupId: null,
    } as never);
    await dispose('10.0.1.3', 'false_positive');
    const before = await everyOriginal(setting.store);
    await setting.tidyAll();
    setting.clock.atMs += 2 * DAY_MS;
    expect(await setting.tidyAll()).toMatchObject({ droppedRecords: 297, keptOriginals: 3, heldBlocks: 3 });
    const groupOf = await setting.store.read(async (db) => {
      const rows = await db.selectFrom('alert').select(['id', 'group_id']).execute();
      return new Map(rows.map((row) => [row.id, row.group_id]));
    });
    const keptIn = async () => {
      const kept = new Map<number, number>();
      for (const [key, text] of await everyOriginal(setting.store)) {
        if (text === null) continue;
        expect(text).toBe(before.get(key));
        const group = groupOf.get(Number(key.split('/')[0])) ?? 0;
        kept.set(group, (kept.get(group) ?? 0) + 1);
      }
      return kept;
    };
    const kept = await keptIn();
    const countsOf = (counts: Map<number, number>) =>
      [1, 2, 3, 4, 5].map((n) => counts.get(about(`10.0.1.${n}`).id) ?? 0);
    expect(countsOf(kept)).toEqual([0, 4, 4, 4, 3]);
    const { held } = await setting.engine.handlers.workspace.storage(setting.as(LEA), {});
    expect(held).toMatchObject([
      { by: 'open_item', blocks: 1, originals: 3 },
      { by: 'escalation', blocks: 1, originals: 0 },
      { by: 'true_positive', blocks: 1, originals: 0 },
    ]);
    await dispose('10.0.1.4', 'false_positive');
    await dispose('10.0.1.5', 'false_positive');
    for (let day = 0; day < 9; day += 1) {
      setting.clock.atMs += DAY_MS;
      await setting.tidyAll();
    }
    expect(countsOf(await keptIn())).toEqual([0, 4, 4, 0, 0]);
    expect(await indexProblems(setting.store)).toEqual([]);
    await setting.close();
  });

  it('holds what came into a group that lives in another now, as long as that one is open', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = 1;
    });
    // In blocks of their own, so that neither holds the other.
    await setting.ingestEve(lines(1, 3, { source: '10.0.1.1' }));
    await setting.ingestEve(lines(10, 3, { source: '10.0.1.2' }));
    const { items } = await listOpen(setting, ANA);
    expect(items).toHaveLength(2);
    const [into, other] = items.map(({ id, version }) => ({ id, version }));
    if (into === undefined || other === undefined) throw new Error('two items were stored');
    await setting.engine.handlers.decisions.join(setting.as(ANA), {
      statement: statementOf('group.join', [into.id, other.id]),
      into,
      items: [other],
    });
    const joined = (await listOpen(setting, ANA)).items;
    expect(joined).toHaveLength(1);
    const gone = async () => [...(await everyOriginal(setting.store)).values()].filter((text) => text === null).length;
    await setting.tidyAll();
    setting.clock.atMs += 2 * DAY_MS;
    await setting.tidyAll();
    expect(await gone()).toBe(0);
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...joined),
      disposition: 'false_positive',
      reason: 'noise',
    });
    for (let day = 0; day < 8; day += 1) {
      setting.clock.atMs += DAY_MS;
      await setting.tidyAll();
    }
    expect(await gone()).toBe(6);
    await setting.close();
  });

  it('merges the small blocks of a live source, and every original reads as before', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target);
    for (let n = 0; n < 70; n += 1) await setting.ingestEve(lines(10 * n, 1 + (n % 3)));
    // A changed content of an alert of before, so that a revision has to move too.
    await setting.ingestEve([eve({ flow: 0, extra: { app_proto: 'tls' } })]);
    const before = await everyOriginal(setting.store);
    const blocks = () =>
      setting.store.read(async (db) => (await db.selectFrom('original_index').selectAll().execute()).length);
    expect(await blocks()).toBe(71);
    const run = await setting.tidyAll();
    expect(run.mergedBlocks).toBe(71);
    expect(await blocks()).toBe(Math.ceil(before.size / 64));
    expect(await everyOriginal(setting.store)).toEqual(before);
    expect(await indexProblems(setting.store)).toEqual([]);
    expect((await setting.tidyAll()).mergedBlocks).toBe(0);
    await setting.close();
  });

  it('drops by size in the order of the policy, the oldest first, until the rest fits', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.size = { maxBytes: 1_000_000, order: ['low', 'medium'], keepDays: 1 };
    });
    const filler = (n: number) => ({
      filler: Array.from({ length: 90 }, (_, i) => ((n * 7919 + i * 104_729) ** 2 % 1e12).toString(36)).join(''),
    });
    const noisy = (from: number, priority: number) =>
      Array.from({ length: 500 }, (_, i) =>
        eve({ flow: from + i, priority, source: `10.1.${priority}.1`, extra: filler(from + i) }),
      );
    for (let day = 0; day < 4; day += 1) {
      await setting.ingestEve([...noisy(day * 10_000, 2), ...noisy(day * 10_000 + 5_000, 3)]);
      const { items } = await listOpen(setting, ANA);
      await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
        statement: statementOf('group.dispose'),
        selection: itemsOf(...items),
        disposition: 'false_positive',
        reason: 'noise',
      });
      setting.clock.atMs += DAY_MS;
      await setting.engine.tick();
    }
    const status = await setting.engine.handlers.workspace.storage(setting.as(LEA), {});
    const left = await setting.store.read((db) =>
      db.selectFrom('original_index').select(['severity', 'stored_day']).distinct().execute(),
    );
    // Rank 2 is low and 3 is medium: low went first, and nothing younger than the policy says.
    const daysOf = (severity: number) => left.filter((row) => row.severity === severity).map((row) => row.stored_day);
    expect(daysOf(2).length).toBeLessThan(daysOf(3).length);
    expect(Math.max(...daysOf(2))).toBe(Math.floor(NOW_MS / DAY_MS) + 3);
    expect(status.originals.storedBytes <= 1_000_000 || status.overBytes > 0).toBe(true);
    await setting.close();
  });
});

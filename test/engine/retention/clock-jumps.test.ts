import { expect, it } from 'vitest';
import { isDue } from '../../../engine/retention/upkeep.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, itemsOf, LEA, listOpen, NOW_MS, statementOf } from '../engine-setting.ts';
import { eve } from '../ingest/pipeline-setting.ts';
import { DAY_MS, everyOriginal, openStorageSetting } from './storage-setting.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * DAY_MS;

it('makes hourly work due again when the clock has gone back before its last time', () => {
  expect([null, NOW_MS, NOW_MS - HOUR_MS, NOW_MS + 1].map((lastMs) => isDue(lastMs, NOW_MS, HOUR_MS))).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

describeOnBothStores('a clock that jumps', (open) => {
  it.each([
    ['an hour', HOUR_MS],
    ['a year', YEAR_MS],
  ])('back by %s: work goes on, nothing is taken in twice, nothing is dropped', async (_name, backMs) => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = 30;
    });
    const lines = Array.from({ length: 5 }, (_, i) => eve({ flow: i, source: `10.0.9.${i}` }));
    await setting.ingestEve(lines);
    await setting.engine.tick();
    const [held, open_] = (await listOpen(setting, ANA)).items;
    if (held === undefined || open_ === undefined) throw new Error('an empty queue');
    await setting.engine.handlers.decisions.hold(setting.as(ANA), {
      statement: statementOf('group.hold'),
      selection: itemsOf(held),
      untilMs: NOW_MS + HOUR_MS,
      reason: 'waiting',
    } as never);
    const before = await everyOriginal(setting.store);
    setting.clock.atMs = NOW_MS - backMs;
    await setting.engine.tick();
    // The periodic work does not wait until the clock is where it was.
    const { seq } = await setting.engine.handlers.workspace.get(setting.as(ANA), {});
    expect(await setting.ingestEve(lines)).toMatchObject({ duplicates: 5, stored: 0 });
    const since = await setting.engine.handlers.changes.since(setting.as(ANA), { seq, limit: 100 });
    expect(since.kind).toBe('rows');
    const { items } = await listOpen(setting, ANA);
    expect(items).toHaveLength(5);
    for (const item of items) {
      const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: item.id });
      expect(`${detail.why} ${detail.story}`).not.toMatch(/(^|\s)-\d|NaN|Infinity/);
    }
    expect(await everyOriginal(setting.store)).toEqual(before);
    const { waitsUntilMs } = await setting.engine.handlers.workspace.storage(setting.as(LEA), {});
    expect(waitsUntilMs).toBe(NOW_MS - backMs + DAY_MS);
    // A decision of the same moment, then time goes on from there and the hold ends at its time.
    await setting.engine.handlers.decisions.acknowledge(setting.as(ANA), {
      statement: statementOf('group.acknowledge'),
      selection: itemsOf(open_),
    } as never);
    setting.clock.atMs = NOW_MS + HOUR_MS;
    await setting.engine.tick();
    const resumed = await setting.engine.handlers.queue.get(setting.as(ANA), { id: held.id });
    expect(resumed.item.status).not.toBe('on_hold');
    expect(await everyOriginal(setting.store)).toEqual(before);
    await setting.close();
  });

  it('ahead by a year for some hours: what is young is not dropped, before or after it is put right', async () => {
    const { target } = await open();
    const setting = await openStorageSetting(target, (policy) => {
      policy.originals.keepDays.medium = 30;
      policy.purged.dead_letter.days = 30;
    });
    await setting.ingestEve([eve({ flow: 1 })]);
    const [item] = (await listOpen(setting, ANA)).items;
    if (item === undefined) throw new Error('an empty queue');
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(item),
      disposition: 'false_positive',
      reason: 'noise',
    });
    await setting.engine.tick();
    const before = await everyOriginal(setting.store);
    for (let hour = 0; hour < 12; hour += 4) {
      setting.clock.atMs = NOW_MS + YEAR_MS + hour * HOUR_MS;
      await setting.engine.tick();
      await setting.tidyAll();
    }
    expect(await everyOriginal(setting.store)).toEqual(before);
    for (let hour = 0; hour < 30; hour += 3) {
      setting.clock.atMs = NOW_MS + hour * HOUR_MS;
      await setting.engine.tick();
    }
    expect(await everyOriginal(setting.store)).toEqual(before);
    // And once it is truly old, it goes.
    for (let day = 2; day <= 32; day += 2) {
      setting.clock.atMs = NOW_MS + day * DAY_MS;
      await setting.tidyAll();
    }
    expect([...(await everyOriginal(setting.store)).values()]).toEqual([null]);
    await setting.close();
  });
});

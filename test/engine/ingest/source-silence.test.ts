import { expect, test } from 'vitest';
import {
  countDelivery,
  insertSource,
  sourceHealth,
  sourceHours,
  updateSource,
} from '../../../engine/store/live-sources.ts';
import type { SourceDraft } from '../../../shared/model/source.ts';
import { sourceDraftSchema } from '../../../shared/model/source.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { ANA, itemsOf, listOpen, NOW_MS, openSetting, type Setting, statementOf } from '../engine-setting.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const NO_COUNTS = { read: 0, stored: 0, updated: 0, duplicates: 0, rejected: 0, skipped: 0 };

function draft(more: object = {}): SourceDraft {
  return sourceDraftSchema.parse({ name: 'Firewall', settings: { kind: 'http', port: 0 }, ...more });
}

/** A source that brought 60 records in each of so many hours before now. */
async function sourceWithHabit(setting: Setting, hours: number, more: object = {}): Promise<number> {
  return setting.store.write(async (tx) => {
    const id = await insertSource(tx, draft(more), NOW_MS - hours * HOUR);
    for (let hour = hours; hour >= 0; hour -= 1) {
      await hear(tx, id, NOW_MS - hour * HOUR);
    }
    return id;
  });
}

const hear = (tx: Parameters<typeof countDelivery>[0], id: number, atMs: number) =>
  countDelivery(tx, id, { counts: { ...NO_COUNTS, read: 60 }, dropped: 0, problem: undefined }, atMs);

/** Ticks every minute, as a program that is never away. */
async function live(setting: Setting, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 5) {
    setting.clock.atMs += 5 * MINUTE;
    await setting.engine.tick();
  }
}

const silentItems = async (setting: Setting) =>
  (await listOpen(setting, ANA)).items.filter(({ product }) => product === 'evenwatch');

describeOnBothStores('silence of sources', (open) => {
  test('puts one item into the queue, says when the source spoke again, and asks anew after the next pause', async () => {
    const setting = await openSetting((await open()).target);
    const id = await sourceWithHabit(setting, 4 * 168 + 2);
    const since = async () => (await setting.store.read(sourceHealth)).get(id)?.silent_since_ms;
    await setting.engine.tick();
    await live(setting, 10);
    expect(await silentItems(setting)).toEqual([]);
    await live(setting, 50);
    const [item, ...others] = await silentItems(setting);
    expect(others).toEqual([]);
    expect(item).toMatchObject({
      title: 'The source Firewall has fallen silent',
      severity: 'medium',
      count: 1,
      entity: { kind: 'resource', value: 'source/firewall' },
    });
    expect(await since()).toBe(NOW_MS);
    await live(setting, 60);
    expect(await silentItems(setting)).toMatchObject([{ count: 1 }]);
    await setting.store.write((tx) => hear(tx, id, setting.clock.atMs));
    await live(setting, 5);
    expect(await since()).toBeNull();
    const originals = await setting.store.read((db) =>
      db.selectFrom('alert').select(['revision', 'stable_id']).execute(),
    );
    expect(originals).toEqual([{ revision: 1, stable_id: `source-silent/${id}/${NOW_MS}` }]);
    const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: item?.id ?? 0 });
    expect(JSON.stringify(detail)).toContain('spoke again');
    expect((await silentItems(setting))[0]?.status).toBe('new');
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...(await silentItems(setting))),
      disposition: 'benign_true_positive',
      reason: 'cable',
    });
    await live(setting, 60);
    expect(await silentItems(setting)).toHaveLength(1);
    await setting.close();
  });

  test('nobody is asked about a source that is off, is new, or whose pause fell into an absence of the program', async () => {
    const setting = await openSetting((await open()).target);
    const off = await sourceWithHabit(setting, 4 * 168, { name: 'Off', isEnabled: false });
    await sourceWithHabit(setting, 20, { name: 'New' });
    await sourceWithHabit(setting, 4 * 168, { name: 'Never', quietAfterMinutes: 0 });
    await live(setting, 120);
    expect(await silentItems(setting)).toEqual([]);
    // The machine was off for two days; only then the source goes on.
    const away = await sourceWithHabit(setting, 4 * 168, { name: 'Away' });
    setting.clock.atMs += 48 * HOUR;
    await setting.engine.tick();
    await setting.store.write((tx) => hear(tx, away, setting.clock.atMs));
    await live(setting, 10);
    expect(await silentItems(setting)).toEqual([]);
    await setting.store.write((tx) => updateSource(tx, off, draft({ name: 'Off' })));
    await live(setting, 10);
    expect(await silentItems(setting)).toEqual([]);
    await setting.close();
  });

  test('goes by the minutes that a person set, also for a source that never spoke', async () => {
    const setting = await openSetting((await open()).target);
    await setting.store.write((tx) => insertSource(tx, draft({ quietAfterMinutes: 30 }), NOW_MS));
    await setting.engine.tick();
    await live(setting, 25);
    expect(await silentItems(setting)).toEqual([]);
    await live(setting, 10);
    expect(await silentItems(setting)).toHaveLength(1);
    await setting.close();
  });

  test('forgets the hours that no habit needs any more', async () => {
    const setting = await openSetting((await open()).target);
    await sourceWithHabit(setting, 7 * 168);
    await setting.engine.tick();
    const hours = await setting.store.read((db) => sourceHours(db, 0));
    expect(hours.length).toBe(5 * 168 + 1);
    await setting.close();
  });
});

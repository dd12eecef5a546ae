import { expect, it } from 'vitest';
import { recount } from '../../engine/store/counts.ts';
import { describeOnBothStores } from '../store/databases.ts';
import { ANA, itemsOf, listOpen, NOW_MS, openSetting, statementOf } from './engine-setting.ts';
import { eve } from './ingest/pipeline-setting.ts';

describeOnBothStores('the periodic work', (open) => {
  it('lets what people say of a rule reach the order of its other items within the hour', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    // Of two windows, so that neither has enough of them to be a storm.
    const alertOf = (n: number) =>
      eve({ flow: n, sid: 1, source: `10.0.1.${n + 1}`, at: NOW_MS - (n % 2) * 5 * 3_600_000 });
    await setting.ingestEve(Array.from({ length: 30 }, (_, n) => alertOf(n)));
    await setting.ingestEve([eve({ flow: 99, sid: 2, signature: 'ET POLICY other', source: '10.0.2.1' })]);
    await setting.engine.tick();
    const { items } = await listOpen(setting, ANA);
    const ofRule = items.filter((item) => item.entity.value.startsWith('10.0.1.'));
    const closed = ofRule.slice(0, 20);
    await setting.engine.handlers.decisions.dispose(setting.as(ANA), {
      statement: statementOf('group.dispose'),
      selection: itemsOf(...closed),
      disposition: 'false_positive',
      reason: 'noise',
    });
    const pointsOf = async () =>
      new Map((await listOpen(setting, ANA)).items.map((item) => [item.entity.value, item.priorityPoints]));
    const before = await pointsOf();
    setting.clock.atMs = NOW_MS + 30 * 60_000;
    await setting.engine.tick();
    expect(await pointsOf()).toEqual(before);
    setting.clock.atMs = NOW_MS + 61 * 60_000;
    await setting.engine.tick();
    const after = await pointsOf();
    expect(after.size).toBe(11);
    for (const [entity, points] of after) expect(points).toBeLessThan(before.get(entity) ?? 0);
    const detail = await setting.engine.handlers.queue.get(setting.as(ANA), { id: ofRule.at(-1)?.id ?? 0 });
    expect(detail.priority.terms[0]?.reason).toMatch(/people found 0 of 20 of this rule true/);
    const order = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
    const kept = await setting.store.read((db) => db.selectFrom('group_count').selectAll().execute());
    expect(order(kept)).toEqual(order(await setting.store.read(recount)));
    const quiet = await setting.engine.changes.latestSeq();
    await setting.engine.tick();
    expect(await setting.engine.changes.latestSeq()).toBe(quiet);
    await setting.close();
  });

  it('forgets answers after thirty days, and not before', async () => {
    const { target } = await open();
    const setting = await openSetting(target);
    await setting.ingestEve([eve({ flow: 1, source: '10.0.1.1' })]);
    const [first] = (await listOpen(setting, ANA)).items;
    if (first === undefined) throw new Error('an empty queue');
    const input = { statement: statementOf('note.add'), selection: itemsOf(first), text: 'once' };
    await setting.engine.handlers.decisions.note(setting.as(ANA), input);
    const notes = async () => (await setting.engine.handlers.queue.get(setting.as(ANA), { id: first.id })).notes.length;
    setting.clock.atMs += 29 * 86_400_000;
    await setting.engine.tick();
    await setting.engine.handlers.decisions.note(setting.as(ANA), input);
    expect(await notes()).toBe(1);
    setting.clock.atMs += 2 * 86_400_000;
    await setting.engine.tick();
    await setting.engine.handlers.decisions.note(setting.as(ANA), input);
    expect(await notes()).toBe(2);
    await setting.close();
  });
});

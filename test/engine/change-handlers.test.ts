import { expect, it } from 'vitest';
import { changeHandlers } from '../../engine/change-handlers.ts';
import { appendChange } from '../../engine/store/feed.ts';
import { ChangeNews } from '../../engine/writer.ts';
import { describeOnBothStores } from '../store/databases.ts';

const context = { session: { personId: null, roles: [], canSwitchPerson: false, switchTo: () => {} } };

describeOnBothStores('the change feed', (open) => {
  it('pokes with the newest number, one poke for many commits, and ends when its reader goes', async () => {
    const { store } = await open();
    const news = new ChangeNews();
    let pass = Promise.withResolvers<void>();
    let slept = 0;
    const { changes } = changeHandlers({
      store,
      onChange: (listener) => news.onChange(listener),
      sleep: async (ms) => {
        expect(ms).toBeGreaterThanOrEqual(100);
        slept += 1;
        await pass.promise;
      },
    });
    const commit = async () =>
      news.publish(await store.write((tx) => appendChange(tx, { kinds: ['group'], firstId: 1, lastId: 1, atMs: 0 })));
    const pokes = await changes.subscribe(context, {});
    expect(await pokes.next()).toEqual({ done: false, value: { seq: 0 } });
    const second = pokes.next();
    for (let n = 0; n < 5; n += 1) await commit();
    pass.resolve();
    expect(await second).toEqual({ done: false, value: { seq: 5 } });
    expect(slept).toBe(1);
    pass = Promise.withResolvers();
    pass.resolve();
    const waiting = pokes.next();
    await pokes.return();
    expect(await waiting).toMatchObject({ done: true });
    await commit();
    expect(await pokes.next()).toMatchObject({ done: true });
    const since = await changes.since(context, { seq: 3, limit: 200 });
    expect(since).toMatchObject({ kind: 'rows', seq: 6, rows: [{ seq: 4 }, { seq: 5 }, { seq: 6 }] });
  });
});

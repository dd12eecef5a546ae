import { expect, it } from 'vitest';
import { CountDeltas, recount } from '../../engine/store/counts.ts';
import { appendChange, changesSince, newestSeq, trimFeed } from '../../engine/store/feed.ts';
import { reserveIds } from '../../engine/store/ids.ts';
import { getMeta, setMeta } from '../../engine/store/meta.ts';
import { describeOnBothStores } from './databases.ts';

describeOnBothStores('a store', (open) => {
  it('gives ids in blocks that never overlap, and gives them back when the transaction fails', async () => {
    const { store } = await open();
    expect(await store.write((tx) => reserveIds(tx, 'alert', 3))).toBe(1);
    expect(await store.write((tx) => reserveIds(tx, 'alert', 2))).toBe(4);
    const failed = store.write(async (tx) => {
      await reserveIds(tx, 'alert', 100);
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await store.write((tx) => reserveIds(tx, 'alert', 1))).toBe(6);
    expect(await store.write((tx) => reserveIds(tx, 'note', 1))).toBe(1);
  });

  it('undoes everything of a transaction that throws', async () => {
    const { store } = await open();
    await expect(
      store.write(async (tx) => {
        await setMeta(tx, 'name', 'half');
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(await store.read((db) => getMeta(db, 'name'))).toBeNull();
  });

  it('lets a reader keep its view while the writer commits', async () => {
    const { store } = await open();
    await store.write((tx) => setMeta(tx, 'name', 'before'));
    const seen = await store.read(async (db) => {
      const first = await getMeta(db, 'name');
      await store.write((tx) => setMeta(tx, 'name', 'after'));
      return [first, await getMeta(db, 'name')];
    });
    expect(seen).toEqual(['before', 'before']);
    expect(await store.read((db) => getMeta(db, 'name'))).toBe('after');
  });

  it('runs writes one after the other', async () => {
    const { store } = await open();
    const add = () =>
      store.write(async (tx) => {
        const n = Number((await getMeta(tx, 'n')) ?? '0');
        await Promise.resolve();
        await setMeta(tx, 'n', String(n + 1));
      });
    await Promise.all(Array.from({ length: 20 }, add));
    expect(await store.read((db) => getMeta(db, 'n'))).toBe('20');
  });

  it('answers the changes after a number, and resync when they are gone', async () => {
    const { store } = await open();
    const append = (atMs: number) =>
      store.write((tx) => appendChange(tx, { kinds: ['group', 'alert', 'group'], firstId: 5, lastId: 9, atMs }));
    expect(await append(1000)).toBe(1);
    expect(await append(2000)).toBe(2);
    const row = (seq: number) => ({ seq, kinds: ['group', 'alert'], firstId: 5, lastId: 9 });
    expect(await store.read((db) => changesSince(db, 0, 1))).toEqual({ kind: 'rows', rows: [row(1)], seq: 1 });
    expect(await store.read((db) => changesSince(db, 1, 9))).toEqual({ kind: 'rows', rows: [row(2)], seq: 2 });
    expect(await store.read((db) => changesSince(db, 2, 9))).toEqual({ kind: 'rows', rows: [], seq: 2 });
    expect(await store.read((db) => changesSince(db, 3, 9))).toEqual({ kind: 'resync', seq: 2 });
    await store.write((tx) =>
      tx
        .deleteFrom('change_feed')
        .where('seq', '=', 1)
        .execute()
        .then(() => {}),
    );
    expect(await store.read((db) => changesSince(db, 0, 9))).toEqual({ kind: 'resync', seq: 2 });
    expect(await store.read((db) => newestSeq(db))).toBe(2);
  });

  it('drops old changes without a gap, wherever the clock was when they were written', async () => {
    const { store } = await open();
    const day = 86_400_000;
    // For a while the clock was a year ahead.
    const timeOf = (i: number) => (i < 20 ? day : i < 40 ? 365 * day : i < 60 ? 2 * day : 9 * day);
    await store.write(async (tx) => {
      for (let i = 1; i <= 80; i += 1) {
        await appendChange(tx, { kinds: ['group'], firstId: null, lastId: null, atMs: timeOf(i) });
      }
      await trimFeed(tx, 2 * day);
    });
    const left = async () =>
      (await store.read((db) => db.selectFrom('change_feed').select('seq').orderBy('seq').execute())).map(
        ({ seq }) => seq,
      );
    expect(await left()).toEqual(Array.from({ length: 61 }, (_, i) => i + 20));
    await store.write((tx) => trimFeed(tx, 3 * day));
    expect(await left()).toEqual(Array.from({ length: 21 }, (_, i) => i + 60));
    expect(await store.read((db) => changesSince(db, 30, 100))).toEqual({ kind: 'resync', seq: 80 });
  });

  it('keeps counts and flow of groups that move', async () => {
    const { store } = await open();
    const group = {
      is_open: 1,
      status: 'new',
      severity: 3,
      tier: 'tier1',
      product: 'suricata',
      assignee_id: null,
      priority_level: 3,
      closed_by_kind: null,
    };
    const mine = { ...group, assignee_id: 'ana' };
    const closed = { ...mine, is_open: 0, status: 'closed', closed_by_kind: 'person' };
    const apply = (before: typeof group | typeof mine | null, after: typeof group | typeof mine | typeof closed) =>
      store.write(async (tx) => {
        const deltas = new CountDeltas();
        deltas.move(before, after, 7_200_000);
        await deltas.apply(tx);
      });
    await apply(null, group);
    await apply(null, group);
    await apply(group, mine);
    await apply(mine, closed);
    const counts = await store.read((db) => db.selectFrom('group_count').selectAll().orderBy('is_open').execute());
    expect(counts).toEqual([
      { ...closed, assignee_id: '', n: 1 },
      { ...group, assignee_id: '', closed_by_kind: '', n: 1 },
    ]);
    expect(await store.read((db) => db.selectFrom('hourly_flow').selectAll().execute())).toEqual([
      { hour: 2, tier: 'tier1', received: 2, finished: 1, auto_closed: 0 },
    ]);
    expect(await store.read(recount)).toEqual([]);
  });
});

import { expect, test } from 'vitest';
import { loadPolicies } from '../../../engine/policies.ts';
import { bandAccessOf } from '../../../engine/store/bands.ts';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { noteLooks, refreshBands } from '../../../engine/workload/bands.ts';
import { type Gate, mayLeadsSeeBands, readGate, writeGate } from '../../../engine/workload/gate.ts';
import { myWatch } from '../../../engine/workload/my-watch.ts';
import { teamOverview } from '../../../engine/workload/team-overview.ts';
import { dayShifts, rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { person, seedGroup } from '../seed.ts';

const policies = loadPolicies();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 21, 12);
const GATE: Gate = {
  dpiaReference: 'DPIA-7',
  workersInformedOn: '2026-11-01',
  consultation: 'Representatives heard on 2 November',
  purpose: 'Change the work before it wears people out',
  countryPolicy: 'EU default',
};

/** Zoe had a rest of 8 h; Ana's rota is quiet. */
async function seedRota(store: Store): Promise<void> {
  await store.write(async (tx) => {
    await replacePeople(tx, [person('zoe', 'tier1'), person('ana', 'tier1')]);
    await replaceDuties(
      tx,
      [
        ...rota(
          [...dayShifts('2026-11', 9, 13), 'shift 2026-11-17T14:00 22:00', 'shift 2026-11-18T06:00 14:00'],
          'zoe',
        ),
        ...rota([...dayShifts('2026-11', 9, 13), ...dayShifts('2026-11', 16, 20)], 'ana'),
      ],
      0,
    );
  });
}

describeOnBothStores('bands', (open) => {
  test('a lead sees none until the gate is on record, and then only what its owner could see for 24 hours', async () => {
    const { store } = await open();
    await seedRota(store);
    const bandsAt = (nowMs: number) => store.read(async (db) => (await teamOverview(db, nowMs, policies)).bands);
    const keptBands = () => store.read((db) => db.selectFrom('strain_band').selectAll().execute());
    await store.write((tx) => refreshBands(tx, NOW - 2 * DAY, policies));
    expect(await bandsAt(NOW)).toBeNull();
    expect(await keptBands()).toEqual([]);

    await store.write((tx) => writeGate(tx, GATE));
    expect(await store.read(readGate)).toEqual(GATE);
    await store.write((tx) => refreshBands(tx, NOW, policies));
    expect(await bandsAt(NOW + DAY - 1)).toEqual([]);
    expect(await bandsAt(NOW + DAY)).toEqual([
      {
        personId: 'zoe',
        band: 'red',
        driver: 'Short rest between duties.',
        action: expect.stringContaining('Move'),
        remarks: [],
      },
      {
        personId: 'ana',
        band: 'green',
        driver: 'No limit of recovery or demand is reached.',
        action: null,
        remarks: [],
      },
    ]);

    await store.write((tx) => writeGate(tx, null));
    expect(await bandsAt(NOW + DAY)).toBeNull();
    await store.write((tx) => refreshBands(tx, NOW + DAY, policies));
    expect(await keptBands()).toEqual([]);
  });

  test('the day starts anew when a band changes, and not when it stays', async () => {
    const { store } = await open();
    await seedRota(store);
    await store.write((tx) => writeGate(tx, GATE));
    expect(await store.write((tx) => refreshBands(tx, NOW, policies))).toBe(2);
    expect(await store.write((tx) => refreshBands(tx, NOW + DAY, policies))).toBe(0);
    const changedAtMs = NOW + 2 * DAY;
    await store.write((tx) => replaceDuties(tx, [], Date.UTC(2026, 10, 17)));
    await store.write((tx) => refreshBands(tx, changedAtMs, policies));
    const later = await store.read((db) => teamOverview(db, changedAtMs + HOUR, policies));
    expect(later.bands?.map((band) => band.personId)).toEqual(['ana']);
  });

  test('the owner sees their own at once, without any gate, and nobody else’s', async () => {
    const { store } = await open();
    await seedRota(store);
    const own = await store.read((db) => myWatch(db, 'zoe', NOW, policies));
    expect(own?.conditions.map((condition) => [condition.key, condition.band])).toEqual([
      ['load_ratio', 'green'],
      ['short_rest', 'red'],
    ]);
    expect(own?.visibleToLeads).toBe(false);
    expect(own?.disclaimer).toContain('Not a medical or burnout measurement');
    expect(await store.read((db) => myWatch(db, 'nobody', NOW, policies))).toBeNull();
  });

  test('a look is noted once an hour, with the name of who looked, for its owner to read', async () => {
    const { store } = await open();
    await seedRota(store);
    await store.write((tx) => noteLooks(tx, ['zoe', 'ana'], 'Dee Example', NOW));
    await store.write((tx) => noteLooks(tx, ['zoe', 'ana'], 'Dee Example', NOW + HOUR - 1));
    await store.write((tx) => noteLooks(tx, ['zoe'], 'Dee Example', NOW + HOUR));
    await store.write((tx) => noteLooks(tx, ['zoe'], 'Kim Example', NOW + HOUR));
    expect(await store.read((db) => bandAccessOf(db, 'zoe', 10))).toEqual([
      { atMs: NOW + HOUR, viewerName: 'Kim Example' },
      { atMs: NOW + HOUR, viewerName: 'Dee Example' },
      { atMs: NOW, viewerName: 'Dee Example' },
    ]);
    expect(await store.read((db) => bandAccessOf(db, 'ana', 10))).toEqual([{ atMs: NOW, viewerName: 'Dee Example' }]);
  });

  test('a team-only country shows leads no single band, whatever is on record', () => {
    expect(mayLeadsSeeBands(GATE, policies.country)).toBe(true);
    expect(mayLeadsSeeBands({ ...GATE, countryPolicy: 'Germany, BetrVG 87' }, policies.country)).toBe(false);
    expect(mayLeadsSeeBands({ ...GATE, countryPolicy: 'FR' }, policies.country)).toBe(false);
    expect(mayLeadsSeeBands(GATE, { ...policies.country, isTeamOnly: true })).toBe(false);
  });
});

describeOnBothStores('assigned work', (open) => {
  test('counts what was assigned by class, whoever closed it fast or slowly', async () => {
    const { store } = await open();
    await seedRota(store);
    const closed = (atMs: number, assignee: string | null) => ({
      severity: 'high' as const,
      is_open: 0,
      status: 'closed',
      closed_by_kind: 'person',
      closed_by: 'zoe',
      closed_at_ms: atMs,
      assignee_id: assignee,
    });
    await store.write(async (tx) => {
      for (let index = 0; index < 20; index++) await seedGroup(tx, closed(NOW - DAY - index, 'ana'), NOW - 2 * DAY);
      for (let index = 0; index < 10; index++) await seedGroup(tx, closed(NOW - 8 * DAY, 'ana'), NOW - 9 * DAY);
      await seedGroup(tx, closed(NOW - DAY, null), NOW - 2 * DAY);
      await seedGroup(tx, { severity: 'critical', assignee_id: 'ana' }, NOW - 20 * DAY);
    });
    const load = async () => {
      const own = await store.read((db) => myWatch(db, 'ana', NOW, policies));
      return own?.conditions[0]?.inputs;
    };
    // 20 × 30 min and one critical of 60 min this week, over 0.7 × 5 shifts of 8 h; 10 × 30 min the week before.
    const inputs = await load();
    expect(inputs).toContainEqual({ label: 'Assigned work', value: '660 min' });
    expect(inputs).toContainEqual({ label: 'Plannable time', value: '1,680 min' });
    expect(inputs).toContainEqual({ label: 'Last weeks, newest first', value: '0.39, 0.18, off, off, off' });

    // The same work done a day sooner, or held for longer within the week, is the same load.
    await store.write((tx) =>
      tx
        .updateTable('alert_group')
        .set({ closed_at_ms: NOW - 6 * DAY })
        .where('closed_at_ms', '>', NOW - 2 * DAY)
        .execute(),
    );
    expect(await load()).toEqual(inputs);
  });

  test('takes the team’s median once a class has 20 samples', async () => {
    const { store } = await open();
    await seedRota(store);
    const day = Math.floor(NOW / DAY);
    await store.write(async (tx) => {
      await seedGroup(tx, { severity: 'high', assignee_id: 'ana' }, NOW);
      const samples = Array.from({ length: 21 }, (_, id) => ({ id, class: 'high:wazuh', day: day - id, minutes: id }));
      await tx.insertInto('handling_sample').values(samples).execute();
      await tx
        .insertInto('handling_sample')
        .values({ id: 99, class: 'high:wazuh', day: day - 91, minutes: 9000 })
        .execute();
    });
    const own = await store.read((db) => myWatch(db, 'ana', NOW, policies));
    expect(own?.conditions[0]?.inputs[0]).toEqual({ label: 'Assigned work', value: '10 min' });
  });
});

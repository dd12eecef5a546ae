import { expect, test } from 'vitest';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { refreshBands } from '../../../engine/workload/bands.ts';
import { teamCommands, teamHandlers } from '../../../engine/workload/team-handlers.ts';
import { dayShifts, rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person } from '../seed.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const zoe = person('zoe', 'tier1');
const dee = person('dee', 'lead');
const boss = person('boss', 'lead', { roles: ['admin'] });
const GATE = {
  dpiaReference: 'DPIA-7',
  workersInformedOn: '2026-11-01',
  consultation: 'Representatives heard on 2 November',
  purpose: 'Change the work before it wears people out',
  countryPolicy: 'EU default',
};

async function setUp(store: Store) {
  await store.write(async (tx) => {
    await replacePeople(tx, [zoe, dee, boss]);
    const shifts = [...dayShifts('2026-11', 9, 13), 'shift 2026-11-17T14:00 22:00', 'shift 2026-11-18T06:00 14:00'];
    await replaceDuties(tx, rota(shifts, 'zoe'), 0);
  });
  const bench = benchFor(store, NOW, [teamCommands()]);
  return { ...bench, ...teamHandlers(bench.deps) };
}

describeOnBothStores('the team and one’s own watch', (open) => {
  test('each look of a lead is written down before anything is shown, and its owner reads it', async () => {
    const { store } = await open();
    const { deps, team, myWatch, setNow } = await setUp(store);
    await team.recordGate(callBy(boss), { statement: statement('gate.record'), gate: GATE });
    await store.write((tx) => refreshBands(tx, NOW, deps.policies));
    expect((await team.overview(callBy(dee), {})).bands).toEqual([]);
    expect((await myWatch.get(callBy(zoe), {})).accessLog).toEqual([]);

    setNow(NOW + DAY);
    const { bands } = await team.overview(callBy(dee), {});
    expect(bands?.map((band) => band.personId)).toEqual(['zoe', 'dee', 'boss']);
    await team.overview(callBy(dee), {});
    const own = await myWatch.get(callBy(zoe), {});
    expect(own.accessLog).toEqual([{ atMs: NOW + DAY, viewerName: 'Dee Example' }]);
    expect(own.visibleToLeads).toBe(true);
    // Looking at one's own band is no look.
    expect((await myWatch.get(callBy(dee), {})).accessLog).toEqual([]);
  });

  test('without the gate nothing is shown, noted or kept; closing it again drops what was kept', async () => {
    const { store } = await open();
    const { deps, team, myWatch } = await setUp(store);
    expect((await team.overview(callBy(dee), {})).bands).toBeNull();
    expect((await myWatch.get(callBy(zoe), {})).accessLog).toEqual([]);
    await team.recordGate(callBy(boss), { statement: statement('gate.record'), gate: GATE });
    await store.write((tx) => refreshBands(tx, NOW, deps.policies));
    await team.recordGate(callBy(boss), { statement: statement('gate.record'), gate: null });
    const kept = await store.read((db) => db.selectFrom('strain_band').selectAll().execute());
    expect(kept).toEqual([]);
    const entries = await store.read((db) => db.selectFrom('decision').select('summary').orderBy('seq').execute());
    expect(entries.map((entry) => entry.summary)).toEqual([
      "Opened the gate for leads' bands: impact assessment DPIA-7",
      'Closed the gate: leads see no bands',
    ]);
  });

  test('the rota is shown for a bounded time', async () => {
    const { store } = await open();
    const { team } = await setUp(store);
    expect(await team.rota(callBy(zoe), { fromMs: NOW - 4 * DAY, toMs: NOW })).toHaveLength(2);
    await expect(team.rota(callBy(zoe), { fromMs: 0, toMs: NOW })).rejects.toMatchObject({ code: 'too_large' });
    await expect(team.rota(callBy(zoe), { fromMs: NOW, toMs: NOW })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('somebody who is not on the list is told so', async () => {
    const { store } = await open();
    const { myWatch, team } = await setUp(store);
    const gone = callBy(person('gone', 'tier1'));
    await expect(myWatch.get(gone, {})).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(team.overview(callBy(null), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

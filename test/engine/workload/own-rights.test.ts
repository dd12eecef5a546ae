import { expect, test } from 'vitest';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { saveView } from '../../../engine/store/views.ts';
import { refreshBands } from '../../../engine/workload/bands.ts';
import { teamCommands, teamHandlers } from '../../../engine/workload/team-handlers.ts';
import { ownDataSchema } from '../../../shared/contract/team.ts';
import { ANY_OPEN } from '../../../shared/model/queue.ts';
import { dayShifts, rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { statement } from '../command-context.ts';
import { benchFor, callBy } from '../fake-writer.ts';
import { person, seedGroup } from '../seed.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 12);
const LATE_SHIFT = Date.UTC(2026, 10, 17, 14);
const zoe = person('zoe', 'tier1');
const ana = person('ana', 'tier1');
const dee = person('dee', 'lead');
const boss = person('boss', 'lead', { roles: ['admin'] });
const GATE = {
  dpiaReference: 'DPIA-7',
  workersInformedOn: '2026-11-01',
  consultation: 'Representatives heard on 2 November',
  purpose: 'Change the work before it wears people out',
  countryPolicy: 'EU default',
};

async function setUp(store: Store, gate: typeof GATE | null = GATE) {
  await store.write(async (tx) => {
    await replacePeople(tx, [zoe, ana, dee, boss]);
    const shifts = [...dayShifts('2026-11', 9, 13), 'shift 2026-11-17T14:00 22:00', 'shift 2026-11-18T06:00 14:00'];
    await replaceDuties(tx, [...rota(shifts, 'zoe'), ...rota(shifts, 'ana')], 0);
  });
  const bench = benchFor(store, NOW, [teamCommands()]);
  const handlers = teamHandlers(bench.deps);
  if (gate !== null) await handlers.team.recordGate(callBy(boss), { statement: statement('gate.record'), gate });
  const lookAtBands = (nowMs: number) => store.write((tx) => refreshBands(tx, nowMs, bench.deps.policies));
  await lookAtBands(NOW);
  return { ...bench, ...handlers, lookAtBands };
}

const kept = (store: Store) => store.read((db) => db.selectFrom('strain_band').select('person_id').execute());

describeOnBothStores('what a person writes beside their band', (open) => {
  const wrong = 'This is wrong because I swapped the late shift.';

  test('reaches a lead with the band, never before it, and goes without a trace when it is withdrawn', async () => {
    const { store } = await open();
    const { team, myWatch, setNow } = await setUp(store);
    const said = { statement: statement('remark.add'), about: 'short_rest', kind: 'dispute', text: wrong } as const;
    const done = await myWatch.remark(callBy(zoe), said);
    expect(done).toMatchObject({ decisionId: null, changed: 1 });
    const own = await myWatch.get(callBy(zoe), {});
    expect(own.remarks).toMatchObject([{ about: 'short_rest', kind: 'dispute', text: wrong, atMs: NOW, answer: null }]);
    expect((await myWatch.get(callBy(ana), {})).remarks).toEqual([]);
    expect(JSON.stringify(await team.overview(callBy(dee), {}))).not.toContain('swapped');

    setNow(NOW + DAY);
    const { bands } = await team.overview(callBy(dee), {});
    expect(bands?.map((band) => [band.personId, band.remarks.map((remark) => remark.text)])).toEqual([
      ['zoe', [wrong]],
      ['ana', []],
      ['dee', []],
      ['boss', []],
    ]);
    // The figures stay what they were: words change the rota or nothing.
    expect((await myWatch.get(callBy(zoe), {})).conditions).toMatchObject([{}, { key: 'short_rest', band: 'red' }]);

    const id = own.remarks[0]?.id ?? 0;
    const byAna = myWatch.withdrawRemark(callBy(ana), { statement: statement('remark.withdraw'), id });
    await expect(byAna).rejects.toMatchObject({ code: 'not_found' });
    await myWatch.withdrawRemark(callBy(zoe), { statement: statement('remark.withdraw'), id });
    expect((await team.overview(callBy(dee), {})).bands?.flatMap((band) => band.remarks)).toEqual([]);
    const traces = await store.read(async (db) => [
      await db.selectFrom('decision').selectAll().where('kind', '!=', 'gate.record').execute(),
      await db.selectFrom('command_answer').selectAll().where('answer_json', 'like', '%swapped%').execute(),
      await db.selectFrom('own_remark').selectAll().execute(),
    ]);
    expect(traces).toEqual([[], [], []]);
  });

  test('stays with its owner while leads may see no band', async () => {
    const { store } = await open();
    const { team, myWatch, setNow } = await setUp(store, null);
    const said = { statement: statement('remark.add'), about: 'band', kind: 'comment', text: wrong } as const;
    await myWatch.remark(callBy(zoe), said);
    setNow(NOW + 2 * DAY);
    expect(JSON.stringify(await team.overview(callBy(dee), {}))).not.toContain('swapped');
    expect((await myWatch.get(callBy(zoe), {})).remarks).toHaveLength(1);
  });

  test('is bounded, so that nobody floods a screen', async () => {
    const { store } = await open();
    const { myWatch } = await setUp(store);
    const say = () =>
      myWatch.remark(callBy(zoe), {
        statement: statement('remark.add'),
        about: 'band',
        kind: 'comment',
        text: 'Again',
      });
    for (let n = 0; n < 50; n++) await say();
    await expect(say()).rejects.toMatchObject({ code: 'too_large' });
    expect((await myWatch.get(callBy(zoe), {})).remarks).toHaveLength(50);
  });
});

describeOnBothStores('a correction of the rota', (open) => {
  test('goes to whoever keeps it, whatever the gate, is answered, and changes no figure by itself', async () => {
    const { store } = await open();
    const { team, myWatch } = await setUp(store, null);
    const before = (await myWatch.get(callBy(zoe), {})).conditions;
    await myWatch.requestRotaCorrection(callBy(zoe), {
      statement: statement('rota.request'),
      duty: { kind: 'shift', startsAtMs: LATE_SHIFT },
      text: 'Ana took it.',
    });
    const [request, ...others] = (await team.overview(callBy(dee), {})).rotaRequests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      personName: 'Zoe Example',
      duty: { kind: 'shift', startsAtMs: LATE_SHIFT, endsAtMs: LATE_SHIFT + 8 * 3_600_000 },
      text: 'Ana took it.',
    });
    expect((await myWatch.get(callBy(zoe), {})).conditions).toEqual(before);

    const answer = (id: number) =>
      team.answerRotaRequest(callBy(dee), { statement: statement('rota.answer'), id, answer: 'Corrected on Monday.' });
    await answer(request?.id ?? 0);
    expect((await team.overview(callBy(dee), {})).rotaRequests).toEqual([]);
    expect((await myWatch.get(callBy(zoe), {})).remarks[0]?.answer).toEqual({
      text: 'Corrected on Monday.',
      byName: 'Dee Example',
      atMs: NOW,
    });
    await expect(answer(request?.id ?? 0)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('may say that a duty is missing, and names no duty that is another’s', async () => {
    const { store } = await open();
    const { team, myWatch } = await setUp(store);
    const ask = (duty: { kind: 'shift' | 'leave'; startsAtMs: number } | null) =>
      myWatch.requestRotaCorrection(callBy(dee), { statement: statement('rota.request'), duty, text: 'I stood in.' });
    await ask(null);
    expect((await team.overview(callBy(dee), {})).rotaRequests).toMatchObject([{ personId: 'dee', duty: null }]);
    await expect(ask({ kind: 'shift', startsAtMs: LATE_SHIFT })).rejects.toMatchObject({ code: 'conflict' });
    // A request is no remark about a band: the lead who keeps the rota sees it there and not here.
    await store.write((tx) => tx.updateTable('strain_band').set({ since_ms: 0 }).execute());
    const { bands } = await team.overview(callBy(dee), {});
    expect(bands?.flatMap((band) => band.remarks)).toEqual([]);
  });
});

describeOnBothStores('pausing one’s indicators', (open) => {
  test('leaves only the rest that the law asks for, keeps no band and shows none; it can be resumed', async () => {
    const { store } = await open();
    const { team, myWatch, setNow, lookAtBands } = await setUp(store);
    setNow(NOW + DAY);
    const seen = async () => (await team.overview(callBy(dee), {})).bands?.map((band) => band.personId);
    expect(await seen()).toEqual(['zoe', 'ana', 'dee', 'boss']);

    await myWatch.pause(callBy(zoe), { statement: statement('indicators.pause'), isPaused: true });
    expect(await seen()).toEqual(['ana', 'dee', 'boss']);
    expect((await kept(store)).map((row) => row.person_id)).not.toContain('zoe');
    await lookAtBands(NOW + DAY);
    expect((await kept(store)).map((row) => row.person_id)).not.toContain('zoe');
    const paused = await myWatch.get(callBy(zoe), {});
    expect(paused).toMatchObject({ pausedSinceMs: NOW + DAY, forLeads: null });
    expect(paused.conditions.map((condition) => condition.key)).toEqual(['short_rest']);
    const copy = await myWatch.ownData(callBy(zoe), {});
    expect(copy.conditions.map((condition) => condition.key)).toEqual(['short_rest']);

    setNow(NOW + 2 * DAY);
    await myWatch.pause(callBy(zoe), { statement: statement('indicators.pause'), isPaused: true });
    expect((await myWatch.get(callBy(zoe), {})).pausedSinceMs).toBe(NOW + DAY);
    await myWatch.pause(callBy(zoe), { statement: statement('indicators.resume'), isPaused: false });
    await lookAtBands(NOW + 2 * DAY);
    const resumed = await myWatch.get(callBy(zoe), {});
    expect(resumed.conditions.map((condition) => condition.key)).toEqual(['load_ratio', 'short_rest']);
    // The day of seeing it first begins anew.
    expect(resumed.forLeads).toMatchObject({ band: 'red', fromMs: NOW + 3 * DAY });
    expect(await seen()).not.toContain('zoe');
    const recorded = await store.read((db) =>
      db.selectFrom('decision').select('kind').where('kind', 'like', 'indicators.%').execute(),
    );
    expect(recorded).toEqual([]);
    // Nor does a kept answer tell afterwards that somebody paused once.
    const answers = await store.read((db) =>
      db.selectFrom('command_answer').select('answer_json').where('actor', '=', 'person:zoe').execute(),
    );
    expect(answers.length).toBeGreaterThan(0);
    expect(JSON.stringify(answers)).not.toMatch(/paus|resum|indicator/i);
  });

  test('everybody can pause, and then nothing is kept of anybody', async () => {
    const { store } = await open();
    const { team, myWatch, setNow, lookAtBands } = await setUp(store);
    for (const who of [zoe, ana, dee, boss]) {
      await myWatch.pause(callBy(who), { statement: statement('indicators.pause'), isPaused: true });
    }
    await lookAtBands(NOW);
    expect(await kept(store)).toEqual([]);
    setNow(NOW + 2 * DAY);
    expect((await team.overview(callBy(dee), {})).bands).toEqual([]);
  });
});

describeOnBothStores('a copy of one’s own data', (open) => {
  test('has everything about oneself, nothing of anybody else, and says how long each part is kept', async () => {
    const { store } = await open();
    const { team, myWatch, setNow } = await setUp(store);
    await store.write(async (tx) => {
      await seedGroup(tx, { assignee_id: 'zoe' }, NOW);
      for (const [ownerId, name] of [
        ['zoe', 'Mine'],
        ['ana', 'Of Ana, shared'],
      ] as const) {
        await saveView(tx, { id: null, name, filter: ANY_OPEN, sort: 'priority', isShared: true, ownerId });
      }
    });
    const say = (who: typeof zoe, text: string) =>
      myWatch.remark(callBy(who), { statement: statement('remark.add'), about: 'band', kind: 'comment', text });
    await say(zoe, 'My words');
    await say(ana, 'Words of Ana');
    setNow(NOW + DAY);
    await team.overview(callBy(dee), {});

    const copy = await myWatch.ownData(callBy(zoe), {});
    ownDataSchema.parse(copy);
    expect(copy).toMatchObject({
      asOfMs: NOW + DAY,
      person: { id: 'zoe' },
      pausedSinceMs: null,
      holding: 1,
      conditions: [{ key: 'load_ratio' }, { key: 'short_rest', band: 'red' }],
      band: { band: 'red', sinceMs: NOW },
      remarks: [{ text: 'My words' }],
      accessLog: [{ atMs: NOW + DAY, viewerName: 'Dee Example' }],
      savedViews: [{ name: 'Mine' }],
    });
    expect(copy.duties).toHaveLength(7);
    expect(JSON.stringify({ ...copy, retention: [] })).not.toMatch(/\bana\b/i);
    expect(copy.retention).toContainEqual(expect.objectContaining({ table: 'duty', kept: '119 days' }));
    expect(copy.retention.find((entry) => entry.table === 'note')?.why).toContain('security record of the case');
  });

  test('is for who sits here only', async () => {
    const { store } = await open();
    const { myWatch } = await setUp(store);
    await expect(myWatch.ownData(callBy(null), {})).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});

describeOnBothStores('a team-only profile', (open) => {
  test.each(['Germany, BetrVG 87', 'country-de', 'FR', 'Code du travail'])(
    '“%s” shows leads nothing of single people and keeps nothing, whatever is on record',
    async (countryPolicy) => {
      const { store } = await open();
      const { team, myWatch, setNow } = await setUp(store, { ...GATE, countryPolicy });
      const said = { statement: statement('remark.add'), about: 'band', kind: 'comment', text: 'My words' } as const;
      await myWatch.remark(callBy(zoe), said);
      setNow(NOW + 9 * DAY);
      const overview = await team.overview(callBy(dee), {});
      expect(overview).toMatchObject({ bands: null, whyNoBands: 'team_only', gate: { countryPolicy } });
      expect(JSON.stringify(overview)).not.toContain('My words');
      expect(JSON.stringify(overview)).not.toMatch(/"(band|driver)":/);
      expect(await kept(store)).toEqual([]);
      const own = await myWatch.get(callBy(zoe), {});
      expect(own).toMatchObject({ visibleToLeads: false, forLeads: null, accessLog: [] });
      expect(own.conditions).toHaveLength(2);
    },
  );

  test('is not taken from a word of another language', async () => {
    const { store } = await open();
    const { team } = await setUp(store, { ...GATE, countryPolicy: 'Estatuto de los Trabajadores de España' });
    expect((await team.overview(callBy(dee), {})).whyNoBands).toBeNull();
    await team.recordGate(callBy(boss), { statement: statement('gate.record'), gate: null });
    expect((await team.overview(callBy(dee), {})).whyNoBands).toBe('not_on_record');
  });
});

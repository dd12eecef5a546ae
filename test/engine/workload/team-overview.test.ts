import { describe, expect, test } from 'vitest';
import { loadPolicies } from '../../../engine/policies.ts';
import { replaceDuties, replacePeople } from '../../../engine/store/people.ts';
import type { Store } from '../../../engine/store/store.ts';
import { lastHourOf, teamOverview } from '../../../engine/workload/team-overview.ts';
import { rota } from '../../shared/domain/roster/rota.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { person, seedGroup } from '../seed.ts';

const policies = loadPolicies();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 21, 12, 30);

async function seedTeam(store: Store): Promise<void> {
  await store.write(async (tx) => {
    await replacePeople(tx, [
      person('zoe', 'tier1'),
      person('ana', 'tier1'),
      person('ben', 'tier2'),
      person('dee', 'lead'),
    ]);
    await replaceDuties(
      tx,
      [
        ...rota(['shift 2026-11-21T08:00 16:00', 'shift 2026-11-22T00:00 08:00'], 'zoe'),
        ...rota(['shift 2026-11-22T08:00 16:00'], 'ana'),
        ...rota(['on_call 2026-11-21T00:00 2026-11-22T00:00'], 'ben'),
      ],
      0,
    );
  });
}

describeOnBothStores('the operational facts of the team', (open) => {
  test('an empty workspace has all tiers with zeros and two days of flow', async () => {
    const { store } = await open();
    const view = await store.read((db) => teamOverview(db, NOW, policies));
    expect(view.tiers.map((tier) => tier.tier)).toEqual(['tier1', 'tier2', 'tier3', 'lead']);
    expect(view.tiers[0]).toEqual({
      tier: 'tier1',
      backlog: 0,
      unowned: 0,
      oldestReceivedAtMs: null,
      inLastHour: 0,
      outLastHour: 0,
      clocksAtRisk: 0,
      breached: 0,
      onDuty: 0,
    });
    expect(view.flow).toHaveLength(48);
    expect(view.flow.at(-1)?.hourMs).toBe(Date.UTC(2026, 10, 21, 12));
    expect(view.bands).toBeNull();
    expect(view.gate).toBeNull();
  });

  test('backlog, oldest, clocks and who holds what', async () => {
    const { store } = await open();
    await seedTeam(store);
    await store.write(async (tx) => {
      await seedGroup(tx, { severity: 'high', due_at_ms: NOW - 1 }, NOW - 3 * HOUR);
      await seedGroup(tx, { severity: 'high', due_at_ms: NOW + 14 * MINUTE, assignee_id: 'zoe' }, NOW - HOUR);
      await seedGroup(tx, { severity: 'high', due_at_ms: NOW + 16 * MINUTE }, NOW - HOUR);
      await seedGroup(tx, { severity: 'low', due_at_ms: NOW + 5 * HOUR, assignee_id: 'zoe' }, NOW - 2 * HOUR);
      await seedGroup(tx, { severity: 'high', due_at_ms: NOW + 9 * HOUR, status: 'on_hold' }, NOW - HOUR);
      await seedGroup(tx, { severity: 'critical', tier: 'tier2', assignee_id: 'ben' }, NOW - HOUR);
      await seedGroup(tx, { is_open: 0, status: 'closed', closed_by_kind: 'rule', closed_at_ms: NOW }, NOW - 9 * HOUR);
    });
    const view = await store.read((db) => teamOverview(db, NOW, policies));
    expect(view.tiers[0]).toMatchObject({
      backlog: 5,
      unowned: 3,
      oldestReceivedAtMs: NOW - 3 * HOUR,
      clocksAtRisk: 2,
      breached: 1,
      onDuty: 1,
    });
    expect(view.tiers[1]).toMatchObject({ backlog: 1, unowned: 0, breached: 0, onDuty: 0 });
    expect(view.people.map((row) => [row.person.id, row.holding, row.limit])).toEqual([
      ['zoe', 2, 10],
      ['ana', 0, 10],
      ['ben', 1, 10],
      ['dee', 0, 10],
    ]);
    expect(view.people[0]?.onDutyUntilMs).toBe(Date.UTC(2026, 10, 21, 16));
    expect(view.people[1]).toMatchObject({ onDutyUntilMs: null, nextDutyAtMs: Date.UTC(2026, 10, 22, 8) });
    expect(view.restConflicts).toEqual([
      {
        personId: 'zoe',
        personName: 'Zoe Example',
        endsAtMs: Date.UTC(2026, 10, 21, 16),
        startsAtMs: Date.UTC(2026, 10, 22, 0),
        restMs: 8 * HOUR,
        limitMs: 11 * HOUR,
      },
    ]);
  });

  test('in and out come from the hourly counts', async () => {
    const { store } = await open();
    await store.write(async (tx) => {
      for (let index = 0; index < 4; index++) await seedGroup(tx, {}, NOW - HOUR);
      await seedGroup(tx, { tier: 'tier2' }, NOW);
    });
    const view = await store.read((db) => teamOverview(db, NOW, policies));
    expect(view.tiers[0]?.inLastHour).toBe(2);
    expect(view.tiers[1]?.inLastHour).toBe(1);
    expect(view.flow.slice(-2)).toEqual([
      { hourMs: Date.UTC(2026, 10, 21, 11), received: 4, finished: 0 },
      { hourMs: Date.UTC(2026, 10, 21, 12), received: 1, finished: 0 },
    ]);
  });
});

describe('the last hour from clock hours', () => {
  const hour = Math.floor(NOW / HOUR);
  const flow = [
    { hour: hour - 1, tier: 'tier1' as const, received: 60, finished: 10 },
    { hour, tier: 'tier1' as const, received: 5, finished: 1 },
  ];
  test.each([
    [hour * HOUR, 65],
    [hour * HOUR + 15 * MINUTE, 50],
    [hour * HOUR + 30 * MINUTE, 35],
    [hour * HOUR + 59 * MINUTE, 6],
  ])('at %i it is %i', (nowMs, expected) => {
    expect(lastHourOf(flow, 'tier1', 'received', nowMs)).toBe(expected);
  });
});

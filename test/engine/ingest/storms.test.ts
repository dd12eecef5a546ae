import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TriageState } from '../../../engine/ingest/pipeline-input.ts';
import { recount } from '../../../engine/store/counts.ts';
import type { Store } from '../../../engine/store/store.ts';
import { DEFAULT_GROUPING_POLICY, makeGrouping } from '../../../shared/domain/triage/grouping-policy.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { eve, NOW_MS, settingOn, testTriage } from './pipeline-setting.ts';

const HOUR_MS = 3_600_000;

function stormTriage(stormEntities: number): TriageState {
  return { ...testTriage(), grouping: makeGrouping({ ...DEFAULT_GROUPING_POLICY, stormEntities }) };
}

/** Everything of the groups and their entities that no number given in the order of arrival is in. */
async function asFacts(store: Store): Promise<string[]> {
  const { groups, entities } = await store.read(async (db) => ({
    groups: await db.selectFrom('alert_group').selectAll().execute(),
    entities: await db.selectFrom('group_entity').selectAll().execute(),
  }));
  return groups
    .map(({ id, source_rule_id: _rule, version: _version, key, ...group }) => {
      const own = entities
        .filter((entity) => entity.group_id === id)
        .map(({ group_id: _group, ...entity }) => JSON.stringify(Object.entries(entity).sort()))
        .sort();
      return JSON.stringify({ ...group, key: Buffer.from(key).toString('hex'), own });
    })
    .sort();
}

const asText = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

async function expectKept(store: Store): Promise<void> {
  const kept = await store.read((db) => db.selectFrom('group_count').selectAll().execute());
  expect(asText(kept)).toEqual(asText(await store.read(recount)));
  const { groups, entities, alerts } = await store.read(async (db) => ({
    groups: await db.selectFrom('alert_group').selectAll().execute(),
    entities: await db.selectFrom('group_entity').selectAll().execute(),
    alerts: await db.selectFrom('alert').select('id').execute(),
  }));
  expect(groups.reduce((all, group) => all + group.count, 0)).toBe(alerts.length);
  for (const group of groups.filter((one) => one.entity_count > 1)) {
    const own = entities.filter((entity) => entity.group_id === group.id);
    expect(own).toHaveLength(group.entity_count);
    expect(own.reduce((all, entity) => all + entity.count, 0)).toBe(group.count);
    expect(Math.max(...own.map((entity) => entity.severity))).toBe(group.severity);
  }
}

/** Few rules and many hosts, so that some windows pass the limit and some do not. */
const alertArbitrary: fc.Arbitrary<JsonObject> = fc
  .record({
    at: fc.integer({ min: NOW_MS - 6 * HOUR_MS, max: NOW_MS }),
    flow: fc.integer({ min: 1, max: 1e9 }),
    sid: fc.constantFrom(1, 2),
    signature: fc.constantFrom('ET POLICY one', 'ET POLICY two'),
    priority: fc.constantFrom(1, 2, 3, 4),
    source: fc.nat(7).map((n) => `10.0.0.${n}`),
    tactic: fc.constantFrom('Discovery', 'Exfiltration', undefined),
  })
  .map((parts) => eve(parts));

const fileAndOrder = fc
  .uniqueArray(alertArbitrary, {
    minLength: 5,
    maxLength: 60,
    selector: (value) => `${value.timestamp}${value.flow_id}`,
  })
  .chain((file) =>
    fc.record({
      file: fc.constant(file),
      shuffled: fc.shuffledSubarray(file, { minLength: file.length }),
      cut: fc.integer({ min: 1, max: file.length }),
      size: fc.constantFrom(1, 3, 1000),
    }),
  );

describeOnBothStores('storms', (openFresh) => {
  it('are the same in whatever order alerts come, however they are cut, and when they are read again after a kill', async () => {
    await fc.assert(
      fc.asyncProperty(fileAndOrder, async ({ file, shuffled, cut, size }) => {
        const [{ store: one }, { store: other }] = [await openFresh(), await openFresh()];
        await settingOn(one, stormTriage(4)).take(file);
        const { take } = settingOn(other, stormTriage(4));
        await take(shuffled.slice(0, cut), { size });
        await take(shuffled, { size });
        expect(await asFacts(other)).toEqual(await asFacts(one));
        await expectKept(one);
        await expectKept(other);
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  it('make one item of a rule on 5,000 hosts, with the most severe host first', async () => {
    const { store } = await openFresh();
    const alerts = Array.from({ length: 5_000 }, (_, i) =>
      eve({
        at: NOW_MS - 60_000,
        flow: i + 1,
        source: `10.1.${Math.floor(i / 250)}.${i % 250}`,
        priority: i === 4_321 ? 1 : 3,
      }),
    );
    const { take } = settingOn(store, stormTriage(25));
    const report = await take(alerts, { size: 700 });
    expect(report).toMatchObject({ stored: 5_000, queued: 5_000 });
    const groups = await store.read((db) => db.selectFrom('alert_group').selectAll().execute());
    expect(groups).toMatchObject([
      { count: 5_000, entity_count: 5_000, entity_kind: 'ip', entity_value: '', severity: 4 },
    ]);
    await expectKept(store);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recount } from '../../../engine/store/counts.ts';
import type { Store } from '../../../engine/store/store.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { eve, NOW_MS, settingOn } from './pipeline-setting.ts';

/**
 * Everything of the groups that does not depend on numbers given in the order of arrival. The priority of a group that
 * entered closed is that of its moment: only open ones follow what is seen on their entity later.
 */
async function groupsAsFacts(store: Store): Promise<string[]> {
  const groups = await store.read((db) => db.selectFrom('alert_group').selectAll().execute());
  return groups
    .map(({ id: _id, source_rule_id: _rule, version: _version, key, ...group }) => {
      const { priority_points: _points, priority_level: _level, priority_json: _json, ...closed } = group;
      return JSON.stringify({ ...(group.is_open === 1 ? group : closed), key: Buffer.from(key).toString('hex') });
    })
    .sort();
}

const asText = (rows: object[]) => rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();

async function keptCounts(store: Store) {
  return store.read((db) => db.selectFrom('group_count').selectAll().execute());
}

const alertArbitrary: fc.Arbitrary<JsonObject> = fc
  .record({
    at: fc.integer({ min: NOW_MS - 3 * 86_400_000, max: NOW_MS }),
    flow: fc.integer({ min: 1, max: 1e9 }),
    sid: fc.constantFrom(1, 2, 3),
    signature: fc.constantFrom('ET SCAN nmap', 'ET POLICY one', 'ET POLICY two'),
    priority: fc.constantFrom(1, 2, 3, 4),
    source: fc.constantFrom('10.0.0.5', '10.0.0.6', '192.168.1.9'),
    tactic: fc.constantFrom('Discovery', 'Exfiltration', 'Execution', undefined),
  })
  .map((parts) => eve(parts));

const fileAndOrder = fc
  .uniqueArray(alertArbitrary, {
    minLength: 1,
    maxLength: 40,
    selector: (value) => `${value.timestamp}${value.flow_id}`,
  })
  .chain((file) =>
    fc.record({
      file: fc.constant(file),
      shuffled: fc.shuffledSubarray(file, { minLength: file.length }),
      cut: fc.integer({ min: 1, max: file.length }),
    }),
  );

describeOnBothStores('the order of arrival', (openFresh) => {
  it('changes no group, and neither does the way the file is cut or read again', async () => {
    await fc.assert(
      fc.asyncProperty(fileAndOrder, async ({ file, shuffled, cut }) => {
        const [{ store: one }, { store: other }] = [await openFresh(), await openFresh()];
        const whole = await settingOn(one).take(file);
        const { take } = settingOn(other);
        const first = await take(shuffled.slice(0, cut));
        const rest = await take(shuffled);
        expect(rest.duplicates).toBe(first.stored);
        expect(first.stored + rest.stored).toBe(whole.stored);
        expect(first.autoClosed + rest.autoClosed).toBe(whole.autoClosed);
        expect(await groupsAsFacts(other)).toEqual(await groupsAsFacts(one));
        const open = async (from: Store) => asText((await keptCounts(from)).filter((row) => row.is_open === 1));
        expect(await open(other)).toEqual(await open(one));
        expect(asText(await keptCounts(other))).toEqual(asText(await other.read(recount)));
      }),
      { numRuns: 5 },
    );
  }, 60_000);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BUILT_IN } from '../../../engine/ingest/formats/index.ts';
import { Novelty } from '../../../engine/ingest/novelty.ts';
import type { Store } from '../../../engine/store/store.ts';
import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { describeOnBothStores } from '../../store/databases.ts';
import { eve, settingOn } from './pipeline-setting.ts';

const destination = (n: number): string => `198.51.100.${n}`;
const hash = (n: number): string => n.toString(16).padStart(64, 'a');

/** What happens to one group: alerts that name a destination, an alert sent once more with a hash added, some read ahead. */
type Step =
  | { kind: 'alerts'; destinations: number[] }
  | { kind: 'revision'; of: number; hash: number }
  | { kind: 'ahead'; limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('alerts' as const),
    destinations: fc.array(fc.nat(6), { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('revision' as const), of: fc.nat(30), hash: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ kind: fc.constant('ahead' as const), limit: fc.integer({ min: 1, max: 5 }) }),
);

/** Does the steps and answers what each alert said, in the order of their ids. */
async function happen(store: Store, steps: readonly Step[], valuesMax: number): Promise<string[][]> {
  const { take } = settingOn(store);
  const said: string[][] = [];
  const destinations: number[] = [];
  const alertOf = (at: number, extra = {}) =>
    eve({ flow: at + 1, source: '10.0.0.9', destination: destination(destinations[at] ?? 0), extra });
  for (const one of steps) {
    if (one.kind === 'alerts') {
      const from = destinations.length;
      destinations.push(...one.destinations);
      said.push(...one.destinations.map((n) => [destination(n)]));
      await take(one.destinations.map((_, i) => alertOf(from + i)));
    } else if (one.kind === 'ahead') {
      await store.write((tx) => new Novelty(tx, BUILT_IN, valuesMax).readAhead(1, one.limit));
    } else if (destinations.length > 0) {
      const at = one.of % destinations.length;
      // One alert says one hash at most: what a content no longer says is not read from it again.
      if (said[at]?.length === 2) continue;
      said[at]?.push(hash(one.hash));
      await take([alertOf(at, { fileinfo: { sha256: hash(one.hash) } })]);
    }
  }
  return said;
}

/** An alert that says this value; beside a hash, a destination that every closing covers. */
const naming = (value: string): NormalisedAlert => {
  const isHash = value.length === 64;
  const parts = isHash
    ? { destination: destination(0), extra: { fileinfo: { sha256: value } } }
    : { destination: value };
  const result = BUILT_IN.named('suricata-eve')?.read(eve(parts));
  if (result?.kind !== 'alert') throw new Error('It is no alert');
  return result.alert;
};

describeOnBothStores('what is new in a group', (openFresh) => {
  it('is what no covered alert said, however much was read ahead, whatever the closing covers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 12 }),
        fc.array(fc.nat(40), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(3, 1_000),
        async (steps, covering, valuesMax) => {
          const { store } = await openFresh();
          const said = await happen(store, [{ kind: 'alerts', destinations: [0] }, ...steps], valuesMax);
          for (const some of covering) {
            const through = Math.min(some + 1, said.length);
            const covered = new Set(said.slice(0, through).flat());
            await store.write(async (tx) => {
              const novelty = new Novelty(tx, BUILT_IN, valuesMax);
              const probes = [...[0, 1, 2, 3, 4, 5, 6, 7].map(destination), ...[1, 2, 3, 4, 5].map(hash)];
              await novelty.load(
                probes.map((value) => ({ groupId: 1, throughAlertId: through, alert: naming(value) })),
              );
              for (const value of probes) {
                const isNew = covered.size > valuesMax || !covered.has(value);
                expect([value, through, novelty.newIn(1, naming(value)) !== null]).toEqual([value, through, isNew]);
              }
            });
          }
        },
      ),
      { numRuns: 12 },
    );
  }, 120_000);
});

import { loadStoragePolicy } from '../../../engine/policies.ts';
import { Upkeep } from '../../../engine/retention/upkeep.ts';
import { openStore } from '../../../engine/store/open.ts';
import { ChangeNews, makeTransact } from '../../../engine/writer.ts';
import { fixedRandom } from '../../fixtures/random.ts';
import { quiet } from '../ingest/killed-setting.ts';

/** A process to be killed: merges and drops in slices, and says a line after each. */
const [database = '', nowMs = '0'] = process.argv.slice(2);
const ports = {
  clock: { nowMs: () => Number(nowMs) },
  random: fixedRandom(1),
  log: quiet,
  secrets: { get: async () => null, set: async () => {} },
};
const store = await openStore({ target: { kind: 'sqlite', path: database }, log: quiet, clock: ports.clock });
const policy = loadStoragePolicy();
policy.originals.keepDays.medium = 1;
const upkeep = new Upkeep({
  store,
  policy,
  transact: makeTransact(store, ports, new ChangeNews()),
  yieldToOthers: async () => void process.stdout.write('slice\n'),
});
for (let isDone = false; !isDone; ) isDone = (await upkeep.tidy(Number(nowMs), { kind: 'system', id: 'test' })).isDone;
await store.close();
process.stdout.write('done\n');

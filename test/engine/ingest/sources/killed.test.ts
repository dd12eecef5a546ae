import { afterAll, beforeAll, it } from 'vitest';
import { seededRandom } from '../../../../engine/sample/random.ts';
import { bundleHost, type HostBundle } from './killed-bundle.ts';
import { killAndCompare } from './killed-run.ts';

let bundle: HostBundle;
beforeAll(async () => {
  bundle = await bundleHost();
});
afterAll(() => bundle.remove());

it('stores each alert of every source once, however often it is killed while they send', async () => {
  const random = seededRandom('killed while they send');
  await killAndCompare({ script: bundle.script, kills: 20, draw: (below) => random.int(0, below - 1), turnsEvery: 60 });
}, 240_000);

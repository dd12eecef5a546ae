import { afterAll, beforeAll, it } from 'vitest';
import { seededRandom } from '../../../../engine/sample/random.ts';
import { bundleHost, type HostBundle } from './killed-bundle.ts';
import { killAndCompare } from './killed-run.ts';

let bundle: HostBundle;
beforeAll(async () => {
  bundle = await bundleHost();
});
afterAll(() => bundle.remove());

it('stores each alert of every source once after five hundred kills', async () => {
  for (let round = 0; round < 10; round += 1) {
    const random = seededRandom(`five hundred kills, ${round}`);
    await killAndCompare({
      script: bundle.script,
      kills: 50,
      draw: (below) => random.int(0, below - 1),
      turnsEvery: 8,
    });
  }
}, 3_600_000);

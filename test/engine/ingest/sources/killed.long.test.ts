import { it } from 'vitest';
import { seededRandom } from '../../../../engine/sample/random.ts';
import { killAndCompare } from './killed-run.ts';

it('stores each alert of every source once after five hundred kills', async () => {
  for (let round = 0; round < 10; round += 1) {
    const random = seededRandom(`five hundred kills, ${round}`);
    await killAndCompare({ kills: 50, draw: (below) => random.int(0, below - 1) });
  }
}, 3_600_000);

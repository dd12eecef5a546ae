import { it } from 'vitest';
import { seededRandom } from '../../../../engine/sample/random.ts';
import { killAndCompare } from './killed-run.ts';

it('stores each alert of every source once, however often it is killed while they send', async () => {
  const random = seededRandom('killed while they send');
  await killAndCompare({ kills: 14, draw: (below) => random.int(0, below - 1) });
}, 240_000);

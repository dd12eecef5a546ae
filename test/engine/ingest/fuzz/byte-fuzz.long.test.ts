import { expect, it } from 'vitest';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { formatOf, fuzzShape, SHAPES } from './format-fuzz.ts';
import { runWatched } from './run-watched.ts';

const directory = realAlertsDir();
if (directory === null) console.log(`skipped: ${NO_REAL_ALERTS}`);

it.each([1, 2, 3, 4])('reads 2 000 times damaged files of its own, series %i', async (series) => {
  expect(await runWatched(['files', 'made', '2000', String(series * 100_000_000)])).toMatch(/^done: \d+ alerts$/);
});

it.skipIf(directory === null).each([1, 2, 3])('reads 400 times damaged real files, series %i', async (series) => {
  const args = ['files', directory ?? '', '400', String(series * 10_000_000)];
  expect(await runWatched(args)).toMatch(/^done: \d+ alerts$/);
});

it.each([
  ['lines', '3000000'],
  ['texts', '15000000'],
])(
  'reads %s of %s bytes that were made to be slow',
  async (kind, bytes) => {
    expect(await runWatched([kind, bytes])).toBe('done: all lines');
  },
  3_600_000,
);

it.each(SHAPES)('%s is sound with 20 000 sets of hostile values', (name, record) => {
  expect(formatOf(name).name).toBe(name);
  fuzzShape(name, record, 20_000);
});

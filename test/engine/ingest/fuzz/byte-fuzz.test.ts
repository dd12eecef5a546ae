import { expect, it } from 'vitest';
import { NO_REAL_ALERTS, realAlertsDir } from '../../../fixtures/real-alerts.ts';
import { runWatched } from './run-watched.ts';

const directory = realAlertsDir();
if (directory === null) console.log(`skipped: ${NO_REAL_ALERTS}`);

it('reads damaged files of its own without hanging or throwing, and never gives half an alert', async () => {
  const alerts = Number(/^done: (\d+) alerts$/.exec(await runWatched(['files', 'made', '25', '1']))?.[1]);
  // Whole files come first, and damage leaves most of the rest alone.
  expect(alerts).toBeGreaterThan(1_000);
});

it('reads lines of 20 KB that were made to be slow', async () => {
  expect(await runWatched(['lines', '20000'])).toBe('done: all lines');
});

it.skipIf(directory === null)('reads damaged real files', async () => {
  const alerts = Number(/^done: (\d+) alerts$/.exec(await runWatched(['files', directory ?? '', '6', '1']))?.[1]);
  expect(alerts).toBeGreaterThan(1_500);
});

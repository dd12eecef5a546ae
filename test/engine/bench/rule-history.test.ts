import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureRuleHistory } from '../../../engine/bench/rule-history.ts';

test('the backtest and the preview are measured on alerts that are stored, some of which the rule matches', async () => {
  const resourcesDir = fileURLToPath(new URL('../../../resources', import.meta.url));
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const clock = { nowMs: () => 1_763_700_000_000 };
  const setting = { clock, log, resourcesDir, rules: 5, seed: 'test', alerts: 2_000 };
  const figures = await measureRuleHistory(setting);
  expect(figures.alerts).toBe(2_000);
  expect(figures.matchedAlerts).toBeGreaterThan(50);
  expect(figures.matchedAlerts).toBeLessThan(2_000);
  expect(figures.backtestSeconds).toBeGreaterThan(0);
  expect(figures.previewFirstMs).toBeGreaterThan(0);
}, 60_000);

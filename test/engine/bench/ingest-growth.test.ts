import { expect, it } from 'vitest';
import { costRatio } from '../../../engine/bench/ingest-growth.ts';

it('compares the best of the last three days with the best of three early ones, and not with the first', () => {
  const costs = [1, 10, 12, 11, 50, 50, 50, 30, 20, 25, 99];
  expect(costRatio(costs, 10)).toBe(2);
});

it('says nothing of more days than were measured', () => {
  expect(costRatio([1, 1, 1, 1, 1], 10)).toBeNull();
});

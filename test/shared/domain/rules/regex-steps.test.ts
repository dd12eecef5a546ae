import { expect, test } from 'vitest';
import { regexSteps } from '../../../../shared/domain/rules/regex-steps.ts';

test.each([
  ['', 0],
  ['abc', 3],
  ['a{3}', 3],
  ['a{2,5}', 5],
  ['a{5,}', 5],
  ['[a-z{5}]{4}', 4],
  ['[]]{4}', 4],
  ['\\{5}', 3],
  ['(ab){10}', 30],
  ['((a{10}){10}){10}', 1110],
  ['a{0}b', 2],
  ['x{', 2],
  ['(((', 3],
  ['a)b', 2],
])('%s comes to %i', (source, steps) => {
  expect(regexSteps(source)).toBe(steps);
});

test('is one pass, whatever stands there', () => {
  for (const part of ['(', ')', '[', '{9', '\\', 'a{1000}', '(a{1000}){1000}']) {
    expect(regexSteps(part.repeat(100_000))).toBeGreaterThanOrEqual(0);
  }
});

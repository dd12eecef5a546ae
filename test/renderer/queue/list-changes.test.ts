import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWithPage } from '../../../renderer/features/queue/list-changes.ts';
import { focusAfter, rangeIds } from '../../../renderer/features/queue/range.ts';
import type { QueueItem } from '../../../shared/model/queue.ts';

/** Only the id matters to what is tested. */
const item = (id: number): QueueItem => ({ id }) as QueueItem;
const items = (...ids: number[]) => ids.map(item);

describe('compareWithPage', () => {
  test('counts what came above, not what moved up from below', () => {
    const { fresh, gone } = compareWithPage(items(1, 2, 3, 4), 0, items(9, 1, 2, 3), false);
    expect(fresh).toBe(1);
    expect([...gone]).toEqual([]);
    expect(compareWithPage(items(1, 2, 3, 4), 0, items(1, 3, 4, 5), false)).toMatchObject({ fresh: 0 });
  });

  test('says which shown rows are gone from the stretch', () => {
    expect([...compareWithPage(items(1, 2, 3, 4), 0, items(1, 3, 4, 5), false).gone]).toEqual([2]);
    expect([...compareWithPage(items(1, 2, 3, 4), 2, items(3), true).gone]).toEqual([4]);
  });

  test('an empty list counts everything as new; an emptied one says that all is gone', () => {
    expect(compareWithPage([], 0, items(1, 2), true).fresh).toBe(2);
    expect([...compareWithPage(items(1, 2), 0, [], true).gone]).toEqual([1, 2]);
  });

  test('a page that agrees with the list changes nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 60 }), fc.nat(60), (ids, size) => {
        const shown = items(...ids);
        const page = shown.slice(0, Math.max(1, size));
        const { fresh, gone, newer } = compareWithPage(shown, 0, page, page.length === shown.length);
        expect([fresh, gone.size, newer.size]).toEqual([0, 0, page.length]);
      }),
    );
  });
});

describe('focusAfter', () => {
  test('stays, else goes down, else up, else nowhere', () => {
    const list = items(1, 2, 3, 4);
    expect(focusAfter(list, 2, new Set([3]))).toBe(2);
    expect(focusAfter(list, 2, new Set([2, 3]))).toBe(4);
    expect(focusAfter(list, 4, new Set([3, 4]))).toBe(2);
    expect(focusAfter(items(1), 1, new Set([1]))).toBeNull();
  });

  test('never rests on a row that leaves', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(30), { minLength: 1 }),
        fc.array(fc.nat(30)),
        fc.nat(30),
        (ids, gone, focus) => {
          const leaving = new Set([...gone, focus]);
          const next = focusAfter(items(...ids), focus, leaving);
          const stays = ids.filter((id) => !leaving.has(id));
          if (stays.length === 0) expect(next).toBeNull();
          else expect(stays).toContain(next);
        },
      ),
    );
  });
});

test('rangeIds takes both ends in either direction', () => {
  expect(rangeIds(items(1, 2, 3, 4), 2, 4)).toEqual([2, 3, 4]);
  expect(rangeIds(items(1, 2, 3, 4), 4, 2)).toEqual([2, 3, 4]);
  expect(rangeIds(items(1, 2), 9, 2)).toEqual([2]);
});

import { describe, expect, test } from 'vitest';
import { findEntries, fold, scoreOf } from '../../../renderer/features/palette/match.ts';

const labels = (query: string, entries: readonly string[]) =>
  findEntries(
    query,
    entries.map((label) => ({ label })),
  ).map(({ label }) => label);

describe('finding a command', () => {
  const SCREENS = ['Queue', 'Escalations', 'Automation', 'My watch', 'Next item to work on', 'Mine'];

  test('nothing typed is everything, in the order that it came in', () => {
    expect(labels('  ', SCREENS)).toEqual(SCREENS);
  });

  test('the start of the label goes before the start of a word, and that before the middle of one', () => {
    expect(labels('ne', ['Mine', 'Show what is new', 'Next'])).toEqual(['Next', 'Show what is new', 'Mine']);
  });

  test('initials find a label of several words', () => {
    expect(labels('mw', SCREENS)).toEqual(['My watch']);
  });

  test('every typed word has to be found, in any order', () => {
    expect(labels('work next', SCREENS)).toEqual(['Next item to work on']);
    expect(labels('work queue', SCREENS)).toEqual([]);
  });

  test('accents, case and a dotless i do not matter', () => {
    expect(fold('Elif YILMAZ')).toBe('elif yilmaz');
    expect(labels('yilmaz', ['Elif Yılmaz, lead', 'Kenji Sato'])).toEqual(['Elif Yılmaz, lead']);
    expect(labels('نادية', ['نادية الحسن, tier 1', 'Kenji Sato'])).toEqual(['نادية الحسن, tier 1']);
  });

  test('words that are not shown are found too', () => {
    expect(scoreOf('night', { label: 'Dark theme', alsoFound: 'colour look night' })).not.toBeNull();
    expect(scoreOf('night', { label: 'Light theme', alsoFound: 'colour look day' })).toBeNull();
  });

  test('characters with a meaning in patterns are only characters', () => {
    expect(labels('(.*', SCREENS)).toEqual([]);
  });
});

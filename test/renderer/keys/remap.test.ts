import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KEY_ACTIONS, type KeyActionId, type KeyOverrides, keysOf } from '../../../renderer/keys/key-map.ts';
import { KeyRegistry } from '../../../renderer/keys/registry.ts';
import { actingKeys, remapKey, resetKey, startsSequence, takenBy } from '../../../renderer/keys/remap.ts';

const IDS = Object.keys(KEY_ACTIONS) as KeyActionId[];

function changed(action: KeyActionId, chord: string, overrides: KeyOverrides = {}): KeyOverrides {
  const remapped = remapKey(action, chord, overrides);
  if (remapped.kind === 'refused') throw new Error(remapped.why);
  return remapped.overrides;
}

describe('giving an action another key', () => {
  test('the new key acts and the old one is free', () => {
    const overrides = changed('acknowledge', 'b');
    const ran: string[] = [];
    const registry = new KeyRegistry();
    registry.register(() => ({ acknowledge: () => ran.push('acknowledge') }));
    const key = (name: string) => ({
      key: name,
      code: '',
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
    });
    expect(registry.press(key('a'), 0, { overrides, hasSingleKeys: true })).toBe(false);
    expect(registry.press(key('b'), 1, { overrides, hasSingleKeys: true })).toBe(true);
    expect(ran).toEqual(['acknowledge']);
  });

  test('a key that another action has is refused, and the action is named', () => {
    expect(remapKey('acknowledge', 'j', {})).toEqual({ kind: 'refused', why: '“Next row” has that key.' });
  });

  test('the first key of a sequence is taken, and so is a sequence behind a single key', () => {
    expect(remapKey('acknowledge', 'g', {}).kind).toBe('refused');
    expect(remapKey('goQueue', 'a q', {}).kind).toBe('refused');
    expect(remapKey('goQueue', 'g w', {}).kind).toBe('changed');
    expect(startsSequence('g', {})).toBe(true);
    expect(startsSequence('a', {})).toBe(false);
  });

  test('keys that forms need are refused', () => {
    for (const chord of ['Escape', 'Enter', 'Tab']) expect(remapKey('note', chord, {}).kind).toBe('refused');
  });

  test('going back to the key that it came with leaves nothing behind', () => {
    expect(changed('acknowledge', 'a', changed('acknowledge', 'b'))).toEqual({});
  });

  test('a reset does not take a key back that another action has got since', () => {
    const swapped = changed('note', 'a', changed('acknowledge', 'b'));
    const reset = resetKey('acknowledge', swapped);
    expect(keysOf('acknowledge', reset)).toEqual([]);
    expect(keysOf('note', reset)).toEqual(['a']);
  });

  test('whatever is pressed in whatever order, no key ever does two things', () => {
    const chord = fc.constantFrom('a', 'b', 'j', 'g', 'g q', 'g a', 'q', 'Ctrl+k', 'Shift+Z', ' ', 'y', 'y y');
    const step = fc.record({ id: fc.constantFrom(...IDS), chord, isReset: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let overrides: KeyOverrides = {};
        for (const { id, chord: wanted, isReset } of steps) {
          if (isReset) overrides = resetKey(id, overrides);
          else {
            const remapped = remapKey(id, wanted, overrides);
            if (remapped.kind === 'changed') overrides = remapped.overrides;
          }
        }
        for (const id of IDS)
          for (const known of keysOf(id, overrides)) expect(takenBy(id, known, overrides)).toBeNull();
      }),
    );
  });
});

test('with single characters switched off, arrows and Ctrl stay', () => {
  expect(actingKeys('down', {}, false)).toEqual(['ArrowDown']);
  expect(actingKeys('palette', {}, false)).toEqual(['Ctrl+k']);
  expect(actingKeys('goTeam', {}, false)).toEqual([]);
});

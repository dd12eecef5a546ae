/** What a key event says, without the DOM, so that it can be tested anywhere. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

const NAMED = /^(Arrow|Page|Home$|End$|Enter$|Escape$|Tab$|Delete$|Backspace$|F\d)/;

/**
 * The chord of a key event as the key table writes it: `j`, `Shift+J`, `Ctrl+a`, `Shift+ArrowDown`, `?`.
 * On a layout without Latin letters, the letter printed on the same key of a US keyboard counts. Null for a
 * modifier alone and for Alt, which belongs to the browser and to special characters.
 */
export function chordOf(press: KeyPress): string | null {
  if (press.altKey || ['Control', 'Shift', 'Meta', 'Alt', 'AltGraph', 'Dead'].includes(press.key)) return null;
  let key = press.key;
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  if (letter !== undefined && !/^[\x20-\x7e]$/.test(key)) key = press.shiftKey ? letter : letter.toLowerCase();
  const isControl = press.ctrlKey || press.metaKey;
  if (isControl) return `Ctrl+${press.shiftKey ? 'Shift+' : ''}${key.length === 1 ? key.toLowerCase() : key}`;
  if (press.shiftKey && (NAMED.test(key) || /^[A-Z]$/.test(key))) return `Shift+${key}`;
  return key;
}

/** True for chords that need no modifier and are one character: the ones that a person can switch off. */
export function isSingleKey(chord: string): boolean {
  return chord.split(' ').some((step) => [...step.replace(/^Shift\+/, '')].length === 1 && step !== ' ');
}

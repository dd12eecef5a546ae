/** Where a key works, for the help and for the order in which handlers are asked. */
export const KEY_SCOPES = ['Everywhere', 'List', 'Item', 'Go to'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface KeyAction {
  label: string;
  scope: KeyScope;
  /** Chords: `j`, `Shift+ArrowDown`, `Ctrl+k`, or a sequence of two such as `g q`. Ctrl is ⌘ on a Mac. */
  keys: readonly string[];
}

/** The one table of keys. Menus, tooltips, the command palette and `?` all read it. */
export const KEY_ACTIONS = {
  search: { label: 'Search open and closed alerts', scope: 'Everywhere', keys: ['/'] },
  palette: { label: 'Command palette', scope: 'Everywhere', keys: ['Ctrl+k'] },
  help: { label: 'All keys', scope: 'Everywhere', keys: ['?'] },
  undo: { label: 'Undo your last decision', scope: 'Everywhere', keys: ['z'] },
  redo: { label: 'Redo it', scope: 'Everywhere', keys: ['Shift+Z'] },
  back: { label: 'Back', scope: 'Everywhere', keys: ['Escape'] },
  down: { label: 'Next row', scope: 'List', keys: ['j', 'ArrowDown'] },
  up: { label: 'Previous row', scope: 'List', keys: ['k', 'ArrowUp'] },
  extendDown: { label: 'Select downwards', scope: 'List', keys: ['Shift+J', 'Shift+ArrowDown'] },
  extendUp: { label: 'Select upwards', scope: 'List', keys: ['Shift+K', 'Shift+ArrowUp'] },
  pageDown: { label: 'A screen down', scope: 'List', keys: ['PageDown'] },
  pageUp: { label: 'A screen up', scope: 'List', keys: ['PageUp'] },
  first: { label: 'First row', scope: 'List', keys: ['Home'] },
  last: { label: 'Last row that is loaded', scope: 'List', keys: ['End'] },
  open: { label: 'Open', scope: 'List', keys: ['Enter'] },
  select: { label: 'Select or unselect', scope: 'List', keys: ['x'] },
  selectAll: { label: 'Select all that match', scope: 'List', keys: ['Ctrl+a'] },
  showNew: { label: 'Show what is new above', scope: 'List', keys: ['u'] },
  next: { label: 'Next item to work on', scope: 'List', keys: [' '] },
  acknowledge: { label: 'Acknowledge', scope: 'Item', keys: ['a'] },
  close: { label: 'Close as …, with a reason', scope: 'Item', keys: ['c'] },
  escalate: { label: 'Escalate with a question', scope: 'Item', keys: ['e'] },
  hold: { label: 'Hold until …', scope: 'Item', keys: ['h'] },
  notNow: { label: 'Not now', scope: 'Item', keys: ['s'] },
  note: { label: 'Add a note', scope: 'Item', keys: ['n'] },
  tag: { label: 'Tag', scope: 'Item', keys: ['t'] },
  join: { label: 'Join the selected items into the focused one', scope: 'Item', keys: ['m'] },
  makeRule: { label: 'Make a rule from it', scope: 'Item', keys: ['r'] },
  actions: { label: 'All actions for this item', scope: 'Item', keys: ['.'] },
  goQueue: { label: 'Queue', scope: 'Go to', keys: ['g q'] },
  goEscalations: { label: 'Escalations', scope: 'Go to', keys: ['g e'] },
  goAutomation: { label: 'Automation', scope: 'Go to', keys: ['g a'] },
  goAssurance: { label: 'Assurance', scope: 'Go to', keys: ['g u'] },
  goTeam: { label: 'Team', scope: 'Go to', keys: ['g t'] },
  goMyWatch: { label: 'My watch', scope: 'Go to', keys: ['g m'] },
  goSources: { label: 'Sources', scope: 'Go to', keys: ['g s'] },
} as const satisfies Record<string, KeyAction>;
export type KeyActionId = keyof typeof KEY_ACTIONS;

export type KeyOverrides = Readonly<Record<string, readonly string[]>>;

/** The chords of an action: the person's own where they gave some, else the ones above. */
export function keysOf(action: KeyActionId, overrides: KeyOverrides = {}): readonly string[] {
  return overrides[action] ?? KEY_ACTIONS[action].keys;
}

/** The first chord, for a menu or a tooltip. Null when the action has none. */
export function mainKey(action: KeyActionId, overrides: KeyOverrides = {}): string | null {
  return keysOf(action, overrides)[0] ?? null;
}

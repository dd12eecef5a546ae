import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { useViewSettings } from '../state/view-settings.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { type KeyActionId, mainKey } from './key-map.ts';
import { type KeyHandlers, KeyRegistry } from './registry.ts';

const KeyContext = createContext<KeyRegistry | null>(null);

/** Keys that act although a field has the focus. */
const IN_FIELDS = new Set(['Escape', 'Ctrl+k']);

/** Listens for keys once for the whole window and hands them to whoever registered last. */
export function KeyProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => new KeyRegistry());
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || isTaken(event)) return;
      const { keyOverrides, hasSingleKeys } = useViewSettings.getState();
      if (registry.press(event, event.timeStamp, { overrides: keyOverrides, hasSingleKeys })) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [registry]);
  return <KeyContext value={registry}>{children}</KeyContext>;
}

/** True when the focused thing needs the key itself: a field, a menu, a choice for arrows, or a button for Enter and Space. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  const chord = `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.key}`;
  if (target.closest('[role="menu"], [role="dialog"], [data-keys="own"]') !== null) return true;
  if (target.closest('input[type="radio"]') !== null) return event.key === ' ' || event.key.startsWith('Arrow');
  if (target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]') !== null) {
    return !IN_FIELDS.has(chord);
  }
  const acts = target.closest('button, a[href], summary, input[type="checkbox"], [role="button"]') !== null;
  return acts && (event.key === 'Enter' || event.key === ' ');
}

export function useKeyRegistry(): KeyRegistry {
  const registry = useContext(KeyContext);
  if (registry === null) throw new Error('useKeyRegistry is called outside KeyProvider');
  return registry;
}

/** Acts on these keys while the component is on the screen. The newest handlers are always the ones that run. */
export function useKeys(handlers: KeyHandlers, isActive = true): void {
  const registry = useKeyRegistry();
  const newest = useRef(handlers);
  useEffect(() => {
    newest.current = handlers;
  });
  useEffect(() => {
    if (!isActive) return;
    return registry.register(() => newest.current);
  }, [registry, isActive]);
}

/** The key of an action as it is now, for menus, buttons and tooltips. Draws nothing where there is none. */
export function ActionKey({ action }: { action: KeyActionId }) {
  const overrides = useViewSettings((settings) => settings.keyOverrides);
  const keys = mainKey(action, overrides);
  return keys === null ? null : <KeyHint keys={keys} />;
}

import { type RefObject, useEffect, useRef } from 'react';

/** Whether nothing has the focus: what had it has gone, or the screen itself was come to. */
export function isFocusNowhere(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.tagName === 'MAIN';
}

/**
 * When `state` changes and takes the focused element away with it, focuses `target`, so that Tab and reading go on from
 * there. Does nothing on the first draw, and nothing while the focus is somewhere.
 */
export function useCaughtFocus(target: RefObject<HTMLElement | null>, state: unknown): void {
  const before = useRef(state);
  useEffect(() => {
    const hasChanged = !Object.is(before.current, state);
    before.current = state;
    if (hasChanged && isFocusNowhere()) target.current?.focus();
  }, [target, state]);
}

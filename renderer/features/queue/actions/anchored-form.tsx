import { useClickOutside } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import classes from './actions.module.css';

const GAP = 4;
const EDGE = 8;

/**
 * A small form that hangs on a row or on the action bar: no modal, the list stays visible. Esc and a click
 * elsewhere close it; the focus goes back to where it was.
 */
export function AnchoredForm({
  anchorId,
  label,
  onClose,
  children,
}: {
  /** Id of the element that it hangs on. Without one on the screen, it stands at the top. */
  anchorId: string;
  label: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const outside = useClickOutside<HTMLDivElement>(onClose);
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ top: number; left: number } | null>(null);
  useLayoutEffect(() => {
    const size = box.current?.getBoundingClientRect();
    if (size !== undefined) setPlace(placeBeside(document.getElementById(anchorId)?.getBoundingClientRect(), size));
  }, [anchorId]);
  useLayoutEffect(() => {
    const before = document.activeElement;
    // At once, and not a moment later: the next key that is pressed is already meant for the form.
    const first = box.current?.querySelector<HTMLElement>('[data-autofocus]') ?? box.current;
    first?.focus({ preventScroll: true });
    return () => {
      const list = document.getElementById('queue-list');
      const target = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : list;
      target?.focus({ preventScroll: true });
    };
  }, []);
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    } else if (event.key === 'Tab') keepInside(event, box.current);
  };
  return (
    <div
      ref={(element) => {
        box.current = element;
        outside.current = element;
      }}
      role="dialog"
      aria-label={label}
      tabIndex={-1}
      className={classes.form}
      style={place ?? { opacity: 0, top: 0, left: 0 }}
      onKeyDown={press}
    >
      {children}
    </div>
  );
}

const REACHABLE = 'button:not(:disabled), input:not(:disabled), textarea, select, a[href]';

/** Tab goes round inside the form: what lies behind it is not for the keyboard until it is closed. */
function keepInside(event: KeyboardEvent, box: HTMLElement | null): void {
  const stops = [...(box?.querySelectorAll<HTMLElement>(REACHABLE) ?? [])];
  const [first, last] = [stops[0], stops.at(-1)];
  const active = document.activeElement;
  const isAtEdge = event.shiftKey ? active === first || active === box : active === last;
  if (!isAtEdge) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}

/** Under the anchor where there is room, else over it; never beyond the window. */
function placeBeside(anchor: DOMRect | undefined, size: { width: number; height: number }) {
  const { innerWidth, innerHeight } = window;
  if (anchor === undefined) return { top: 96, left: Math.max(EDGE, (innerWidth - size.width) / 2) };
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - size.height;
  const fits = below + size.height + EDGE <= innerHeight;
  const top = fits || above < EDGE ? Math.min(below, innerHeight - size.height - EDGE) : above;
  const left = Math.min(anchor.left + 100, innerWidth - size.width - EDGE);
  return { top: Math.max(EDGE, top), left: Math.max(EDGE, left) };
}

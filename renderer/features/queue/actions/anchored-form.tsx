import { FocusTrap } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
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
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const list = document.getElementById('queue-list');
      const target = before instanceof HTMLElement && before !== document.body && before.isConnected ? before : list;
      target?.focus({ preventScroll: true });
    };
  }, []);
  return (
    <FocusTrap active innerRef={box}>
      <div
        ref={outside}
        role="dialog"
        aria-label={label}
        className={classes.form}
        style={place === null ? { visibility: 'hidden', top: 0, left: 0 } : place}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          onClose();
        }}
      >
        {children}
      </div>
    </FocusTrap>
  );
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

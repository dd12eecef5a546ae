import { type MouseEvent, type ReactNode, useLayoutEffect, useRef } from 'react';
import classes from './overlay.module.css';

/**
 * A layer over the window that the keyboard asked for, such as the command palette. Nothing behind it can be
 * reached while it is open; Esc and a click beside it close it, and the focus goes back to where it was.
 */
export function Overlay({
  label,
  width = 640,
  onClose,
  children,
}: {
  label: string;
  /** In pixels; never wider than the window. */
  width?: number;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Closed before it is taken away: only then does the browser give the focus back.
    return () => element?.close();
  }, []);
  const clickBeside = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Esc, which the browser turns into "cancel"
    <dialog
      ref={dialog}
      className={classes.overlay}
      style={{ width }}
      aria-label={label}
      data-keys="own"
      onClick={clickBeside}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className={classes.content}>{children}</div>
    </dialog>
  );
}

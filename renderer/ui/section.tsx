import { type ReactNode, useId, useState } from 'react';
import classes from './panel.module.css';

/** One part of a long panel. With `isFoldable` its content comes into being only when it is opened. */
export function Section({
  title,
  note,
  isFoldable = false,
  startsOpen = true,
  onOpen,
  children,
}: {
  title: string;
  note?: ReactNode;
  isFoldable?: boolean;
  startsOpen?: boolean;
  onOpen?: () => void;
  children: ReactNode;
}) {
  const id = useId();
  const [isOpen, setOpen] = useState(startsOpen || !isFoldable);
  const head = (
    <>
      {title}
      {note === undefined ? null : <span className={classes.note}>{note}</span>}
    </>
  );
  return (
    <section className={classes.section} aria-labelledby={id}>
      <h3 id={id} className={classes.sectionHead}>
        {isFoldable ? (
          <button
            type="button"
            className={classes.fold}
            aria-expanded={isOpen}
            onClick={() => {
              if (!isOpen) onOpen?.();
              setOpen(!isOpen);
            }}
          >
            <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden className={classes.caret} data-open={isOpen}>
              <path d="M3 1.5 7 5 3 8.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
            </svg>
            {head}
          </button>
        ) : (
          head
        )}
      </h3>
      {isOpen ? children : null}
    </section>
  );
}

import { type ReactNode, useId } from 'react';
import { LineText } from './line-text.tsx';
import classes from './panel.module.css';

/** A bordered area with a heading, which may be a title that came with an alert: it is shown as text. `note` stands beside the heading: of what, since when. */
export function Panel({
  title,
  note,
  action,
  children,
}: {
  title: string;
  note?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <header className={classes.panelHead}>
        <h2 id={id}>
          <LineText text={title} />
        </h2>
        {note === undefined ? null : <span className="ew-muted ew-small">{note}</span>}
        {action === undefined ? null : <span className={classes.action}>{action}</span>}
      </header>
      <div className={classes.panelBody}>{children}</div>
    </section>
  );
}

import type { ReactNode } from 'react';
import classes from './page.module.css';

/** A scrolling screen: of what and since when, and its one primary action at the same place on every screen. The top bar has its title. */
export function Page({ note, action, children }: { note?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.page}>
      {note === undefined && action === undefined ? null : (
        <div className={classes.head}>
          {note === undefined ? null : <span className="ew-muted">{note}</span>}
          {action === undefined ? null : <span className={classes.action}>{action}</span>}
        </div>
      )}
      {children}
    </div>
  );
}

/** Panels side by side where there is room. */
export function Columns({ children }: { children: ReactNode }) {
  return <div className={classes.columns}>{children}</div>;
}

export interface Figure {
  label: string;
  value: string;
  /** Of what: every share has its n. */
  of?: string;
}

/** A row of numbers, each with its words. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className={classes.figures}>
      {figures.map((figure) => (
        <div key={figure.label} className={classes.figure}>
          <dt>{figure.label}</dt>
          <dd>
            {figure.value}
            {figure.of === undefined ? null : <div className={classes.of}>{figure.of}</div>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

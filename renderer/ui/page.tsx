import type { ReactNode } from 'react';
import classes from './page.module.css';

/** A scrolling screen: what it is, since when, and its one primary action at the same place on every screen. */
export function Page({
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
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{title}</h1>
        {note === undefined ? null : <span className="ew-muted ew-small">{note}</span>}
        {action === undefined ? null : <span className={classes.action}>{action}</span>}
      </header>
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

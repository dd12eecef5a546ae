import { type ReactNode, useState } from 'react';
import classes from './chart-frame.module.css';
import { type Column, DataTable } from './data-table.tsx';

/** A chart with its words above and its table behind it, for screen readers and for copying. */
export function ChartFrame<Row>({
  title,
  note,
  columns,
  rows,
  rowKey,
  height = 180,
  children,
}: {
  title: string;
  /** Of what and since when; with the n. */
  note: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  height?: number;
  children: ReactNode;
}) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={classes.root}>
      <figcaption className={classes.head}>
        <span className="ew-strong">{title}</span>
        <span className="ew-muted ew-small">{note}</span>
        <button type="button" className={classes.toggle} aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? 'Show as chart' : 'Show as table'}
        </button>
      </figcaption>
      {isTable ? (
        <DataTable caption={`${title}, ${note}`} columns={columns} rows={rows} rowKey={rowKey} />
      ) : (
        <div className={classes.plot} style={{ height }} aria-hidden>
          {children}
        </div>
      )}
    </figure>
  );
}

/** What every chart takes from our tokens, so that no chart picks its own colours. */
export const CHART = {
  axis: { stroke: 'var(--ew-line-strong)', fontSize: 11, tick: { fill: 'var(--ew-muted)' } },
  grid: { stroke: 'var(--ew-line)', vertical: false },
  first: 'var(--ew-accent)',
  second: 'var(--ew-line-strong)',
} as const;

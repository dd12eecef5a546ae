import { Fragment, type ReactNode } from 'react';
import classes from './data-table.module.css';

export interface Column<Row> {
  key: string;
  header: string;
  render: (row: Row) => ReactNode;
  align?: 'left' | 'right';
  /** Any CSS width. */
  width?: string;
  /** 1 is always there; 2 folds away in a narrow panel, 3 before it. */
  importance?: 1 | 2 | 3;
}

/** A plain table for tens of rows. `caption` names it for screen readers and says of what and since when. */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  detail,
  empty = 'Nothing here yet.',
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** What stands under a row over the whole width, as long as it is not null. */
  detail?: (row: Row) => ReactNode;
  empty?: ReactNode;
}) {
  return (
    <div className={classes.root}>
      <table className={classes.table}>
        <caption className="ew-visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-align={column.align ?? 'left'}
                data-importance={column.importance ?? 1}
                style={column.width === undefined ? undefined : { width: column.width }}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const below = detail?.(row) ?? null;
            return (
              <Fragment key={rowKey(row)}>
                <tr>
                  {columns.map((column) => (
                    <td key={column.key} data-align={column.align ?? 'left'} data-importance={column.importance ?? 1}>
                      {column.render(row)}
                    </td>
                  ))}
                </tr>
                {below === null ? null : (
                  <tr>
                    <td colSpan={columns.length}>{below}</td>
                  </tr>
                )}
              </Fragment>
            );
          })}
          {rows.length === 0 ? (
            <tr>
              <td colSpan={columns.length} className="ew-muted">
                {empty}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </div>
  );
}

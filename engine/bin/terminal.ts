import { once } from 'node:events';

/** Where a command writes. Tests give their own. */
export interface Terminal {
  out(text: string): void;
  /** For errors and progress. */
  err(text: string): void;
  /** Waits until what was written has gone out, for who writes much. */
  drain?(): Promise<void>;
  /** True when a person watches stderr. */
  isWatched: boolean;
  /** Columns of stdout, for tables; null when it is no terminal and nothing is cut. */
  columns: number | null;
}

export function processTerminal(): Terminal {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    drain: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    isWatched: process.stderr.isTTY === true,
    columns: process.stdout.isTTY === true ? process.stdout.columns : null,
  };
}

/** Characters that no terminal should obey, or that a reader cannot see: controls, bidi marks, zero-width ones, tags. */
const HIDDEN =
  /\p{Cc}|\p{Cf}|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180d]|\u2028|\u2029|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/gu;

/** Alert text as it may be printed: what is hidden or would steer the terminal is shown as its code point. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** The same for text of several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.split('\t').map(visible).join('\t'))
    .join('\n');
}

export interface Column<T> {
  title: string;
  align?: 'left' | 'right';
  /** Takes what room is left; at most one column. */
  isElastic?: boolean;
  cell(row: T): string;
}

const GAP = '  ';
const ELASTIC_MIN = 16;

/** Rows under their titles, aligned; the elastic column is cut to what the terminal holds. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], width: number | null): string {
  const cells = rows.map((row) => columns.map((column) => visible(column.cell(row))));
  const widths = columns.map((column, at) =>
    Math.max(length(column.title), ...cells.map((row) => length(row[at] ?? ''))),
  );
  const elastic = columns.findIndex((column) => column.isElastic === true);
  if (width !== null && elastic >= 0) {
    const others = widths.reduce((sum, each, at) => sum + (at === elastic ? 0 : each + GAP.length), 0);
    widths[elastic] = Math.min(widths[elastic] ?? 0, Math.max(ELASTIC_MIN, width - others));
  }
  const line = (row: readonly string[]): string =>
    row
      .map((cell, at) => padded(cell, widths[at] ?? 0, columns[at]?.align ?? 'left'))
      .join(GAP)
      .trimEnd();
  return `${[columns.map((column) => column.title), ...cells].map(line).join('\n')}\n`;
}

function length(text: string): number {
  return [...text].length;
}

function padded(text: string, width: number, align: 'left' | 'right'): string {
  const characters = [...text];
  if (characters.length > width) return `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
  const padding = ' '.repeat(width - characters.length);
  return align === 'right' ? padding + text : text + padding;
}

/** `2026-03-02 09:41:07Z`: UTC, so that two readers read the same. */
export function utc(atMs: number | null): string {
  if (atMs === null) return '';
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? String(atMs) : `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Whole numbers with thin groups: `1 234 567`. */
export function count(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** `1 record`, `2 records`. */
export function countOf(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

import { EngineError } from '../../shared/model/errors.ts';
import { type CsvRecord, readCsv } from '../csv-records.ts';

export interface CsvProblem {
  /** 1-based line of the text. */
  line: number;
  message: string;
}

export interface CsvRow {
  line: number;
  /** By column name, trimmed; '' where the cell is empty or missing. */
  cell(column: string): string;
}

export interface CsvColumns {
  required: readonly string[];
  optional: readonly string[];
}

export const ROWS_MAX = 20_000;

/**
 * Reads a table with a header line. Columns are found by name in any order and any case; a column that nobody asked
 * for is named as a problem and left out. Throws `invalid_input` where there is no table at all.
 */
export function readCsvTable(text: string, columns: CsvColumns): { rows: CsvRow[]; problems: CsvProblem[] } {
  const records = recordsOf(text);
  const header = records[0];
  if (header === undefined) throw new EngineError('invalid_input', `The file is empty. ${expectation(columns)}`);
  const names = header.cells.map((name) => name.trim().toLowerCase().replaceAll(' ', '_'));
  const missing = columns.required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new EngineError(
      'invalid_input',
      `The column ${missing.map((name) => `“${name}”`).join(', ')} is missing. ${expectation(columns)}`,
    );
  }
  if (records.length - 1 > ROWS_MAX) {
    throw new EngineError('too_large', `The file has more than ${ROWS_MAX} rows. Split it.`);
  }
  const known = [...columns.required, ...columns.optional];
  const problems = names
    .filter((name) => !known.includes(name))
    .map((name) => ({ line: header.line, message: `The column “${name}” is not known and was left out.` }));
  const places = new Map(names.map((name, index) => [name, index]));
  const rows = records.slice(1).map(({ line, cells }) => ({
    line,
    cell: (column: string) => cells[places.get(column) ?? -1]?.trim() ?? '',
  }));
  return { rows, problems };
}

function expectation({ required, optional }: CsvColumns): string {
  const may = optional.length === 0 ? '' : `; it may have ${optional.join(', ')}`;
  return `The first line has to name the columns ${required.join(', ')}${may}.`;
}

/** Records with something in them. One more than the limit is asked for, so that a longer file is told and not cut. */
function recordsOf(text: string): CsvRecord[] {
  const read = readCsv(text, ROWS_MAX + 2);
  if (read.kind === 'broken') throw new EngineError('invalid_input', `Line ${read.line}: ${read.message}`);
  return read.records.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
}

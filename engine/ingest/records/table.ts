import { isUtf8 } from 'node:buffer';
import type { Json, JsonObject } from '../../../shared/model/json.ts';

/** The head of a table and how to read its rows. */
export interface TableHead {
  /** As it stands in the source: kept in front of each row's original, so that the original says what its cells are. */
  bytes: Buffer;
  /** The row's cells by name, or what is wrong with the row. Cells without a value are left out. */
  read(row: Buffer): JsonObject | string;
}

export type TableKind = 'zeek' | 'csv';

const NEWLINE = 10;
const HASH = 35;
/** A first line with so many columns, all with names, is the head of a CSV table. */
const COLUMNS_MIN = 3;
const COLUMN_NAME = /^[A-Za-z_@$][\w@$.\-/ ()[\]#%]{0,127}$/;
const DELIMITERS = [',', ';', '\t'];

/** Cells as RFC 4180 has them: a quotation mark counts at the start of a cell, and doubled within it. */
export function csvCells(text: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (let end = text.indexOf('"', at); ; end = text.indexOf('"', at)) {
        cell += text.slice(at, end < 0 ? text.length : end);
        at = end < 0 ? text.length : end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    }
    const end = text.indexOf(delimiter, at);
    cell += text.slice(at, end < 0 ? text.length : end);
    cells.push(cell);
    if (end < 0) return cells;
    at = end + 1;
  }
}

/** The head of a CSV table; null when the line is none. `;` and tabs are taken where they part more columns than `,`. */
export function csvHead(line: Buffer): TableHead | null {
  const text = line.toString('utf8').replace(/\r$/, '');
  let names: string[] = [];
  let delimiter = ',';
  for (const candidate of DELIMITERS) {
    const cells = csvCells(text, candidate).map((cell) => cell.trim());
    if (cells.length > names.length) [names, delimiter] = [cells, candidate];
  }
  const named = names.filter((name) => name !== '');
  const isHead = named.length >= COLUMNS_MIN && named.every((name) => COLUMN_NAME.test(name));
  // One column without a name is the row number of a data frame.
  if (!isHead || names.length - named.length > 1 || new Set(named).size < named.length) return null;
  return { bytes: line, read: (row) => csvRow(row, names, delimiter) };
}

/** The byte that parts the cells of this head. */
export function csvDelimiter(line: Buffer): number {
  const text = line.toString('utf8');
  const [best] = DELIMITERS.map((mark) => [mark, csvCells(text, mark).length] as const).sort((a, b) => b[1] - a[1]);
  return (best?.[0] ?? ',').charCodeAt(0);
}

function csvRow(row: Buffer, names: readonly string[], delimiter: string): JsonObject | string {
  const cells = csvCells(row.toString('utf8').replace(/\r$/, ''), delimiter);
  if (cells.length !== names.length) return `it has ${cells.length} cells where the head has ${names.length} columns`;
  const pairs = names.map((name, i): [string, Json] => [name, cells[i] ?? '']);
  return Object.fromEntries(pairs.filter(([name, cell]) => name !== '' && cell !== ''));
}

/** `\x2c` for a byte that the table needs itself. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text;
  return text.replace(/\\x([0-9a-fA-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const NUMBERS: ReadonlySet<string> = new Set(['time', 'interval', 'double', 'count', 'int', 'port']);

/** Numbers that a double cannot hold stay text, as they do in JSON. */
function zeekValue(text: string, type: string): Json {
  if (type === 'bool') return text === 'T';
  const number = NUMBERS.has(type) ? Number(text) : Number.NaN;
  if (!Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number))) return unescaped(text);
  return number;
}

/** The head of a Zeek log: its lines with `#`. Null when they name no fields. */
export function zeekHead(bytes: Buffer): TableHead | null {
  const lines = bytes.toString('utf8').split(/\r?\n/);
  const separator = unescaped(lines.find((line) => line.startsWith('#separator '))?.slice(11) ?? '\t');
  const rest = (name: string): string | undefined =>
    lines.find((line) => line.startsWith(name + separator))?.slice(name.length + separator.length);
  const fields = rest('#fields')?.split(separator);
  if (fields === undefined || separator === '') return null;
  const types = rest('#types')?.split(separator) ?? [];
  const marks = {
    separator,
    set: rest('#set_separator') ?? ',',
    unset: rest('#unset_field') ?? '-',
    empty: rest('#empty_field') ?? '(empty)',
    path: rest('#path'),
  };
  return { bytes, read: (row) => zeekRow(row, fields, types, marks) };
}

interface ZeekMarks {
  separator: string;
  set: string;
  unset: string;
  empty: string;
  path: string | undefined;
}

function zeekRow(row: Buffer, fields: string[], types: string[], marks: ZeekMarks): JsonObject | string {
  const cells = row.toString('utf8').replace(/\r$/, '').split(marks.separator);
  if (cells.length !== fields.length) return `it has ${cells.length} cells where #fields has ${fields.length} names`;
  const pairs: [string, Json][] = marks.path === undefined ? [] : [['_path', marks.path]];
  for (const [i, name] of fields.entries()) {
    const cell = cells[i] ?? marks.unset;
    if (cell === marks.unset) continue;
    const [, element] = /^(?:set|vector)\[(.*)\]$/.exec(types[i] ?? '') ?? [];
    if (element === undefined) pairs.push([name, cell === marks.empty ? '' : zeekValue(cell, types[i] ?? '')]);
    else if (cell === marks.empty) pairs.push([name, []]);
    else pairs.push([name, cell.split(marks.set).map((part) => zeekValue(part, element))]);
  }
  return Object.fromEntries(pairs);
}

/** A row with its head in front: the original of a row, which can be read without the rest of the table. */
export function withHead(head: TableHead, row: Buffer): Buffer {
  return Buffer.concat([head.bytes, Buffer.from('\n'), row]);
}

/** The record of a row that was kept with its head; null when the bytes are no such thing. */
export function tableRecord(original: Buffer): JsonObject | null {
  let at = original.indexOf(NEWLINE);
  if (at < 0 || !isUtf8(original)) return null;
  if (original[0] === HASH) while (original[at + 1] === HASH && at >= 0) at = original.indexOf(NEWLINE, at + 1);
  if (at < 0) return null;
  const line = original.subarray(0, at);
  const head = original[0] === HASH ? zeekHead(line) : csvHead(line);
  const record = head?.read(original.subarray(at + 1));
  return record === undefined || typeof record === 'string' ? null : record;
}

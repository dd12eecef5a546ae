import { isUtf8 } from 'node:buffer';
import { headOf, trimEnd } from './byte-lines.ts';
import { ByteWindow } from './byte-window.ts';
import { type BadText, faultOf } from './json-text.ts';
import { DEFAULT_MAX_RECORD_BYTES, type RawRecord, type ReadOptions } from './raw-record.ts';
import { csvDelimiter, csvHead, type TableHead, type TableKind, withHead, zeekHead } from './table.ts';

const NEWLINE = 10;
const QUOTE = 34;
const HASH = 35;
/** A row of a table is a line or few; a longer one is a quotation mark that nobody closed. */
const MAX_ROW_BYTES = 1024 * 1024;

/** Splits a table into rows as its bytes come: CSV with quoted line breaks, or a Zeek log with one or several heads. */
export class TableSplitter {
  private readonly window = new ByteWindow();
  private readonly maxRowBytes: number;
  private readonly isTransient: boolean;
  private readonly kind: TableKind;
  private found: RawRecord[] = [];
  private isFinal = false;
  private head: TableHead | null = null;
  /** Lines with `#` since the last row. */
  private headLines: Buffer[] = [];
  private delimiter = 44;
  private line = 1;
  /** Going on to the end of a line of which nothing is kept. */
  private isPassing = false;

  private scanned = 0;
  private isQuoted = false;
  private isAtCellStart = true;

  constructor(kind: TableKind, options: ReadOptions = {}) {
    this.kind = kind;
    this.isTransient = options.isTransient ?? false;
    this.maxRowBytes = Math.min(MAX_ROW_BYTES, options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES);
  }

  get atLine(): number {
    return this.line;
  }

  get heldBytes(): number {
    return this.window.size;
  }

  /** The rows that end in this chunk, each read when it is asked for. To be read to its end before more bytes come. */
  *split(chunk: Uint8Array): Generator<RawRecord> {
    // Heads are kept for as long as the table goes on.
    this.window.append(this.isTransient ? Buffer.from(chunk) : chunk);
    for (let goesOn = true; goesOn; ) {
      goesOn = this.step();
      if (this.found.length > 0) yield* this.taken();
    }
  }

  finish(): RawRecord[] {
    this.isFinal = true;
    return this.run();
  }

  private run(): RawRecord[] {
    while (this.step()) {}
    return this.taken();
  }

  private taken(): RawRecord[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  private step(): boolean {
    const { window } = this;
    if (window.size === 0) return false;
    if (this.isPassing) return this.pass();
    const end = this.rowEnd();
    if (end >= 0) return this.endRow(end);
    const isTooLong = window.size > this.maxRowBytes;
    if (!this.isFinal && !isTooLong) return false;
    if (!isTooLong && !this.isQuoted) return this.endRow(window.end);
    return this.breakRow(isTooLong);
  }

  /** Offset of the line break that ends the row, or -1 when it has not come yet. */
  private rowEnd(): number {
    const { bytes, start, end } = this.window;
    if (this.kind === 'zeek' || this.head === null) {
      const newline = bytes.indexOf(NEWLINE, start + this.scanned);
      this.scanned = end - start;
      return newline < end ? newline : -1;
    }
    let index = start + this.scanned;
    for (; index < end; index++) {
      const byte = bytes[index];
      if (this.isQuoted) {
        if (byte !== QUOTE) continue;
        // The next byte tells whether it is doubled; at the end of a chunk it has to be waited for.
        if (index + 1 === end && !this.isFinal) break;
        if (bytes[index + 1] === QUOTE) index++;
        else this.isQuoted = false;
      } else if (byte === QUOTE && this.isAtCellStart) {
        this.isQuoted = true;
        this.isAtCellStart = false;
      } else if (byte === NEWLINE) return index;
      else this.isAtCellStart = byte === this.delimiter;
    }
    this.scanned = index - start;
    return -1;
  }

  private endRow(to: number): boolean {
    const { window } = this;
    const row = trimBreak(window.bytes.subarray(window.start, to));
    const { line } = this;
    this.use(Math.min(to + 1, window.end));
    if (row.every((byte) => byte === 32 || byte === 13)) return true;
    if (!isUtf8(row)) {
      this.fault(row, line, 'invalid_utf8', 'it holds bytes that are no UTF-8; save it as UTF-8');
    } else if (this.kind === 'zeek' && row[0] === HASH) this.takeHeadLine(row);
    else if (this.kind === 'csv' && this.head === null) this.takeCsvHead(row);
    else this.takeRow(row, line);
    return true;
  }

  /** Several logs may stand one behind another, each with its head; `#close` belongs to the one that ends. */
  private takeHeadLine(row: Buffer): void {
    const text = row.toString('latin1', 0, 16);
    if (text.startsWith('#separator') || this.headLines.length > 100) this.headLines = [];
    if (text.startsWith('#close')) return;
    this.headLines.push(row);
    if (text.startsWith('#fields') || text.startsWith('#types')) {
      this.head = zeekHead(Buffer.from(Buffer.concat(this.headLines.flatMap((part) => [part, BREAK])).subarray(0, -1)));
    }
  }

  private takeCsvHead(row: Buffer): void {
    this.head = csvHead(Buffer.from(row));
    this.delimiter = csvDelimiter(row);
  }

  private takeRow(row: Buffer, line: number): void {
    const { head } = this;
    if (head === null) {
      this.fault(row, line, 'invalid_record', 'no #fields line stands above it, so nothing says what its cells are');
      return;
    }
    this.headLines = [];
    if (this.kind === 'csv' && row.equals(head.bytes)) return;
    const value = head.read(row);
    if (typeof value === 'string') this.fault(row, line, 'invalid_record', value);
    else this.found.push({ kind: 'record', value, bytes: withHead(head, row), line });
  }

  /** Only the first line of a row that has no end is given up: those behind it may be rows again. */
  private breakRow(isTooLong: boolean): boolean {
    const { window } = this;
    const newline = window.bytes.indexOf(NEWLINE, window.start);
    const hasLine = newline >= 0 && newline < window.end;
    const to = hasLine ? newline : window.end;
    const piece = Buffer.from(headOf(window.bytes.subarray(window.start, to)));
    const bytes = to - window.start;
    if (this.isQuoted)
      this.fault(piece, this.line, 'truncated', 'a quotation mark is opened in it and never closed', bytes);
    else this.fault(piece, this.line, 'too_long', `it is longer than ${this.maxRowBytes} bytes`, bytes);
    this.isPassing = isTooLong && !hasLine;
    this.use(hasLine ? newline + 1 : window.end);
    return true;
  }

  private pass(): boolean {
    const { window } = this;
    const newline = window.bytes.indexOf(NEWLINE, window.start);
    this.isPassing = newline < 0 || newline >= window.end;
    this.use(this.isPassing ? window.end : newline + 1);
    return true;
  }

  private use(to: number): void {
    const { window } = this;
    for (let at = window.bytes.indexOf(NEWLINE, window.start); at >= 0 && at < to; ) {
      this.line++;
      at = window.bytes.indexOf(NEWLINE, at + 1);
    }
    window.start = to;
    this.scanned = 0;
    this.isQuoted = false;
    this.isAtCellStart = true;
  }

  private fault(
    piece: Buffer,
    line: number,
    reason: BadText['reason'],
    message: string,
    bytes = piece.byteLength,
  ): void {
    this.found.push({ ...faultOf(trimEnd(piece), { reason, message, position: null }, line), bytes });
  }
}

const BREAK = Buffer.from('\n');

function trimBreak(row: Buffer): Buffer {
  return row[row.length - 1] === 13 ? row.subarray(0, row.length - 1) : row;
}

import type { DeliveredBytes } from '../delivery.ts';
import { containerOf } from '../records/container.ts';
import { DEFAULT_MAX_RECORD_BYTES } from '../records/raw-record.ts';
import { csvDelimiter } from '../records/table.ts';
import type { ByteSource } from './byte-source.ts';
import { ContentMark } from './content-mark.ts';
import { type Decoded, decode, withEncoding } from './decoded-text.ts';
import type { ReadPosition } from './read-position.ts';
import { type Cut, cutCsv, cutLines, cutRecords } from './record-cut.ts';
import { firstLine, headAfter } from './table-head.ts';

export interface Piece {
  records: Extract<DeliveredBytes, { kind: 'text' }>;
  /** As it lies in the source. */
  raw: Buffer;
  after: ReadPosition;
}

/** In one transaction: enough to be fast, and short for somebody who waits for a decision meanwhile. */
const READ_BYTES = 1024 * 1024;
/** A record that has not ended after this much is too long, and is given on to be told as such. */
const HOLD_BYTES = DEFAULT_MAX_RECORD_BYTES + 64 * 1024;
const NUL = 0;
const NEWLINE = 10;

/** Content is no longer what was read up to here. */
export class ContentChanged extends Error {}

/** Reads whole records out of a source that may still grow. A record that is not finished waits. */
export class DeliveryReader {
  position: ReadPosition;
  mark: ContentMark;
  readonly #source: ByteSource;

  constructor(source: ByteSource, position: ReadPosition, mark: ContentMark) {
    this.#source = source;
    this.position = position;
    this.mark = mark;
  }

  /**
   * The next whole records; null when there are none yet. With `isFinal` the end of the source ends the last record.
   * Throws ContentChanged when what stands before the position is not what was read there.
   */
  async next(isFinal: boolean): Promise<Piece | null> {
    for (let length = READ_BYTES; ; ) {
      const { raw, isAtEnd } = await this.#read(length);
      if (raw.length === 0) return null;
      if (isNulOnly(raw)) {
        const skipped = await this.#skipNuls(raw.length);
        if (!skipped) return null;
        continue;
      }
      const isLast = isFinal && isAtEnd;
      const step = this.#step(raw, isLast, length > HOLD_BYTES);
      if (step === null) {
        if (isAtEnd) return null;
        length *= 2;
        continue;
      }
      if (step.records !== null) return { raw: step.raw, after: step.after, records: step.records };
      this.#move(step.raw, step.after);
      length = READ_BYTES;
    }
  }

  /** Goes on behind a piece, once it is stored. */
  take(piece: Piece): void {
    this.#move(piece.raw, piece.after);
  }

  #move(raw: Buffer, after: ReadPosition): void {
    this.mark.add(raw);
    this.position = after;
  }

  async #read(length: number): Promise<{ raw: Buffer; isAtEnd: boolean }> {
    const { tail } = this.mark;
    const bytes = await this.#source.read(this.position.offset - tail.length, tail.length + length);
    // Only bytes that were read together with those before them are known to come after them.
    if (!bytes.subarray(0, tail.length).equals(tail)) throw new ContentChanged('What was read before is not there');
    const raw = bytes.subarray(tail.length);
    return { raw, isAtEnd: raw.length < length };
  }

  /** NUL bytes with something behind them were never text: a program wrote at an offset that was truncated away. */
  async #skipNuls(known: number): Promise<boolean> {
    const from = this.position.offset;
    for (let at = from + known; ; ) {
      const piece = await this.#source.read(at, READ_BYTES);
      const end = piece.findIndex((byte) => byte !== NUL);
      at += end < 0 ? piece.length : end;
      if (end < 0 && piece.length < READ_BYTES) return false;
      if (end < 0) continue;
      this.position = { ...this.position, offset: at };
      this.mark = await ContentMark.at(this.#source, at);
      return true;
    }
  }

  /** What can be taken of these bytes; null when they are too few. */
  #step(raw: Buffer, isLast: boolean, isTooLong: boolean): Step | null {
    const position = withEncoding(this.position, raw, isLast);
    if (position === null) return null;
    const decoded = decode(raw, position);
    if (position.isPassing) return passed(position, decoded, raw, isLast);
    const container = position.container ?? containerIn(decoded.text, position, isLast);
    if (container === null) return null;
    return taken({ ...position, container }, decoded, raw, isLast, isTooLong);
  }
}

/** What one look at some bytes came to; without records it only moves on. */
interface Step {
  raw: Buffer;
  after: ReadPosition;
  records: Piece['records'] | null;
}

function isNulOnly(raw: Buffer): boolean {
  return raw[0] === NUL && raw[raw.length - 1] === NUL && raw.every((byte) => byte === NUL);
}

function containerIn(text: Buffer, position: ReadPosition, isLast: boolean): ReadPosition['container'] {
  const kind = containerOf(text, isLast);
  if (kind !== 'records' || position.head === null) return kind;
  return containerOf(Buffer.from(position.head), true);
}

function taken(
  position: ReadPosition & { container: NonNullable<ReadPosition['container']> },
  decoded: Decoded,
  raw: Buffer,
  isLast: boolean,
  isTooLong: boolean,
): Step | null {
  const { text } = decoded;
  const isNewTable =
    position.offset === 0 && position.container !== 'records' && containerOf(text, isLast) !== 'records';
  const head = isNewTable ? null : position.head;
  const cut = cutOf(position, head, text, isLast);
  if (cut.next === 0 && !isTooLong) return null;
  const isGivenUp = cut.next === 0;
  const { from, to, next, around } = isGivenUp
    ? { from: 0, to: text.length, next: text.length, around: cut.around }
    : cut;
  const used = raw.subarray(0, isLast && next === text.length ? raw.length : decoded.rawLength(next));
  const bytes = text.subarray(from, to);
  const after: ReadPosition = {
    ...position,
    offset: position.offset + used.length,
    line: position.line + lineBreaks(text.subarray(0, next)),
    head: headAfter(position.container, head, bytes),
    around: around === null ? null : [...around],
    isPassing: isGivenUp,
  };
  if (from === to) return { raw: used, after, records: null };
  const firstLine = position.line + lineBreaks(text.subarray(0, from));
  return { raw: used, after, records: recordsOf(position, head, bytes, firstLine, isLast && next === text.length) };
}

function cutOf(position: ReadPosition, head: string | null, text: Buffer, isLast: boolean): Cut {
  if (position.container === 'csv') return cutCsv(text, csvDelimiter(Buffer.from(head ?? firstLine(text))), isLast);
  if (position.container === 'zeek') return cutLines(text, isLast);
  return cutRecords(text, position.around, isLast);
}

function recordsOf(
  { container, around }: ReadPosition,
  head: string | null,
  bytes: Buffer,
  firstLine: number,
  isEnd: boolean,
): Piece['records'] {
  const isList = around !== null;
  // A list that never ends is left open, so that it is told.
  const text = isList ? Buffer.concat([OPEN, bytes, isEnd ? NOTHING : CLOSE]) : bytes;
  return {
    kind: 'text',
    bytes: Uint8Array.from(text),
    head: head === null || container === 'records' ? null : Uint8Array.from(Buffer.from(head)),
    firstLine,
    isCut: container === 'records' || head !== null,
  };
}

const OPEN = Buffer.from('[');
const CLOSE = Buffer.from(']');
const NOTHING = Buffer.alloc(0);

function lineBreaks(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** Goes on to the first line that does not look like the inside of a record. */
function passed(position: ReadPosition, { text, rawLength }: Decoded, raw: Buffer, isLast: boolean): Step | null {
  // A last line break waits for what comes behind it.
  let next = !isLast && text[text.length - 1] === NEWLINE ? text.length - 1 : text.length;
  let isPassing = true;
  for (let at = text.indexOf(NEWLINE); at >= 0 && at + 1 < text.length; at = text.indexOf(NEWLINE, at + 1)) {
    const byte = text[at + 1] ?? 0;
    if (byte <= 32 || byte === 34 || byte === 44 || byte === 93 || byte === 125) continue;
    next = at + 1;
    isPassing = false;
    break;
  }
  if (next === 0) return null;
  const used = raw.subarray(0, rawLength(next));
  const line = position.line + lineBreaks(text.subarray(0, next));
  const offset = position.offset + used.length;
  return { raw: used, records: null, after: { ...position, offset, line, isPassing } };
}

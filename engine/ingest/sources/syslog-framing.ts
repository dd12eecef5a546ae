import { ByteWindow } from '../records/byte-window.ts';
import { faultText, type RecordFault } from '../records/raw-record.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const NUL = 0;
const SPACE = 32;
const ZERO = 48;
const NINE = 57;
/** Digits of a length; more are no length. */
const LENGTH_DIGITS = 9;
/** Who says that a message is longer than this lost count; its bytes are looked at as lines instead of passed over. */
const BELIEVABLE_BYTES = 64 * 1024 * 1024;
const SHOWN_BYTES = 2_048;

export interface FrameSink {
  frame(bytes: Uint8Array): void;
  fault(fault: RecordFault): void;
}

/** A message that is passed over because it is too long. */
interface Passing {
  head: Uint8Array;
  bytes: number;
  /** Bytes that are still to come; null when its end is a line break. */
  left: number | null;
}

/**
 * Splits a TCP stream into syslog messages as RFC 6587 describes: a connection whose first bytes are a length and a space
 * counts octets (3.4.1), every other ends messages with a line break or a NUL (3.4.2). Where a length should stand and
 * does not, the bytes up to the next line break are one message, so that one wrong length costs little.
 */
export class SyslogFramer {
  readonly #window = new ByteWindow();
  readonly #limitBytes: number;
  readonly #sink: FrameSink;
  #mode: 'unknown' | 'octets' | 'lines' = 'unknown';
  /** Bytes of the window in which no end was found. */
  #scanned = 0;
  #passing: Passing | null = null;

  constructor(limitBytes: number, sink: FrameSink) {
    this.#limitBytes = limitBytes;
    this.#sink = sink;
  }

  /** Bytes of a message that has not ended. */
  get heldBytes(): number {
    return this.#window.size;
  }

  push(chunk: Uint8Array): void {
    this.#window.append(chunk);
    while (this.#step()) {}
  }

  /** Nothing more comes. An unfinished line is a message when the sender ended the stream in order, else it was cut off. */
  end(isInOrder: boolean): void {
    const { bytes, start, end } = this.#window;
    if (this.#passing !== null) {
      this.#passing.bytes += end - start;
      this.#endPassing();
    } else if (end > start) {
      const rest = bytes.subarray(start, end);
      if (isInOrder && this.#mode !== 'octets') this.#sink.frame(rest);
      else
        this.#sink.fault(
          fault('truncated', 'it is cut off: the connection ended within the message', rest, rest.length),
        );
    }
    this.#window.start = end;
  }

  /** One move; false when more bytes are needed. */
  #step(): boolean {
    const { bytes } = this.#window;
    if (this.#passing !== null) return this.#pass(this.#passing);
    if (this.#scanned === 0) {
      while (this.#window.size > 0 && isBetween(bytes[this.#window.start])) this.#window.start += 1;
    }
    if (this.#window.size === 0) return false;
    if (this.#mode === 'lines' || this.#scanned > 0) return this.#line();
    const length = this.#length();
    if (length === 'more') return false;
    if (this.#mode === 'unknown') this.#mode = length === null ? 'lines' : 'octets';
    return length === null ? this.#line() : this.#octets(length);
  }

  /** The length that stands at the start, with its own size; null when none does. */
  #length(): { size: number; bytes: number } | null | 'more' {
    const { bytes, start, end } = this.#window;
    let value = 0;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] ?? 0;
      if (byte === SPACE && at > start) return { size: at - start + 1, bytes: value };
      const isDigit = byte >= ZERO && byte <= NINE;
      if (!isDigit || (byte === ZERO && at === start) || at - start >= LENGTH_DIGITS) return null;
      value = value * 10 + (byte - ZERO);
    }
    return 'more';
  }

  #octets(length: { size: number; bytes: number }): boolean {
    const { bytes, start, size } = this.#window;
    if (length.bytes > BELIEVABLE_BYTES) return this.#line();
    const from = start + length.size;
    if (length.bytes > this.#limitBytes) {
      const head = headOf(bytes, from, Math.min(from + length.bytes, this.#window.end));
      this.#passing = { head, bytes: 0, left: length.bytes };
      this.#window.start = from;
      return true;
    }
    if (size < length.size + length.bytes) return false;
    this.#sink.frame(bytes.subarray(from, from + length.bytes));
    this.#window.start = from + length.bytes;
    return true;
  }

  #line(): boolean {
    const { bytes, start, end } = this.#window;
    const to = endOfLine(bytes, start + this.#scanned, end);
    if (to < 0) {
      this.#scanned = end - start;
      if (this.#scanned <= this.#limitBytes) return false;
      const head = headOf(bytes, start, end);
      this.#passing = { head, bytes: this.#scanned, left: null };
      this.#window.start = end;
      this.#scanned = 0;
      return false;
    }
    this.#scanned = 0;
    this.#window.start = to + 1;
    if (to - start > this.#limitBytes) this.#sink.fault(this.#tooLong(headOf(bytes, start, to), to - start));
    else this.#sink.frame(bytes.subarray(start, bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to));
    return true;
  }

  #pass(passing: Passing): boolean {
    const { bytes, start, end, size } = this.#window;
    if (size === 0 && passing.left !== 0) return false;
    if (passing.left !== null) {
      const passed = Math.min(size, passing.left);
      passing.bytes += passed;
      passing.left -= passed;
      this.#window.start += passed;
      if (passing.left > 0) return false;
    } else {
      const to = endOfLine(bytes, start, end);
      passing.bytes += (to < 0 ? end : to) - start;
      this.#window.start = to < 0 ? end : to + 1;
      if (to < 0) return false;
    }
    this.#endPassing();
    return true;
  }

  #endPassing(): void {
    if (this.#passing !== null) this.#sink.fault(this.#tooLong(this.#passing.head, this.#passing.bytes));
    this.#passing = null;
  }

  #tooLong(head: Uint8Array, bytes: number): RecordFault {
    return fault(
      'too_long',
      `it is longer than ${Math.floor(this.#limitBytes / 1024)} KiB, and only its beginning is kept`,
      head,
      bytes,
    );
  }
}

/** What stands between messages: ends of lines, and the NULs that some senders end messages with. */
function isBetween(byte: number | undefined): boolean {
  return byte === NEWLINE || byte === CARRIAGE_RETURN || byte === NUL;
}

function endOfLine(bytes: Buffer, from: number, end: number): number {
  const newline = bytes.indexOf(NEWLINE, from);
  const to = newline < 0 || newline >= end ? end : newline;
  const nul = bytes.subarray(from, to).indexOf(NUL);
  if (nul >= 0) return from + nul;
  return to === end ? -1 : to;
}

/** A copy of the beginning, so that the rest may be let go. */
function headOf(bytes: Buffer, from: number, to: number): Uint8Array {
  return Uint8Array.from(bytes.subarray(from, Math.min(to, from + SHOWN_BYTES)));
}

function fault(reason: 'too_long' | 'truncated', message: string, head: Uint8Array, bytes: number): RecordFault {
  return { kind: 'fault', reason, message, line: 1, column: null, text: faultText(head), bytes };
}

import { findEnvelopeList } from '../records/envelope.ts';
import { JsonScan } from '../records/json-scan.ts';

/** Which bytes of a piece are whole records, and where the next piece begins. */
export interface Cut {
  from: number;
  to: number;
  /** 0 when nothing can be taken yet. */
  next: number;
  /** Containers open around the list whose elements the records are; null outside of a list. */
  around: readonly number[] | null;
}

const NUL = 0;
const NEWLINE = 10;
const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const RECORD_SEPARATOR = 0x1e;
/** An object that is still open after this much may be an envelope around many records. */
const ENVELOPE_CHECK_BYTES = 256 * 1024;
/** A row of a table that is longer has a quotation mark that nobody closed. */
const MAX_ROW_BYTES = 1024 * 1024;

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 13 || byte === NEWLINE;
}

/** Steps over what may stand between records. NUL bytes at the very end may yet be written over: they stay. */
function skipBetween(bytes: Buffer, from: number): number {
  let nuls = -1;
  let at = from;
  for (; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === NUL) {
      if (nuls < 0) nuls = at;
    } else if (isBlank(byte) || byte === COMMA || byte === RECORD_SEPARATOR) nuls = -1;
    else return at;
  }
  return nuls < 0 ? at : nuls;
}

/**
 * Cuts JSON and lines of text, beginning at the start of a record. Lists and large envelopes are entered, so that their
 * elements come out one after another. With `isFinal` nothing more comes and what is left counts as it is.
 */
export function cutRecords(bytes: Buffer, around: readonly number[] | null, isFinal: boolean): Cut {
  const from = skipBetween(bytes, 0);
  const first = bytes[from];
  const waits: Cut = { from, to: from, next: isFinal && first !== NUL ? bytes.length : from, around };
  if (first === undefined || first === NUL) return waits;
  if (around !== null && first === CLOSE_ARRAY) return closeList(bytes, from, around) ?? waits;
  if (around === null && first === OPEN_ARRAY) {
    const opened = openList(bytes, from, isFinal);
    if (opened !== 'no') return opened === 'wait' ? waits : opened;
  }
  let to = from;
  let next = from;
  for (let at = from; at < bytes.length; ) {
    const end = recordEnd(bytes, at, isFinal);
    if (end < 0) break;
    to = end;
    at = skipBetween(bytes, end);
    next = at;
    const byte = bytes[at];
    if (byte === NUL || byte === OPEN_ARRAY || (around !== null && byte === CLOSE_ARRAY)) break;
  }
  if (to > from) return { from, to, next, around };
  if (around === null && first === OPEN_OBJECT && bytes.length - from > ENVELOPE_CHECK_BYTES) {
    const list = findEnvelopeList(bytes, from, bytes.length);
    // A record may hold such a list, too: an envelope has little before it.
    if (list !== null && list.at - from < ENVELOPE_CHECK_BYTES) {
      return { from: list.at, to: list.at, next: list.at, around: list.open };
    }
  }
  return waits;
}

/** A list of records that does not end within these bytes is entered; every other is a record like any. */
function openList(bytes: Buffer, from: number, isFinal: boolean): Cut | 'no' | 'wait' {
  let next = from + 1;
  while (next < bytes.length && isBlank(bytes[next])) next++;
  if (next === bytes.length) return isFinal ? 'no' : 'wait';
  if (bytes[next] !== OPEN_OBJECT) return 'no';
  if (new JsonScan(true).scan(bytes, from, bytes.length, from) === 'end') return 'no';
  return { from: next, to: next, next, around: [] };
}

/** Null while the rest of the envelope has not come. */
function closeList(bytes: Buffer, at: number, around: readonly number[]): Cut | null {
  const from = at + 1;
  if (around.length === 0) return { from, to: from, next: from, around: null };
  const scan = new JsonScan(false, around);
  if (scan.scan(bytes, from, bytes.length, from) !== 'end') return null;
  return { from: scan.at, to: scan.at, next: scan.at, around: null };
}

/** Offset behind the record that starts here; -1 when its end has not come. */
function recordEnd(bytes: Buffer, at: number, isFinal: boolean): number {
  const first = bytes[at];
  const newline = bytes.indexOf(NEWLINE, at);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    if (newline >= 0) return newline + 1;
    return isFinal ? bytes.length : -1;
  }
  if (newline >= 0 && isSurelyWhole(bytes, first, newline)) return newline + 1;
  const scan = new JsonScan(true);
  const outcome = scan.scan(bytes, at, bytes.length, at);
  if (outcome === 'end') return scan.at;
  // The next line cannot go on with this record, so that what came is all there will be of it.
  if (outcome === 'broken') return at + scan.lineStart;
  return isFinal ? bytes.length : -1;
}

/** The usual line: it ends with the bracket that it began with, and so does nothing that the next line could go on with. */
function isSurelyWhole(bytes: Buffer, first: number, newline: number): boolean {
  let last = newline - 1;
  while (isBlank(bytes[last])) last--;
  if (bytes[last] === COMMA) last--;
  const closer = first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY;
  return bytes[last] === closer && bytes[newline + 1] === first;
}

/** Cuts rows of CSV, whose quoted cells may hold line breaks. Begins at the start of a row. */
export function cutCsv(bytes: Buffer, delimiter: number, isFinal: boolean): Cut {
  let to = 0;
  let isQuoted = false;
  let isAtCellStart = true;
  for (let at = 0; at < bytes.length && bytes[at] !== NUL; at++) {
    const byte = bytes[at];
    if (isQuoted) {
      if (byte !== QUOTE) continue;
      if (bytes[at + 1] === QUOTE) at++;
      else isQuoted = false;
    } else if (byte === QUOTE && isAtCellStart) {
      isQuoted = true;
      isAtCellStart = false;
    } else if (byte === NEWLINE) {
      to = at + 1;
      isAtCellStart = true;
    } else isAtCellStart = byte === delimiter;
  }
  if (isFinal) to = bytes.length;
  else if (to === 0 && bytes.length > MAX_ROW_BYTES) to = bytes.indexOf(NEWLINE) + 1;
  return { from: 0, to, next: to, around: null };
}

/** Cuts lines, each a row by itself. */
export function cutLines(bytes: Buffer, isFinal: boolean): Cut {
  const to = isFinal ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
  return { from: 0, to, next: to, around: null };
}

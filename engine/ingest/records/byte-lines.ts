import { FAULT_TEXT_BYTES } from './raw-record.ts';

const NEWLINE = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Space, tab or carriage return: what may stand before a record on its line. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9 || byte === 13;
}

/** Without the blanks and line breaks at its end. */
export function trimEnd(bytes: Buffer): Buffer {
  let to = bytes.length;
  while (to > 0 && isBlank(bytes[to - 1] === NEWLINE ? 32 : bytes[to - 1])) to--;
  return bytes.subarray(0, to);
}

/** A copy of the beginning, as much as a dead letter shows: the rest may then be let go. */
export function headOf(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes.subarray(0, FAULT_TEXT_BYTES));
}

/** Offset of the first later line that starts with a brace at this indentation; -1 when there is none. */
export function lineThatStarts(text: Buffer, indent: number): number {
  for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) {
    let first = at + 1;
    while (isBlank(text[first])) first++;
    if (first - at - 1 === indent && text[first] === OPEN_OBJECT) return at + 1;
  }
  return -1;
}

/** Whether brackets and quotes that opened between the two offsets are closed again. */
export function isBalanced(bytes: Uint8Array, from: number, to: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (inString) {
      if (byte === 92) index++;
      else if (byte === 34) inString = false;
    } else if (byte === 34) inString = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
  }
  return depth <= 0 && !inString;
}

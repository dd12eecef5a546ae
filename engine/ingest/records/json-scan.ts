const QUOTE = 34;
const BACKSLASH = 92;
const NEWLINE = 10;
const SPACE = 32;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Containers deeper than this are counted, but no longer told apart. */
const STACK_SIZE = 256;

export type ScanOutcome = 'more' | 'end' | 'broken';

/**
 * Finds where a JSON value ends without parsing it, across any number of chunks. It does not check the value; but at
 * each line break it looks whether the next line can go on with the value at all. A record that was cut off
 * is so told from one that is printed over several lines, and the records after it are not swallowed.
 */
export class JsonScan {
  depth = 0;
  deepest = 0;
  /** Line breaks passed so far. */
  lines = 0;
  /** Offset of the byte after the last line break, relative to the `base` of the last call. */
  lineStart = -1;
  private inString = false;
  private isEscaped = false;
  private isAfterNewline = false;
  private last = 0;
  private readonly checksLines: boolean;
  private readonly stack = new Uint8Array(STACK_SIZE);

  constructor(checksLines: boolean, openContainers: readonly number[] = []) {
    this.checksLines = checksLines;
    for (const container of openContainers) this.open(container);
  }

  /**
   * Reads bytes[from..to). `end` and `broken` leave in `at` the offset behind the value, or of the byte that cannot be.
   * With `more` the next call goes on where this one stopped.
   */
  at = 0;
  scan(bytes: Uint8Array, from: number, to: number, base: number): ScanOutcome {
    for (let index = from; index < to; index++) {
      const byte = bytes[index] ?? 0;
      if (this.inString) {
        if (!this.inStringStep(byte)) continue;
        if (this.checksLines) return this.stop('broken', index + 1, base);
        this.inString = false;
      }
      if (byte <= SPACE) {
        if (byte === NEWLINE) {
          this.lines++;
          this.lineStart = index + 1 - base;
          this.isAfterNewline = true;
        }
        continue;
      }
      if (this.isAfterNewline) {
        this.isAfterNewline = false;
        // Deeper than any record may be: to look on would cost each line that may start a record the whole rest again.
        const isHopeless = this.depth >= STACK_SIZE || !this.canFollow(byte);
        if (this.checksLines && isHopeless) return this.stop('broken', index, base);
      }
      this.last = byte;
      if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.open(byte);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        this.depth--;
        if (this.depth <= 0) return this.stop('end', index + 1, base);
      }
    }
    return 'more';
  }

  /** True at a line break within a string, which JSON does not allow. */
  private inStringStep(byte: number): boolean {
    if (byte === NEWLINE) {
      this.isEscaped = false;
      this.last = 0;
      return true;
    }
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) {
      this.inString = false;
      this.last = QUOTE;
    }
    return false;
  }

  private stop(outcome: 'end' | 'broken', at: number, base: number): ScanOutcome {
    this.at = at;
    if (outcome === 'broken' && this.inString) {
      this.lines++;
      this.lineStart = at - base;
    }
    return outcome;
  }

  private open(byte: number): void {
    if (this.depth < STACK_SIZE) this.stack[this.depth] = byte;
    this.depth++;
    if (this.depth > this.deepest) this.deepest = this.depth;
  }

  /** Whether `byte` may come after the last byte that was no space, by the grammar of JSON. */
  private canFollow(byte: number): boolean {
    const isCloser = byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;
    const isMark = isCloser || byte === COMMA || byte === COLON;
    const isInObject = this.depth <= STACK_SIZE && this.stack[this.depth - 1] === OPEN_OBJECT;
    if (this.last === OPEN_OBJECT) return byte === QUOTE || byte === CLOSE_OBJECT;
    if (this.last === OPEN_ARRAY) return !isMark || byte === CLOSE_ARRAY;
    if (this.last === COMMA) return isInObject ? byte === QUOTE : !isMark;
    if (this.last === COLON) return !isMark;
    return isMark;
  }
}

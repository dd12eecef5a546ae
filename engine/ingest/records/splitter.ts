import { isAscii } from 'node:buffer';
import { JsonScan } from './json-scan.ts';
import type { RawRecord, ReadOptions } from './raw-record.ts';
import { nuls, other } from './split-other.ts';
import { passing, seeking } from './split-passed.ts';
import { record } from './split-record.ts';
import { SplitState } from './split-state.ts';

const NEWLINE = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const COMMA = 44;
const RECORD_SEPARATOR = 0x1e;

/**
 * Splits plain UTF-8 into records: lines, one array, objects printed over several lines, or one envelope around a
 * list. Every state can stop at any byte and go on with the next chunk. What is no record becomes a fault, and
 * reading goes on at the next line that can start one.
 */
export class RecordSplitter {
  readonly #state: SplitState;

  constructor(options: ReadOptions = {}) {
    this.#state = new SplitState(options);
  }

  /** Line of the next byte. */
  get atLine(): number {
    return this.#state.line;
  }

  /** Bytes that are held because their record has not ended. */
  get heldBytes(): number {
    return this.#state.window.size;
  }

  /**
   * The records that end in this chunk, each read when it is asked for. To be read to its end before more bytes come.
   */
  *split(chunk: Uint8Array): Generator<RawRecord> {
    const split = this.#state;
    if (split.window.size === 0) split.isAsciiSoFar = isAscii(chunk);
    else split.isAsciiSoFar = split.isAsciiSoFar && isAscii(chunk);
    split.window.append(chunk);
    for (let goesOn = true; goesOn; ) {
      goesOn = step(split);
      if (split.found.length > 0) yield* taken(split);
    }
  }

  /** All records that end in this chunk at once. */
  push(chunk: Uint8Array): RawRecord[] {
    return [...this.split(chunk)];
  }

  /** Nothing more comes: what is left is a record or was cut off. */
  finish(): RawRecord[] {
    const split = this.#state;
    split.isFinal = true;
    while (step(split)) {}
    return taken(split);
  }
}

function taken(split: SplitState): RawRecord[] {
  const { found } = split;
  split.found = [];
  return found;
}

/** One move of the machine; false when it needs more bytes or is done. */
function step(split: SplitState): boolean {
  switch (split.state) {
    case 'between':
      return between(split);
    case 'record':
      return record(split);
    case 'other':
      return other(split);
    case 'nuls':
      return nuls(split);
    case 'passing':
      return passing(split);
    case 'seeking':
      return seeking(split);
    case 'tail':
      return tail(split);
  }
}

/** Steps over what stands between records and decides what comes next. */
function between(split: SplitState): boolean {
  const { window } = split;
  const { bytes } = window;
  while (window.start < window.end) {
    const byte = bytes[window.start] ?? 0;
    if (byte === NEWLINE) {
      split.line++;
      split.indent = 0;
    } else if (byte === 32 || byte === 9 || byte === 13) {
      if (split.indent >= 0) split.indent++;
    } else if (byte === COMMA || byte === RECORD_SEPARATOR) {
      split.indent = -1;
    } else if (byte === OPEN_OBJECT) {
      return beginRecord(split);
    } else if (byte === OPEN_ARRAY && !split.isInArray) {
      if (!beginArray(split)) return split.state !== 'between';
    } else if (byte === CLOSE_ARRAY && split.isInArray) {
      split.isInArray = false;
      split.indent = -1;
      if (split.around.length > 0) {
        window.start++;
        return beginTail(split);
      }
    } else if (byte === 0) {
      split.indent = -1;
      split.state = 'nuls';
      return true;
    } else {
      return beginOther(split);
    }
    window.start++;
  }
  if (split.isFinal && split.isInArray) endOpenArray(split);
  return false;
}

function endOpenArray(split: SplitState): void {
  split.isInArray = false;
  split.found.push({
    kind: 'fault',
    reason: 'truncated',
    message: `the list that starts on line ${split.arrayLine} is not closed: the end of the file is missing`,
    line: split.line,
    column: null,
    text: '',
    bytes: 0,
  });
}

/** A list of records starts with an object or is empty; every other list is one record of the wrong kind. */
function beginArray(split: SplitState): boolean {
  const { window } = split;
  let next = window.start + 1;
  while (next < window.end && (window.bytes[next] ?? 0) <= 32) next++;
  if (next === window.end && !split.isFinal) return false;
  const byte = window.bytes[next];
  if (byte !== OPEN_OBJECT && byte !== CLOSE_ARRAY) {
    beginOther(split);
    return false;
  }
  split.isInArray = true;
  split.arrayLine = split.line;
  split.around = [];
  split.indent = -1;
  return true;
}

function beginRecord(split: SplitState): boolean {
  split.state = 'record';
  // Top-level objects start lines; within a list their indentation has to be seen to be known.
  split.recordIndent = split.isInArray ? split.indent : Math.max(0, split.indent);
  if (!split.isScanFresh) split.scan = new JsonScan(true);
  split.isScanFresh = true;
  split.scanned = 0;
  // Behind another record on its line it is not alone there, and each try would read the rest of the line in vain.
  split.triedLine = split.isInArray || split.indent < 0;
  split.triedEnvelope = split.isInArray;
  split.newlineFrom = 0;
  return true;
}

function beginOther(split: SplitState): boolean {
  split.state = 'other';
  split.scanned = 0;
  return true;
}

function beginTail(split: SplitState): boolean {
  split.state = 'tail';
  split.scan = new JsonScan(false, split.around);
  split.isScanFresh = false;
  split.around = [];
  return true;
}

/** The rest of an envelope behind its list. */
function tail(split: SplitState): boolean {
  const { window } = split;
  const outcome = split.scan.scan(window.bytes, window.start, window.end, window.start);
  split.use(outcome === 'more' ? window.end : split.scan.at);
  if (outcome !== 'more') split.state = 'between';
  else if (split.isFinal) endOpenArray(split);
  if (outcome === 'more' && split.isFinal) split.state = 'between';
  return outcome !== 'more';
}

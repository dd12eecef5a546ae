import { trimEnd } from './byte-lines.ts';
import { ByteWindow } from './byte-window.ts';
import { JsonScan } from './json-scan.ts';
import { type BadText, faultOf, parseRecord } from './json-text.ts';
import { DEFAULT_MAX_DEPTH, DEFAULT_MAX_RECORD_BYTES, type RawRecord, type ReadOptions } from './raw-record.ts';

const NEWLINE = 10;

/** A piece that is being passed over without being kept: its beginning and how long it is. */
export interface Dropped {
  head: Uint8Array;
  bytes: number;
  line: number;
  fault: BadText;
}

/** Where the splitting of some text stands, between any two bytes, and what each of its moves does. */
export class SplitState {
  readonly window: ByteWindow;
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  readonly takesText: boolean;
  found: RawRecord[] = [];
  state: 'between' | 'record' | 'other' | 'nuls' | 'passing' | 'seeking' | 'tail' = 'between';
  isFinal = false;
  isInArray = false;
  arrayLine = 0;
  /** Containers open around the list of an envelope. */
  around: readonly number[] = [];
  /** Line of the byte at window.start. */
  line = 1;
  /** Spaces since the last line break; -1 once something else stands there. */
  indent = 0;
  recordIndent = 0;
  isAsciiSoFar = true;

  scan = new JsonScan(true);
  /** Most records are read by their line alone, and a scan is made only for the next that needs one. */
  isScanFresh = true;
  scanned = 0;
  triedLine = false;
  triedEnvelope = false;
  newlineFrom = 0;
  dropped: Dropped | null = null;
  isMidLine = false;
  nulCount = 0;

  constructor(options: ReadOptions) {
    this.maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    this.maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.takesText = options.takesText ?? false;
    this.window = new ByteWindow(options.isTransient);
  }

  /** Counts the lines of what is used up and moves on. */
  use(to: number): void {
    const { window } = this;
    this.indent = -1;
    // Looked for in what is used up alone: behind it there may be much without a line break.
    const used = window.bytes.subarray(window.start, to);
    for (let at = used.indexOf(NEWLINE); at >= 0; at = used.indexOf(NEWLINE, at + 1)) {
      this.line++;
      if (at === used.length - 1) this.indent = 0;
    }
    window.start = to;
  }

  pushFault(to: number, fault: BadText): void {
    const { window } = this;
    this.found.push(faultOf(trimEnd(window.bytes.subarray(window.start, to)), fault, this.line));
    this.use(to);
    this.state = 'between';
  }

  pushDropped(): void {
    const { dropped } = this;
    this.dropped = null;
    this.state = 'between';
    if (dropped === null) return;
    const fault = faultOf(trimEnd(Buffer.from(dropped.head)), dropped.fault, dropped.line);
    this.found.push({ ...fault, bytes: dropped.bytes });
  }

  limitFault(length: number): BadText | null {
    if (length > this.maxRecordBytes) return this.tooLong();
    if (this.scan.deepest <= this.maxDepth) return null;
    return { reason: 'too_deep', message: `it is nested deeper than ${this.maxDepth} levels`, position: null };
  }

  tooLong(): BadText {
    const mib = this.maxRecordBytes / 1024 / 1024;
    const message = `it is longer than ${mib < 1 ? `${this.maxRecordBytes} bytes` : `${mib} MiB`}`;
    return { reason: 'too_long', message, position: null };
  }

  explain(text: Buffer): BadText {
    const parsed = parseRecord(text, 0, text.length, this.maxDepth, false);
    if ('value' in parsed)
      return { reason: 'invalid_json', message: 'it is followed by what is no JSON', position: null };
    return parsed;
  }
}

import { isAscii } from 'node:buffer';
import type { JsonObject } from '../../../shared/model/json.ts';
import { recordsWithin } from './answer.ts';
import { headOf, isBalanced, isBlank, lineThatStarts, trimEnd } from './byte-lines.ts';
import { ByteWindow } from './byte-window.ts';
import { findEnvelopeList, isEnvelope } from './envelope.ts';
import { JsonScan } from './json-scan.ts';
import { type BadText, faultOf, parseRecord } from './json-text.ts';
import {
  DEFAULT_MAX_DEPTH,
  DEFAULT_MAX_RECORD_BYTES,
  FAULT_TEXT_BYTES,
  type RawRecord,
  type ReadOptions,
} from './raw-record.ts';
import { textRecord } from './text-record.ts';

const NEWLINE = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const COMMA = 44;
const RECORD_SEPARATOR = 0x1e;
/** An object that is still open after this much may be an envelope around many records. */
const ENVELOPE_CHECK_BYTES = 256 * 1024;

/** A piece that is being passed over without being kept: its beginning and how long it is. */
interface Dropped {
  head: Uint8Array;
  bytes: number;
  line: number;
  fault: BadText;
}

/**
 * Splits plain UTF-8 into records: lines, one array, objects printed over several lines, or one envelope around a
 * list. Every state can stop at any byte and go on with the next chunk. What is no record becomes a fault, and
 * reading goes on at the next line that can start one.
 */
export class RecordSplitter {
  private readonly window: ByteWindow;
  private readonly maxRecordBytes: number;
  private readonly maxDepth: number;
  private readonly takesText: boolean;
  private found: RawRecord[] = [];
  private state: 'between' | 'record' | 'other' | 'nuls' | 'passing' | 'seeking' | 'tail' = 'between';
  private isFinal = false;
  private isInArray = false;
  private arrayLine = 0;
  /** Containers open around the list of an envelope. */
  private around: readonly number[] = [];
  /** Line of the byte at window.start. */
  private line = 1;
  /** Spaces since the last line break; -1 once something else stands there. */
  private indent = 0;
  private recordIndent = 0;
  private isAsciiSoFar = true;

  private scan = new JsonScan(true);
  /** Most records are read by their line alone, and a scan is made only for the next that needs one. */
  private isScanFresh = true;
  private scanned = 0;
  private triedLine = false;
  private triedEnvelope = false;
  private newlineFrom = 0;
  private dropped: Dropped | null = null;
  private isMidLine = false;
  private nulCount = 0;

  constructor(options: ReadOptions = {}) {
    this.maxRecordBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    this.maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.takesText = options.takesText ?? false;
    this.window = new ByteWindow(options.isTransient);
  }

  /** Line of the next byte. */
  get atLine(): number {
    return this.line;
  }

  /** Bytes that are held because their record has not ended. */
  get heldBytes(): number {
    return this.window.size;
  }

  /**
   * The records that end in this chunk, each read when it is asked for. To be read to its end before more bytes come.
   */
  *split(chunk: Uint8Array): Generator<RawRecord> {
    if (this.window.size === 0) this.isAsciiSoFar = isAscii(chunk);
    else this.isAsciiSoFar = this.isAsciiSoFar && isAscii(chunk);
    this.window.append(chunk);
    for (let goesOn = true; goesOn; ) {
      goesOn = this.step();
      if (this.found.length > 0) yield* this.taken();
    }
  }

  /** All records that end in this chunk at once. */
  push(chunk: Uint8Array): RawRecord[] {
    return [...this.split(chunk)];
  }

  /** Nothing more comes: what is left is a record or was cut off. */
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

  /** One move of the machine; false when it needs more bytes or is done. */
  private step(): boolean {
    switch (this.state) {
      case 'between':
        return this.between();
      case 'record':
        return this.record();
      case 'other':
        return this.other();
      case 'nuls':
        return this.nuls();
      case 'passing':
        return this.passing();
      case 'seeking':
        return this.seeking();
      case 'tail':
        return this.tail();
    }
  }

  /** Steps over what stands between records and decides what comes next. */
  private between(): boolean {
    const { window } = this;
    const { bytes } = window;
    while (window.start < window.end) {
      const byte = bytes[window.start] ?? 0;
      if (byte === NEWLINE) {
        this.line++;
        this.indent = 0;
      } else if (byte === 32 || byte === 9 || byte === 13) {
        if (this.indent >= 0) this.indent++;
      } else if (byte === COMMA || byte === RECORD_SEPARATOR) {
        this.indent = -1;
      } else if (byte === OPEN_OBJECT) {
        return this.beginRecord();
      } else if (byte === OPEN_ARRAY && !this.isInArray) {
        if (!this.beginArray()) return this.state !== 'between';
      } else if (byte === CLOSE_ARRAY && this.isInArray) {
        this.isInArray = false;
        this.indent = -1;
        if (this.around.length > 0) {
          window.start++;
          return this.beginTail();
        }
      } else if (byte === 0) {
        this.indent = -1;
        this.state = 'nuls';
        return true;
      } else {
        return this.beginOther();
      }
      window.start++;
    }
    if (this.isFinal && this.isInArray) this.endOpenArray();
    return false;
  }

  private endOpenArray(): void {
    this.isInArray = false;
    this.found.push({
      kind: 'fault',
      reason: 'truncated',
      message: `the list that starts on line ${this.arrayLine} is not closed: the end of the file is missing`,
      line: this.line,
      column: null,
      text: '',
      bytes: 0,
    });
  }

  /** A list of records starts with an object or is empty; every other list is one record of the wrong kind. */
  private beginArray(): boolean {
    const { window } = this;
    let next = window.start + 1;
    while (next < window.end && (window.bytes[next] ?? 0) <= 32) next++;
    if (next === window.end && !this.isFinal) return false;
    const byte = window.bytes[next];
    if (byte !== OPEN_OBJECT && byte !== CLOSE_ARRAY) {
      this.beginOther();
      return false;
    }
    this.isInArray = true;
    this.arrayLine = this.line;
    this.around = [];
    this.indent = -1;
    return true;
  }

  private beginRecord(): boolean {
    this.state = 'record';
    // Top-level objects start lines; within a list their indentation has to be seen to be known.
    this.recordIndent = this.isInArray ? this.indent : Math.max(0, this.indent);
    if (!this.isScanFresh) this.scan = new JsonScan(true);
    this.isScanFresh = true;
    this.scanned = 0;
    // Behind another record on its line it is not alone there, and each try would read the rest of the line in vain.
    this.triedLine = this.isInArray || this.indent < 0;
    this.triedEnvelope = this.isInArray;
    this.newlineFrom = 0;
    return true;
  }

  private beginOther(): boolean {
    this.state = 'other';
    this.scanned = 0;
    return true;
  }

  private beginTail(): boolean {
    this.state = 'tail';
    this.scan = new JsonScan(false, this.around);
    this.isScanFresh = false;
    this.around = [];
    return true;
  }

  private record(): boolean {
    if (!this.triedLine) {
      const tried = this.tryLine();
      if (tried !== 'no') return tried === 'read';
    }
    return this.scanRecord();
  }

  /** The common case: the rest of the line is the record. */
  private tryLine(): 'read' | 'wait' | 'no' {
    const { window } = this;
    const { bytes, start, end } = window;
    let newline = bytes.indexOf(NEWLINE, start + this.newlineFrom);
    if (newline >= end) newline = -1;
    if (newline < 0 && !this.isFinal) {
      this.newlineFrom = end - start;
      if (end - start <= ENVELOPE_CHECK_BYTES) return 'wait';
      this.triedLine = true;
      return 'no';
    }
    this.triedLine = true;
    let to = newline < 0 ? end : newline;
    while (to > start && (bytes[to - 1] ?? 0) <= 32) to--;
    if (bytes[to - 1] !== CLOSE_OBJECT || to - start > this.maxRecordBytes) return 'no';
    const parsed = parseRecord(bytes, start, to, this.maxDepth, this.isAsciiSoFar);
    if (!('value' in parsed)) return 'no';
    if (isEnvelope(parsed.value) && this.enterEnvelope()) return 'read';
    this.pushRecord(parsed.value, bytes.subarray(start, to));
    window.start = newline < 0 ? end : newline + 1;
    if (newline >= 0) this.line++;
    this.indent = 0;
    this.state = 'between';
    return 'read';
  }

  /** Goes into the list of an envelope, whose elements are then read one by one. */
  private enterEnvelope(): boolean {
    this.triedEnvelope = true;
    const { window } = this;
    const list = findEnvelopeList(window.bytes, window.start, window.end);
    if (list === null) return false;
    this.arrayLine = this.line;
    this.use(list.at);
    this.isInArray = true;
    this.around = list.open;
    this.state = 'between';
    return true;
  }

  /** Counts the lines of what is used up and moves on. */
  private use(to: number): void {
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

  /** The general case: by structure, over lines and chunks. */
  private scanRecord(): boolean {
    const { window } = this;
    this.isScanFresh = false;
    const outcome = this.scan.scan(window.bytes, window.start + this.scanned, window.end, window.start);
    if (outcome === 'end') return this.endRecord(this.scan.at);
    if (outcome === 'broken') return this.breakRecord(this.scan.at);
    this.scanned = window.size;
    if (!this.triedEnvelope && window.size > ENVELOPE_CHECK_BYTES && this.enterLargeEnvelope()) return true;
    if (this.isFinal) return this.cutRecord();
    if (window.size > this.maxRecordBytes) this.passOver();
    return this.state !== 'record';
  }

  private enterLargeEnvelope(): boolean {
    const { window } = this;
    const list = findEnvelopeList(window.bytes, window.start, window.end);
    this.triedEnvelope = window.size > ENVELOPE_CHECK_BYTES * 4;
    // A record may hold such a list, too: an envelope has little before it.
    return list !== null && list.at - window.start < ENVELOPE_CHECK_BYTES && this.enterEnvelope();
  }

  private endRecord(to: number): boolean {
    const { window } = this;
    const fault = this.limitFault(to - window.start);
    const parsed = fault ?? parseRecord(window.bytes, window.start, to, this.maxDepth, this.isAsciiSoFar);
    if (!('value' in parsed)) return this.failRecord(to, parsed);
    if (!this.triedEnvelope && isEnvelope(parsed.value) && this.enterEnvelope()) return true;
    this.pushRecord(parsed.value, window.bytes.subarray(window.start, to));
    this.use(to);
    this.state = 'between';
    return true;
  }

  /** An object that is the answer to a question about many is not a record itself. */
  private pushRecord(value: JsonObject, bytes: Buffer): void {
    const { line } = this;
    const within = recordsWithin(value, bytes, this.maxDepth, this.isInArray);
    if (within === null) {
      this.found.push({ kind: 'record', value, bytes, line });
      return;
    }
    let lines = 0;
    let counted = 0;
    for (const inner of within.sort((a, b) => a.at - b.at)) {
      for (; counted < inner.at; counted++) if (bytes[counted] === NEWLINE) lines++;
      this.found.push({ kind: 'record', value: inner.value, bytes: inner.bytes, line: line + lines });
    }
  }

  private limitFault(length: number): BadText | null {
    if (length > this.maxRecordBytes) return this.tooLong();
    if (this.scan.deepest <= this.maxDepth) return null;
    return { reason: 'too_deep', message: `it is nested deeper than ${this.maxDepth} levels`, position: null };
  }

  /** What was taken for one record may be a broken line and the good ones behind it: reading goes on at the first of those. */
  private failRecord(to: number, fault: BadText): boolean {
    const { window } = this;
    const text = window.bytes.subarray(window.start, to);
    const next = this.scan.lines > 0 && this.recordIndent >= 0 ? lineThatStarts(text, this.recordIndent) : -1;
    if (next < 0) this.pushFault(to, fault);
    else this.pushFault(window.start + next, this.limitFault(next) ?? this.explain(text.subarray(0, next)));
    return true;
  }

  private tooLong(): BadText {
    const mib = this.maxRecordBytes / 1024 / 1024;
    const message = `it is longer than ${mib < 1 ? `${this.maxRecordBytes} bytes` : `${mib} MiB`}`;
    return { reason: 'too_long', message, position: null };
  }

  private pushFault(to: number, fault: BadText): void {
    const { window } = this;
    this.found.push(faultOf(trimEnd(window.bytes.subarray(window.start, to)), fault, this.line));
    this.use(to);
    this.state = 'between';
  }

  /**
   * The next line cannot go on with this record. A record of one line is that line; a longer one
   * ends at the next start, if it is known how starts are indented.
   */
  private breakRecord(at: number): boolean {
    const { window, scan } = this;
    const next = window.start + scan.lineStart;
    const text = window.bytes.subarray(window.start, Math.min(at, next));
    const inner = scan.lines > 1 && this.recordIndent >= 0 ? lineThatStarts(text, this.recordIndent) : -1;
    if (inner >= 0 || scan.lines <= 1 || this.recordIndent < 0) {
      const to = inner >= 0 ? window.start + inner : next;
      this.pushFault(to, this.limitFault(0) ?? this.explain(window.bytes.subarray(window.start, to)));
      return true;
    }
    this.dropped = { head: headOf(text), bytes: text.byteLength, line: this.line, fault: this.explain(text) };
    this.use(next);
    this.isMidLine = false;
    this.state = 'seeking';
    return true;
  }

  private explain(text: Buffer): BadText {
    const parsed = parseRecord(text, 0, text.length, this.maxDepth, false);
    if ('value' in parsed)
      return { reason: 'invalid_json', message: 'it is followed by what is no JSON', position: null };
    return parsed;
  }

  /** The file ends within a record. If a later line of it could start one, reading goes on there. */
  private cutRecord(): boolean {
    const { window } = this;
    const message = 'it is cut off: the end of the record is missing';
    const position = window.bytes.toString('utf8', window.start, window.end).length;
    return this.failRecord(window.end, this.limitFault(0) ?? { reason: 'truncated', message, position });
  }

  private passOver(): void {
    const { window } = this;
    if (this.scan.lines > 0 && this.recordIndent >= 0) {
      const text = window.bytes.subarray(window.start, window.end);
      const next = lineThatStarts(text, this.recordIndent);
      if (next >= 0) {
        this.pushFault(window.start + next, this.explain(text.subarray(0, next)));
        return;
      }
    }
    this.dropped = {
      head: headOf(window.bytes.subarray(window.start, window.end)),
      bytes: window.size,
      line: this.line,
      fault: this.tooLong(),
    };
    this.line += this.scan.lines;
    window.start = window.end;
    this.state = 'passing';
  }

  /** Goes on to the end of a record that is too long, keeping nothing of it. */
  private passing(): boolean {
    const { window, scan } = this;
    const linesBefore = scan.lines;
    const from = window.start;
    const outcome = scan.scan(window.bytes, from, window.end, from);
    this.line += scan.lines - linesBefore;
    if (outcome === 'more') {
      if (this.dropped !== null) this.dropped.bytes += window.end - from;
      window.start = window.end;
      if (this.isFinal) this.pushDropped();
      return false;
    }
    const to = outcome === 'end' ? scan.at : Math.max(from, from + scan.lineStart);
    if (this.dropped !== null) this.dropped.bytes += to - from;
    window.start = to;
    this.indent = outcome === 'end' ? -1 : 0;
    this.pushDropped();
    return true;
  }

  private pushDropped(): void {
    const { dropped } = this;
    this.dropped = null;
    this.state = 'between';
    if (dropped === null) return;
    const fault = faultOf(trimEnd(Buffer.from(dropped.head)), dropped.fault, dropped.line);
    this.found.push({ ...fault, bytes: dropped.bytes });
  }

  /** Line by line to the next one that is indented as records are and starts with a brace (or ends the list). */
  private seeking(): boolean {
    const { window } = this;
    while (window.start < window.end) {
      if (!this.isMidLine) {
        let first = window.start;
        while (first < window.end && isBlank(window.bytes[first])) first++;
        if (first === window.end && !this.isFinal) return false;
        const byte = window.bytes[first];
        const indent = first - window.start;
        const isStart = byte === OPEN_OBJECT && indent === this.recordIndent;
        if (isStart || (this.isInArray && byte === CLOSE_ARRAY && indent < Math.max(1, this.recordIndent))) {
          this.indent = 0;
          this.pushDropped();
          return true;
        }
      }
      const newline = window.bytes.indexOf(NEWLINE, window.start);
      const to = newline < 0 || newline >= window.end ? window.end : newline + 1;
      if (this.dropped !== null) this.dropped.bytes += to - window.start;
      this.isMidLine = to === window.end && newline !== window.end - 1;
      if (!this.isMidLine) this.line++;
      window.start = to;
    }
    if (!this.isFinal) return false;
    this.pushDropped();
    return true;
  }

  /** Something that starts like no record: up to the end of its line, or of its place in the list. */
  private other(): boolean {
    const { window } = this;
    const { bytes, start, end } = window;
    let to = -1;
    for (let index = start + this.scanned; index < end && to < 0; index++) {
      const byte = bytes[index];
      if (byte === NEWLINE) to = index;
      else if (this.isInArray && (byte === COMMA || byte === CLOSE_ARRAY) && index > start) {
        if (isBalanced(bytes, start, index)) to = index;
      }
    }
    this.scanned = end - start;
    if (to < 0 && !this.isFinal) {
      if (window.size <= this.maxRecordBytes) return false;
      this.scan = new JsonScan(true);
      this.isScanFresh = true;
      this.dropped = { head: headOf(bytes.subarray(start, end)), bytes: 0, line: this.line, fault: this.tooLong() };
      this.isMidLine = true;
      this.recordIndent = Math.max(0, this.indent);
      this.state = 'seeking';
      return true;
    }
    this.endOther(to < 0 ? end : to);
    return true;
  }

  /** A line that is an alert in a text format is a record; every other is a fault. */
  private endOther(to: number): void {
    const { window } = this;
    const text = trimEnd(window.bytes.subarray(window.start, to));
    const value = this.isInArray ? null : (textRecord(text, this.maxDepth) ?? this.asLine(text));
    if (value === null) {
      this.pushFault(to, this.explain(window.bytes.subarray(window.start, to)));
      return;
    }
    this.found.push({ kind: 'record', value, bytes: text, line: this.line });
    this.use(to);
    this.state = 'between';
  }

  private asLine(text: Buffer): JsonObject | null {
    return this.takesText && text.length > 0 ? { line: text.toString('utf8') } : null;
  }

  /** A program that was killed leaves NULs where it had reserved room; the record behind them is whole. */
  private nuls(): boolean {
    const { window } = this;
    while (window.start < window.end && window.bytes[window.start] === 0) {
      window.start++;
      this.nulCount++;
    }
    if (window.start === window.end && !this.isFinal) return false;
    const message = `${this.nulCount} NUL bytes, as a program leaves them that was stopped while writing`;
    const shown = Buffer.alloc(Math.min(this.nulCount, FAULT_TEXT_BYTES));
    const fault = faultOf(shown, { reason: 'invalid_json', message, position: 0 }, this.line);
    this.found.push({ ...fault, bytes: this.nulCount });
    this.nulCount = 0;
    this.state = 'between';
    return true;
  }

  /** The rest of an envelope behind its list. */
  private tail(): boolean {
    const { window } = this;
    const outcome = this.scan.scan(window.bytes, window.start, window.end, window.start);
    this.use(outcome === 'more' ? window.end : this.scan.at);
    if (outcome !== 'more') this.state = 'between';
    else if (this.isFinal) this.endOpenArray();
    if (outcome === 'more' && this.isFinal) this.state = 'between';
    return outcome !== 'more';
  }
}

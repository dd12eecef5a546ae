import type { Clock } from '../ports.ts';
import type { Classified } from './pipeline-classify.ts';
import { containerOf } from './records/container.ts';
import type { RawRecord, RecordBatch, RecordFault } from './records/raw-record.ts';
import { RecordSplitter } from './records/splitter.ts';
import { TableSplitter } from './records/table-splitter.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Frames of a live source: each is read by itself, so that nothing in one can spoil what another holds. */
export interface Frames {
  bytes: Uint8Array;
  /** Where each frame ends in `bytes`; each begins where the one before ended. */
  ends: Uint32Array;
  /** What was found to be no record before it could become a frame, such as a message without an end. */
  faults?: readonly RecordFault[];
}

/** The records of frames, read when they are asked for. `takesText` makes a line of any text a record `{ line }`. */
export function recordsOfFrames(frames: Frames, takesText: boolean): RecordBatch {
  return {
    byteLength: frames.bytes.byteLength,
    *[Symbol.iterator]() {
      const { bytes, ends, faults = [] } = frames;
      let from = 0;
      for (const end of ends) {
        yield* recordsOfFrame(Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from), takesText);
        from = end;
      }
      yield* faults;
    },
  };
}

function* recordsOfFrame(frame: Buffer, takesText: boolean): Generator<RawRecord> {
  const text = trimmed(frame);
  if (text.length === 0) return;
  yield* split(text, takesText);
}

function* split(text: Buffer, takesText: boolean): Generator<RawRecord> {
  // A table is a head and rows: one line is never one, whatever it looks like.
  const container = text.includes(NEWLINE) ? containerOf(text, true) : 'records';
  const splitter =
    container === null || container === 'records'
      ? new RecordSplitter({ takesText })
      : new TableSplitter(container, {});
  yield* splitter.split(text);
  yield* splitter.finish();
}

function trimmed(frame: Buffer): Buffer {
  const from = BYTE_ORDER_MARK.every((byte, i) => frame[i] === byte) ? BYTE_ORDER_MARK.length : 0;
  let to = frame.length;
  while (to > from && (frame[to - 1] === NEWLINE || frame[to - 1] === CARRIAGE_RETURN)) to -= 1;
  return frame.subarray(from, to);
}

const HOUR_MS = 3_600_000;
/** Lines of a source that are kept as dead letters in an hour, for people to see what it sends. */
const SAMPLES_PER_HOUR = 5;
const ORDINARY_LINE =
  'An ordinary log line, with no alert in it. Lines like it are passed over and counted; the first few of each hour are kept here. To take every line as an alert, set the format of the source to syslog.';

/**
 * Passes over the lines of a source that hold no alert. A device that logs everything would bury what could not be read
 * under what was never meant to be.
 */
export class OrdinaryLines {
  readonly #clock: Clock;
  readonly #kept = new Map<number, { hour: number; count: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  judge(sourceId: number, record: RawRecord, classified: Classified): Classified {
    if (classified.kind !== 'rejected' || classified.format !== null || !isLine(record)) return classified;
    if (!this.#isSample(sourceId)) return { kind: 'skipped', format: null };
    return { ...classified, fault: { ...classified.fault, message: ORDINARY_LINE } };
  }

  #isSample(sourceId: number): boolean {
    const hour = Math.floor(this.#clock.nowMs() / HOUR_MS);
    const known = this.#kept.get(sourceId);
    const count = known?.hour === hour ? known.count : 0;
    this.#kept.set(sourceId, { hour, count: count + 1 });
    return count < SAMPLES_PER_HOUR;
  }
}

function isLine(record: RawRecord): boolean {
  return record.kind === 'record' && Object.keys(record.value).length === 1 && typeof record.value.line === 'string';
}

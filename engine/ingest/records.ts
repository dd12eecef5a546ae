import { containerOf } from './records/container.ts';
import { isFault, plainUtf8 } from './records/encodings.ts';
import type { RawRecord, ReadOptions, RecordBatch } from './records/raw-record.ts';
import { RecordSplitter } from './records/splitter.ts';
import { TableSplitter } from './records/table-splitter.ts';

export type { RawRecord, ReadOptions, RecordBatch, RecordFault } from './records/raw-record.ts';

/** Of one piece at most, so that a source that gives much at once is not taken for one slice. */
const PIECE_BYTES = 1024 * 1024;

/**
 * The records that end in one piece of a source, read out of it one by one as they are asked for. Batches must be read
 * to their end and in their order, but a later one may be taken before an earlier one is read.
 */
class LazyBatch implements Iterable<RawRecord> {
  readonly byteLength: number;
  readonly #read: () => Iterator<RawRecord>;

  constructor(byteLength: number, read: () => Iterator<RawRecord>) {
    this.byteLength = byteLength;
    this.#read = read;
  }

  [Symbol.iterator](): Iterator<RawRecord> {
    return this.#read();
  }
}

type Splitter = RecordSplitter | TableSplitter;

/** The splitter for a source that starts with these bytes; null while more of them are needed to tell. */
function splitterFor(head: Buffer, isWhole: boolean, options: ReadOptions): Splitter | null {
  const container = containerOf(head, isWhole);
  if (container === null) return null;
  return container === 'records' ? new RecordSplitter(options) : new TableSplitter(container, options);
}

/**
 * Reads records out of bytes as they come: gzip, a byte order mark, UTF-16, lines, arrays, printed objects, envelopes,
 * tables (CSV, Zeek) and lines of text are told by content. Nothing in the bytes makes it throw: what cannot be read is
 * a fault among the records. Holds one unfinished record (16 MiB at most) and the batches that were taken and not read.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<RecordBatch> {
  let splitter: Splitter | null = null;
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of plainUtf8(chunks)) {
    if (isFault(piece)) {
      splitter ??= splitterFor(head, true, options);
      yield* splitAll(splitter, head, true);
      yield new LazyBatch(0, () => [{ ...piece, line: splitter?.atLine ?? 1 }].values());
      return;
    }
    if (splitter !== null) {
      yield* splitAll(splitter, piece, false);
      continue;
    }
    const isFirst = head.length === 0 && !options.isTransient;
    head = isFirst ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([head, piece]);
    splitter = splitterFor(head, false, options);
    if (splitter === null) continue;
    yield* splitAll(splitter, head, false);
    head = Buffer.alloc(0);
  }
  yield* splitAll(splitter ?? splitterFor(head, true, options), head, true);
}

/**
 * Reads records out of plain UTF-8 that was cut out of something longer, at the ends of records. Only `head`, the first
 * lines of a table, says that it is one.
 */
export function* readCutRecords(
  bytes: Uint8Array,
  head: Uint8Array | null,
  options: ReadOptions = {},
): Generator<RecordBatch> {
  const kind = head === null ? 'records' : containerOf(Buffer.from(head), true);
  if (head === null || kind === null || kind === 'records')
    return yield* splitAll(new RecordSplitter(options), bytes, true);
  const splitter = new TableSplitter(kind, options);
  yield* splitAll(splitter, head, false);
  yield* splitAll(splitter, bytes, true);
}

function* splitAll(splitter: Splitter | null, bytes: Uint8Array, isLast: boolean): Generator<RecordBatch> {
  if (splitter === null) return;
  for (let from = 0; from < bytes.byteLength; from += PIECE_BYTES) {
    const piece = bytes.subarray(from, from + PIECE_BYTES);
    yield new LazyBatch(piece.byteLength, () => splitter.split(piece));
  }
  if (isLast) yield new LazyBatch(0, () => splitter.finish().values());
}

import { containerOf } from './records/container.ts';
import { isFault, plainUtf8 } from './records/encodings.ts';
import type { RawRecord, ReadOptions } from './records/raw-record.ts';
import { RecordSplitter } from './records/splitter.ts';
import { TableSplitter } from './records/table-splitter.ts';

export type { RawRecord, ReadOptions, RecordFault } from './records/raw-record.ts';

/** Enough for the cost of a batch not to matter, and few enough for it to be held lightly. */
const BATCH_BYTES = 1024 * 1024;
const BATCH_RECORDS = 2000;

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
 * a fault among the records. Holds one unfinished record (16 MiB at most) and one batch, whatever the size of the source.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<RawRecord[]> {
  let splitter: Splitter | null = null;
  let head: Buffer = Buffer.alloc(0);
  for await (const piece of plainUtf8(chunks)) {
    if (isFault(piece)) {
      splitter ??= splitterFor(head, true, options);
      yield* splitAll(splitter, head, true);
      yield [{ ...piece, line: splitter?.atLine ?? 1 }];
      return;
    }
    if (splitter !== null) {
      yield* splitAll(splitter, piece, false);
      continue;
    }
    head =
      head.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([head, piece]);
    splitter = splitterFor(head, false, options);
    if (splitter === null) continue;
    yield* splitAll(splitter, head, false);
    head = Buffer.alloc(0);
  }
  yield* splitAll(splitter ?? splitterFor(head, true, options), head, true);
}

function* splitAll(splitter: Splitter | null, bytes: Uint8Array, isLast: boolean): Generator<RawRecord[]> {
  if (splitter === null) return;
  for (let from = 0; from < bytes.byteLength; from += BATCH_BYTES) {
    yield* batches(splitter.push(bytes.subarray(from, from + BATCH_BYTES)));
  }
  if (isLast) yield* batches(splitter.finish());
}

function* batches(records: RawRecord[]): Generator<RawRecord[]> {
  if (records.length === 0) return;
  if (records.length <= BATCH_RECORDS) {
    yield records;
    return;
  }
  for (let from = 0; from < records.length; from += BATCH_RECORDS) yield records.slice(from, from + BATCH_RECORDS);
}

import { isFault, plainUtf8 } from './records/encodings.ts';
import type { RawRecord, ReadOptions } from './records/raw-record.ts';
import { RecordSplitter } from './records/splitter.ts';

export type { RawRecord, ReadOptions, RecordFault } from './records/raw-record.ts';

/** Enough for the cost of a batch not to matter, and few enough for it to be held lightly. */
const BATCH_BYTES = 1024 * 1024;
const BATCH_RECORDS = 2000;

/**
 * Reads records out of bytes as they come: gzip, a byte order mark, UTF-16, lines, arrays, printed objects and
 * envelopes are told by content. Nothing in the bytes makes it throw: what cannot be read is a fault among the
 * records. Holds one unfinished record (16 MiB at most) and one batch, whatever the size of the source.
 */
export async function* readRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<RawRecord[]> {
  const splitter = new RecordSplitter(options);
  for await (const piece of plainUtf8(chunks)) {
    if (isFault(piece)) {
      yield* batches(splitter.finish());
      yield [{ ...piece, line: splitter.atLine }];
      return;
    }
    for (let from = 0; from < piece.byteLength; from += BATCH_BYTES) {
      yield* batches(splitter.push(piece.subarray(from, from + BATCH_BYTES)));
    }
  }
  yield* batches(splitter.finish());
}

function* batches(records: RawRecord[]): Generator<RawRecord[]> {
  if (records.length === 0) return;
  if (records.length <= BATCH_RECORDS) {
    yield records;
    return;
  }
  for (let from = 0; from < records.length; from += BATCH_RECORDS) yield records.slice(from, from + BATCH_RECORDS);
}

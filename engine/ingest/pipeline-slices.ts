import type { RawRecord } from './records/raw-record.ts';

/** Records and bytes of one transaction when nobody waits. */
const SLICE_RECORDS = 4_000;
const SLICE_BYTES = 8 * 1024 * 1024;
/** Records of one transaction while somebody waits: about 10 ms of work. */
const POLITE_RECORDS = 200;

/** Cuts batches into the records of one transaction each. */
export async function* slices(
  batches: AsyncIterable<RawRecord[]>,
  { yieldToOthers, signal }: { yieldToOthers?(): boolean; signal?: AbortSignal },
): AsyncGenerator<RawRecord[]> {
  let slice: RawRecord[] = [];
  let bytes = 0;
  for await (const batch of batches) {
    for (const record of batch) {
      slice.push(record);
      bytes += record.kind === 'record' ? record.bytes.byteLength : record.text.length;
      const recordsMax = yieldToOthers?.() ? POLITE_RECORDS : SLICE_RECORDS;
      if (slice.length < recordsMax && bytes < SLICE_BYTES) continue;
      yield slice;
      slice = [];
      bytes = 0;
      if (signal?.aborted) return;
    }
  }
  if (slice.length > 0) yield slice;
}

import type { Classified } from './pipeline-classify.ts';
import type { RawRecord } from './records/raw-record.ts';

/** Records and bytes of one transaction when nobody waits. */
const SLICE_RECORDS = 6_000;
const SLICE_BYTES = 16 * 1024 * 1024;
/** Records of one transaction while somebody waits: about 10 ms of work. */
const POLITE_RECORDS = 200;

/**
 * Classifies records as they come and cuts them into the work of one transaction each. Classified at once, so that
 * what a record parsed to need not live until the commit: a slice is then some kilobytes a record less.
 */
export async function* slices(
  batches: AsyncIterable<RawRecord[]>,
  classify: (record: RawRecord) => Classified,
  { yieldToOthers, signal }: { yieldToOthers?(): boolean; signal?: AbortSignal },
): AsyncGenerator<Classified[]> {
  let slice: Classified[] = [];
  let bytes = 0;
  try {
    for await (const batch of batches) {
      for (const record of batch) {
        slice.push(classify(record));
        bytes += record.kind === 'record' ? record.bytes.byteLength : record.text.length;
        const recordsMax = yieldToOthers?.() ? POLITE_RECORDS : SLICE_RECORDS;
        if (slice.length < recordsMax && bytes < SLICE_BYTES) continue;
        yield slice;
        slice = [];
        bytes = 0;
        if (signal?.aborted) return;
      }
    }
  } catch (error) {
    // What was read before the source broke is as good as the rest.
    if (slice.length > 0) yield slice;
    throw error;
  }
  if (slice.length > 0) yield slice;
}

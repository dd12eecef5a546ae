import type { Classified } from './pipeline-classify.ts';
import type { RawRecord } from './records/raw-record.ts';

/** Some records in a row, read or as they came. Those that know how many bytes they lie in may be read only when they are asked for. */
export interface IngestBatch extends Iterable<RawRecord | Classified> {
  readonly byteLength?: number;
  /** Called when nothing of it is needed any more: its bytes may then be written over. */
  release?(): void;
}

/** Records and bytes of one transaction when nobody waits. */
const SLICE_RECORDS = 8_000;
const SLICE_BYTES = 8 * 1024 * 1024;
/** Records and bytes of one transaction while somebody waits: about 10 ms of work. */
const POLITE_RECORDS = 200;
const POLITE_BYTES = 256 * 1024;

export interface SliceOptions {
  /** True while a person waits for the writer. */
  yieldToOthers?(): boolean;
}

/**
 * The records of one source, gathered as bytes and read one by one inside the transaction that stores them: what a
 * record parsed to is then gone before the next collection of garbage, where a slice of thousands of parsed records
 * would be moved and marked again and again.
 */
export class RecordQueue {
  readonly #source: AsyncIterator<IngestBatch>;
  readonly #options: SliceOptions;
  readonly #waiting: IngestBatch[] = [];
  #waitingBytes = 0;
  #current: { batch: IngestBatch; records: Iterator<RawRecord | Classified> } | null = null;
  /** Read to their end by the transaction under way. */
  readonly #done: IngestBatch[] = [];
  #peeked: RawRecord | Classified | null = null;
  #isAtEnd = false;
  #failure: { error: unknown } | null = null;

  constructor(batches: AsyncIterable<IngestBatch>, options: SliceOptions = {}) {
    this.#source = batches[Symbol.asyncIterator]();
    this.#options = options;
  }

  /**
   * Waits until there is enough for one transaction; false when the source has ended. What was read before a source
   * broke is as good as the rest, so its error is thrown after that.
   */
  async fill(): Promise<boolean> {
    for (const batch of this.#done.splice(0)) batch.release?.();
    for (;;) {
      const enough = this.#options.yieldToOthers?.() ? POLITE_BYTES : SLICE_BYTES;
      while (!this.#isAtEnd && this.#waitingBytes < enough) await this.#pull();
      this.#peeked ??= this.#read();
      if (this.#peeked !== null) return true;
      if (!this.#isAtEnd) continue;
      if (this.#failure !== null) throw this.#failure.error;
      return false;
    }
  }

  async #pull(): Promise<void> {
    try {
      const { done, value } = await this.#source.next();
      if (done) this.#isAtEnd = true;
      else {
        this.#waiting.push(value);
        this.#waitingBytes += bytesOf(value);
      }
    } catch (error) {
      this.#isAtEnd = true;
      this.#failure = { error };
    }
  }

  #read(): RawRecord | Classified | null {
    for (;;) {
      if (this.#current === null) {
        const batch = this.#waiting.shift();
        if (batch === undefined) return null;
        this.#waitingBytes -= bytesOf(batch);
        this.#current = { batch, records: batch[Symbol.iterator]() };
      }
      const { batch, records } = this.#current;
      const { done, value } = records.next();
      if (!done) return value;
      this.#done.push(batch);
      this.#current = null;
    }
  }

  /** The records of the next transaction, classified as they are asked for. */
  *slice(classify: (record: RawRecord) => Classified): Generator<Classified> {
    let count = 0;
    for (;;) {
      const record = this.#peeked ?? this.#read();
      this.#peeked = null;
      if (record === null) return;
      yield record.kind === 'record' || record.kind === 'fault' ? classify(record) : record;
      count += 1;
      if (count >= (this.#options.yieldToOthers?.() ? POLITE_RECORDS : SLICE_RECORDS)) return;
    }
  }

  /** Lets the source go when nothing more of it is wanted. */
  async close(): Promise<void> {
    if (!this.#isAtEnd) await this.#source.return?.();
  }
}

/** Records that are there already are counted by what they hold, so that a slice of them is not larger than another. */
function bytesOf(batch: IngestBatch): number {
  if (batch.byteLength !== undefined) return batch.byteLength;
  let bytes = 0;
  for (const record of batch) {
    if (record.kind === 'record' || record.kind === 'alert') bytes += record.bytes.byteLength;
    else if (record.kind === 'fault') bytes += record.text.length;
  }
  return bytes;
}

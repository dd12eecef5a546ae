import { isFault, plainUtf8 } from '../records/encodings.ts';
import type { RawRecord } from '../records/raw-record.ts';
import { readRecords } from '../records.ts';
import { FramePack } from './frame-pack.ts';
import { eventFrame } from './hec-event.ts';
import type { Reservation } from './http-room.ts';

export interface BodyLimits {
  /** Of a body, after decompression. */
  bodyBytes: number;
  /** A longer record becomes a dead letter. */
  recordBytes: number;
  /** A body is stored in pieces of about this size while it comes. */
  sliceBytes: number;
  /** A body that grows more than this when it is unpacked is made to do harm; looked at beyond `ratioFromBytes`. */
  ratio: number;
  ratioFromBytes: number;
}

export const BODY_LIMITS: BodyLimits = {
  bodyBytes: 4 * 1024 ** 3,
  recordBytes: 4 * 1024 * 1024,
  sliceBytes: 1024 * 1024,
  ratio: 250,
  ratioFromBytes: 16 * 1024 * 1024,
};

/** Why the rest of a body is not read. */
export type BodyRefusal = 'too_large' | 'bomb' | 'damaged' | 'busy' | 'ended';

export interface BodyOutcome {
  /** Records that were found and stored, before the refusal where there is one. */
  stored: number;
  /** What could not be read as a record; kept as dead letters. */
  unreadable: number;
  /** Place among the records of the first that is no good, counted from 0, and whether its `event` was only blank. */
  firstBad: { index: number; isBlank: boolean } | null;
  refusal: BodyRefusal | null;
}

export interface BodyParts {
  /** `events` are objects around records, as Splunk's forwarders send them. */
  holds: 'events' | 'records';
  limits: BodyLimits;
  reservation: Reservation;
  /** Resolves when the pack is stored. What it throws ends the reading. */
  store(pack: FramePack): Promise<void>;
}

/**
 * Reads a body as it comes and stores it piece by piece, so that one of any size takes little memory. What was not
 * complete when a sender broke off is left: it was never acknowledged.
 */
export async function storeBody(body: AsyncIterable<Uint8Array>, parts: BodyParts): Promise<BodyOutcome> {
  const { limits, holds, store, reservation } = parts;
  const outcome: BodyOutcome = { stored: 0, unreadable: 0, firstBad: null, refusal: null };
  const plain = new PlainBody(body, limits, reservation);
  let pack = new FramePack();
  const flush = async (): Promise<void> => {
    const full = pack;
    if (full.count === 0) return;
    pack = new FramePack();
    await store(full);
    outcome.stored += full.count;
  };
  const options = { maxRecordBytes: limits.recordBytes, takesText: holds === 'records' };
  for await (const batch of readRecords(plain.pieces(), options)) {
    for (const record of batch) {
      // The end of a body that was broken off looks like a broken record.
      if (plain.refusal !== null && record.kind === 'fault') continue;
      take(record, pack, outcome, holds);
      plain.consumed(pack.weight);
      if (pack.weight >= limits.sliceBytes) await flush();
    }
  }
  outcome.refusal = plain.refusal;
  if (outcome.refusal !== 'ended') await flush();
  return outcome;
}

function take(record: RawRecord, pack: FramePack, outcome: BodyOutcome, holds: 'events' | 'records'): void {
  const index = outcome.stored + pack.count;
  if (record.kind === 'fault') {
    outcome.unreadable += 1;
    outcome.firstBad ??= { index, isBlank: false };
    pack.addFault(record);
    return;
  }
  const frame = holds === 'events' ? eventFrame(record) : record.bytes;
  if (frame === null) outcome.firstBad ??= { index, isBlank: true };
  pack.add(frame ?? record.bytes);
}

/** One byte of gzip may become a thousand: little is unpacked at a time, because many may do so at once. */
const PACKED_STEP_BYTES = 2 * 1024;

/** A body as plain text within its limits. Ends early, and says why, instead of throwing. */
class PlainBody {
  readonly #body: AsyncIterable<Uint8Array>;
  readonly #limits: BodyLimits;
  readonly #reservation: Reservation;
  #inBytes = 0;
  #outBytes = 0;
  #consumedBytes = 0;
  #packBytes = 0;
  refusal: BodyRefusal | null = null;

  constructor(body: AsyncIterable<Uint8Array>, limits: BodyLimits, reservation: Reservation) {
    this.#body = body;
    this.#limits = limits;
    this.#reservation = reservation;
  }

  /** A record was read out of it: what was held for it is free, but for what waits in the pack. */
  consumed(packBytes: number): void {
    this.#consumedBytes = this.#outBytes;
    this.#packBytes = packBytes;
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    for await (const piece of plainUtf8(this.#counted())) {
      this.refusal ??= isFault(piece) ? 'damaged' : this.#judge(piece);
      if (this.refusal !== null || isFault(piece)) return;
      yield piece;
    }
  }

  async *#counted(): AsyncGenerator<Uint8Array> {
    try {
      let isPacked: boolean | null = null;
      for await (const chunk of this.#body) {
        isPacked ??= chunk[0] === 0x1f;
        const step = isPacked ? PACKED_STEP_BYTES : chunk.byteLength;
        for (let from = 0; from < chunk.byteLength; from += step) {
          const piece = chunk.subarray(from, from + step);
          this.#inBytes += piece.byteLength;
          yield piece;
        }
      }
    } catch {
      this.refusal ??= 'ended';
    }
  }

  #judge(piece: Uint8Array): BodyRefusal | null {
    // Packed twice is packed to get around the limits.
    if (this.#outBytes === 0 && piece[0] === 0x1f && piece[1] === 0x8b) return 'bomb';
    this.#outBytes += piece.byteLength;
    if (this.#outBytes > this.#limits.bodyBytes) return 'too_large';
    if (this.#outBytes > this.#limits.ratioFromBytes && this.#outBytes > this.#inBytes * this.#limits.ratio)
      return 'bomb';
    // Of a record that is too long nothing is held beyond the limit.
    const unfinished = Math.min(this.#outBytes - this.#consumedBytes, this.#limits.recordBytes);
    const held = this.#packBytes + unfinished;
    return this.#reservation.reach(held) ? null : 'busy';
  }
}

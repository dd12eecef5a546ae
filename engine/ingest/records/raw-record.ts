import type { REJECT_REASONS } from '../../../shared/model/ingest.ts';
import type { JsonObject } from '../../../shared/model/json.ts';

export type RejectReason = (typeof REJECT_REASONS)[number];

/** One record of a source, or the place where one could not be read. */
export type RawRecord =
  | {
      kind: 'record';
      value: JsonObject;
      /** Exactly the record's own bytes (UTF-8), without what stands between records; a row of a table has its head in front. */
      bytes: Uint8Array;
      /** 1-based line on which it starts, counted after decompression. */
      line: number;
    }
  | RecordFault;

/** Some records in a row. Those that know how many bytes they lie in may be read only when they are asked for. */
export interface RecordBatch extends Iterable<RawRecord> {
  readonly byteLength?: number;
}

export interface RecordFault {
  kind: 'fault';
  reason: RejectReason;
  /** What is wrong and, where there is something to do, what to do. */
  message: string;
  line: number;
  /** 1-based, in characters; null when the fault has no one place. */
  column: number | null;
  /** The unreadable text, cut at 64 KiB; bytes that are no text show as U+FFFD. */
  text: string;
  /** Size of the whole unreadable piece. */
  bytes: number;
}

export interface ReadOptions {
  /** A longer record is a fault and is skipped without being held in memory. */
  maxRecordBytes?: number;
  /** A record nested deeper is a fault. */
  maxDepth?: number;
  /** Makes every line of text a record `{ line }`, also one that holds no alert in a known text format. */
  takesText?: boolean;
  /**
   * Each chunk is good until the next is asked for, and so are the bytes of records: much is then read through little
   * memory. Who asks for it reads each batch before the next and keeps copies.
   */
  isTransient?: boolean;
}

export const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;
export const DEFAULT_MAX_DEPTH = 200;
export const FAULT_TEXT_BYTES = 64 * 1024;

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** The beginning of unreadable bytes as text that every store takes. */
export function faultText(bytes: Uint8Array): string {
  const cut = bytes.length > FAULT_TEXT_BYTES ? bytes.subarray(0, FAULT_TEXT_BYTES) : bytes;
  return lossy.decode(cut).replaceAll('\0', '\u2400');
}

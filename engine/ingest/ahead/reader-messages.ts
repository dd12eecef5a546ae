import type { ErrorCode } from '../../../shared/model/errors.ts';
import type { MappingTexts } from '../formats/index.ts';
import type { TriageFacts } from '../pipeline-input.ts';
import type { PackedBatch } from './packed-batch.ts';

/** What the reading thread is started with. */
export interface ReaderWorkerData {
  /** Formats that the workspace adds. */
  mappings: MappingTexts;
}

/** What the writer tells the reading thread. */
export type ToReader =
  /** Rules and lists that hold from here on. */
  | { kind: 'triage'; generation: number; facts: TriageFacts }
  /** Mapping files that hold from the next batch on, and the number that batches read by them bear. */
  | { kind: 'formats'; catalogue: number; mappings: MappingTexts }
  | { kind: 'read'; path: string; format: string }
  /** One batch more may be sent. */
  | { kind: 'more' }
  /** Memory of a batch that is done with, for another. */
  | { kind: 'spare'; buffer: ArrayBuffer }
  | { kind: 'stop' };

/** An error as it goes between threads. A file that cannot be read is no error but a fault among the records. */
export interface ReaderFault {
  message: string;
  engineCode: ErrorCode | null;
}

export type FromReader =
  | { kind: 'batch'; batch: PackedBatch; bytesRead: number }
  | { kind: 'end' }
  | { kind: 'fault'; fault: ReaderFault };

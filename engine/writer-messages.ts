import type { ErrorCode } from '../shared/model/errors.ts';
import type { IngestReport } from '../shared/model/ingest.ts';
import type { Actor } from './handlers.ts';
import type { Delivery } from './ingest/delivery.ts';
import type { MappingReading } from './ingest/mapping/mapping-files.ts';
import type { IngestRequest } from './writer.ts';
import type { WriterOptions } from './writer-host.ts';

/** What the dispatcher's thread asks of the writer's. Plain JSON both ways, but for the bytes of a delivery. */
export type WriterCall =
  | { call: 'run'; name: string; input: unknown; actor: Actor }
  | { call: 'tick'; nowMs: number }
  | { call: 'ingest'; request: IngestRequest }
  | { call: 'deliver'; delivery: Delivery }
  | { call: 'reloadTriage' }
  | { call: 'takeUpMappings'; reading: MappingReading }
  | { call: 'tidy'; actor: Actor }
  | { call: 'close' };

export type ToWriter = { id: number } & WriterCall;

export interface WireFault {
  /** Null for a bug, which reaches nobody but the log. */
  code: ErrorCode | null;
  message: string;
  stack: string | null;
}

export type FromWriter =
  | { kind: 'ready' }
  | { kind: 'failed'; fault: WireFault }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'fault'; id: number; fault: WireFault }
  | { kind: 'progress'; id: number; bytesRead: number; report: IngestReport }
  | { kind: 'change'; seq: number }
  | { kind: 'log'; level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string };

/** What a writer thread starts with. */
export interface WriterWorkerData {
  options: WriterOptions;
}

import { isDeepStrictEqual } from 'node:util';
import { EngineError } from '../../shared/model/errors.ts';
import type { IngestReport } from '../../shared/model/ingest.ts';
import type { Json } from '../../shared/model/json.ts';
import type { SourceKind } from '../../shared/model/source.ts';
import {
  countDelivery,
  keepCursor,
  type SourceCounts,
  type sourceById,
  type sourceCursor,
} from '../store/live-sources.ts';
import { takesAnyLine } from './formats/syslog.ts';
import { type Frames, type OrdinaryLines, recordsOfFrames } from './frame-records.ts';
import type { Ingest } from './pipeline.ts';
import { Tally } from './pipeline-tally.ts';
import type { RecordBatch } from './records/raw-record.ts';
import { readCutRecords, readRecords } from './records.ts';

/** More in one delivery would hold the writer for too long: sources cut what they read. */
export const DELIVERY_MAX_BYTES = 4 * 1024 * 1024;

/** Bytes with records in them, told by content, or frames that are one record each. */
export type DeliveredBytes =
  | {
      kind: 'text';
      bytes: Uint8Array;
      /** The head of a table (its first lines), when the bytes are rows from further down. */
      head: Uint8Array | null;
      /** Line of the first byte in the file; null where there are no lines to speak of. */
      firstLine: number | null;
      /**
       * True for UTF-8 that was cut out of something longer: then `head` alone says what it is. Its own first bytes may
       * be anybody's, and could pass a whole delivery off as a table or as compressed.
       */
      isCut?: boolean;
    }
  | ({ kind: 'frames' } & Frames);

/** What a live source gives to the writer: stored in one transaction together with how far the source was read. */
export interface Delivery {
  sourceId: number;
  /** Null when there is nothing but news of the source itself. */
  records: DeliveredBytes | null;
  /** Where to go on after a restart, under a name of the source's own; `position` null forgets it. */
  cursors: readonly { name: string; position: Json | null }[];
  /** Records lost since the last delivery, which nobody can send again. */
  dropped: number;
  /** What is wrong with the source, in one sentence; null when it is well again, undefined when nothing is said. */
  problem?: string | null | undefined;
  /**
   * True when the same was delivered before and nobody knows whether it was stored: its cursors tell. So each delivery
   * with records and cursors has one that differs from what was stored before it.
   */
  isAgain?: boolean;
}

/** A delivery without records: news of the source, or a cursor alone. */
export function emptyDelivery(sourceId: number): Delivery {
  return { sourceId, records: null, cursors: [], dropped: 0 };
}

/** Packs frames into one buffer, which crosses to the writer's thread without being copied frame by frame. */
export function packFrames(frames: readonly Uint8Array[]): Extract<DeliveredBytes, { kind: 'frames' }> {
  const ends = new Uint32Array(frames.length);
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.byteLength, 0));
  let at = 0;
  for (const [i, frame] of frames.entries()) {
    bytes.set(frame, at);
    at += frame.byteLength;
    ends[i] = at;
  }
  return { kind: 'frames', bytes, ends };
}

/**
 * The records of a delivery, each read when it is asked for. What cannot be read is a fault among them. `takesText` makes
 * a line of any text a record `{ line }`.
 */
export async function recordsOf(records: DeliveredBytes, takesText = false): Promise<RecordBatch[]> {
  if (records.kind === 'frames') return [recordsOfFrames(records, takesText)];
  if (records.isCut === true) return [...readCutRecords(records.bytes, records.head, { takesText })];
  const chunks = records.head === null ? [records.bytes] : [records.head, records.bytes];
  const batches: RecordBatch[] = [];
  for await (const batch of readRecords(oneByOne(chunks), { takesText })) batches.push(batch);
  return batches;
}

async function* oneByOne(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/**
 * Stores one delivery: all of it with its cursors, or nothing. Throws `not_found` when the source was removed
 * meanwhile, `too_large` for more than fits one transaction. What a source held when it was switched off is stored.
 */
export async function storeDelivery(
  { pipeline, readSource, readCursor, ordinaryLines }: DeliveryParts,
  delivery: Delivery,
): Promise<IngestReport> {
  const source = await readSource(delivery.sourceId);
  if (source === null) throw new EngineError('not_found', 'This source was removed.');
  const { records } = delivery;
  if (records !== null && records.bytes.byteLength > DELIVERY_MAX_BYTES * 8) {
    throw new EngineError('too_large', 'A delivery holds at most 32 MiB.');
  }
  if (delivery.isAgain === true && (await isStored(delivery, readCursor))) return new Tally().report(0);
  return pipeline.ingestWhole(
    records === null ? [] : await recordsOf(records, takesText(source.settings.kind, source.format)),
    {
      origin: source.name,
      site: source.site,
      // News of a source is kept also when its format is what is wrong.
      format: records === null ? 'auto' : source.format,
      firstLine: records?.kind === 'text' ? firstLineOf(records) : null,
      judge: (record, classified) => ordinaryLines.judge(source.id, record, classified),
    },
    async (tx, report, nowMs) => {
      for (const { name, position } of delivery.cursors) await keepCursor(tx, source.id, name, position, nowMs);
      const counts: SourceCounts = report;
      await countDelivery(tx, source.id, { counts, dropped: delivery.dropped, problem: delivery.problem }, nowMs);
    },
  );
}

/** What pushes lines pushes every kind of line. A file or an index was chosen for what it holds, and by its format. */
export function takesText(kind: SourceKind, format: string): boolean {
  return kind === 'syslog' || kind === 'http' || takesAnyLine(format);
}

export interface DeliveryParts {
  pipeline: Pick<Ingest, 'ingestWhole'>;
  readSource(id: number): ReturnType<typeof sourceById>;
  readCursor(sourceId: number, name: string): ReturnType<typeof sourceCursor>;
  ordinaryLines: OrdinaryLines;
}

const NEWLINE = 10;

/** Lines are counted from the head on where one is put in front. */
function firstLineOf({ head, firstLine }: Extract<DeliveredBytes, { kind: 'text' }>): number | null {
  if (head === null || firstLine === null) return firstLine;
  return firstLine - head.reduce((lines, byte) => lines + (byte === NEWLINE ? 1 : 0), 0);
}

/** Cursors are written together with the records: where they stand already, so do the records. */
async function isStored({ sourceId, cursors }: Delivery, readCursor: DeliveryParts['readCursor']): Promise<boolean> {
  for (const { name, position } of cursors) {
    if (!isDeepStrictEqual(await readCursor(sourceId, name), position)) return false;
  }
  return cursors.length > 0;
}

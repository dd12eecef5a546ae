import { stat } from 'node:fs/promises';
import { takesAnyLine } from '../formats/syslog.ts';
import type { IngestBatch } from '../pipeline-slices.ts';
import { readRecords } from '../records.ts';
import { openAlertFile, STANDARD_INPUT } from '../sources/file.ts';
import { type ReadAheadParts, readAhead } from './read-ahead.ts';

/** Starting a thread takes about as long as reading this much without one. */
export const WORTH_A_THREAD_BYTES = 8 * 1024 * 1024;

/** The records of one file; `onBytes` is told how much of it has been read so far. */
export type OpenFile = (
  path: string,
  format: string,
  onBytes: (bytesRead: number) => void,
) => Promise<AsyncIterable<IngestBatch>>;

export interface OpenFilesParts extends Omit<ReadAheadParts, 'workerUrl'> {
  /** Files are read on the caller's own thread without it. */
  readerUrl?: string;
}

/** Reads large files on a thread of their own, and small ones and standard input here. */
export function openFiles({ readerUrl, formats, triage }: OpenFilesParts): OpenFile {
  return async (path, format, onBytes) => {
    if (readerUrl !== undefined && (await sizeOf(path)) >= WORTH_A_THREAD_BYTES) {
      return readAhead({ workerUrl: new URL(readerUrl), formats, triage }, { path, format, onBytes });
    }
    return readRecords(counted(path, onBytes), { takesText: takesAnyLine(format) });
  };
}

async function* counted(path: string, onBytes: (bytesRead: number) => void): AsyncGenerator<Uint8Array> {
  let bytesRead = 0;
  for await (const chunk of openAlertFile(path)) {
    bytesRead += chunk.byteLength;
    onBytes(bytesRead);
    yield chunk;
  }
}

/** 0 for what is no file, or cannot be looked at: reading it says why. */
async function sizeOf(path: string): Promise<number> {
  if (path === STANDARD_INPUT) return 0;
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? found.size : 0;
}

import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../shared/model/errors.ts';
import type { FormatCatalogue } from '../formats/index.ts';
import type { TriageState } from '../pipeline-input.ts';
import type { IngestBatch } from '../pipeline-slices.ts';
import type { FromReader, ReaderFault, ReaderWorkerData, ToReader } from './reader-messages.ts';
import { BatchUnpacker } from './unpacked-batch.ts';

/** Batches on their way, each about a mebibyte: somewhat more than one transaction takes. */
const AHEAD = 12;

export interface ReadAheadParts {
  /** Where the code of the reading thread lies: source, or the bundle that a host made of it. */
  workerUrl: URL;
  /** Looked at before each batch, so that the thread follows when mapping files change. */
  formats: FormatCatalogue;
  /** Asked before each batch, so that the thread follows when rules change. */
  triage(): TriageState;
}

export interface FileToRead {
  path: string;
  /** `auto`, or the name of a format. */
  format: string;
  /** Called with the bytes of the file that have been read for what was given out. */
  onBytes?(bytesRead: number): void;
}

/**
 * Reads one file on a thread of its own, ahead of who stores it: on two processors a file is taken in nearly twice as
 * fast. Rules are asked there too; what they said counts as long as the same rules hold. The thread ends with the file.
 */
export async function* readAhead(parts: ReadAheadParts, file: FileToRead): AsyncGenerator<IngestBatch> {
  // A batch is unpacked by the formats that it was read by, although others may hold by then.
  const catalogues = [parts.formats.now];
  const workerData: ReaderWorkerData = { mappings: parts.formats.now.mappings };
  const worker = new Worker(parts.workerUrl, { workerData });
  const tell = (message: ToReader, transfer: ArrayBuffer[] = []): void => worker.postMessage(message, transfer);
  const giveBack = ({ buffer }: Uint8Array<ArrayBuffer>): void => tell({ kind: 'spare', buffer }, [buffer]);
  const inbox = new Inbox(worker);
  const unpacker = new BatchUnpacker(catalogues);
  let told: number | null = null;
  const tellTriage = (): void => {
    const { ahead } = parts.triage();
    if (ahead === undefined || ahead.generation === told) return;
    tell({ kind: 'triage', generation: ahead.generation, facts: ahead.facts });
    told = ahead.generation;
  };
  const tellFormats = (): void => {
    const newest = parts.formats.now;
    if (newest === catalogues.at(-1)) return;
    tell({ kind: 'formats', catalogue: catalogues.push(newest) - 1, mappings: newest.mappings });
  };
  try {
    tellTriage();
    tell({ kind: 'read', path: file.path, format: file.format });
    for (let sent = 0; sent < AHEAD; sent += 1) tell({ kind: 'more' });
    for (;;) {
      const message = await inbox.next();
      if (message.kind === 'end') return;
      if (message.kind === 'fault') throw errorOf(message.fault);
      tellTriage();
      tellFormats();
      file.onBytes?.(message.bytesRead);
      const { batch } = message;
      yield unpacker.unpack(batch, () => giveBack(batch.bytes));
      tell({ kind: 'more' });
    }
  } finally {
    tell({ kind: 'stop' });
    await worker.terminate();
  }
}

/** Messages of the thread in their order. A thread that dies is a fault. */
class Inbox {
  readonly #waiting: FromReader[] = [];
  #wake: (() => void) | null = null;

  constructor(worker: Worker) {
    const take = (message: FromReader): void => {
      this.#waiting.push(message);
      this.#wake?.();
      this.#wake = null;
    };
    const died = (message: string): void => take({ kind: 'fault', fault: { message, engineCode: 'unavailable' } });
    worker.on('message', take);
    worker.on('error', (error) => died(`The thread that reads the file stopped: ${String(error)}`));
    worker.on('exit', () => died('The thread that reads the file stopped. Take the file in once more.'));
  }

  async next(): Promise<FromReader> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function errorOf({ message, engineCode }: ReaderFault): Error {
  return engineCode === null ? new Error(message) : new EngineError(engineCode, message);
}

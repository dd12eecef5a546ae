import { Worker } from 'node:worker_threads';
import { EngineError } from '../shared/model/errors.ts';
import type { IngestReport } from '../shared/model/ingest.ts';
import type { StorageRun } from '../shared/model/storage.ts';
import type { Actor } from './handlers.ts';
import type { Delivery } from './ingest/delivery.ts';
import type { MappingsTaken } from './ingest/mapping/current-mappings.ts';
import type { MappingReading } from './ingest/mapping/mapping-files.ts';
import type { Log } from './ports.ts';
import { ChangeNews, type IngestProgress, type IngestRequest, type Writer } from './writer.ts';
import type { WriterOptions } from './writer-host.ts';
import type { FromWriter, ToWriter, WireFault, WriterCall, WriterWorkerData } from './writer-messages.ts';

export interface WorkerWriterParts {
  options: WriterOptions;
  /** Where the worker's code lies: source, or the bundle that a host made of it. */
  workerUrl: URL;
  log: Log;
  /** Called after the worker died and another one took its place. */
  onRestart?(): void;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: IngestProgress | undefined;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 10_000;

/**
 * The writer in a thread of its own. When it dies, what it had not answered fails with `unavailable` (a command sent
 * again with its id is answered once), and it is started anew, each time a little later.
 */
export class WorkerWriter implements Writer {
  readonly #parts: WorkerWriterParts;
  readonly #news = new ChangeNews();
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 1;
  #waitMs = FIRST_WAIT_MS;
  #isClosing = false;

  private constructor(parts: WorkerWriterParts) {
    this.#parts = parts;
  }

  /** Starts the worker and waits until it has opened the workspace. Throws what kept it from doing so. */
  static async open(parts: WorkerWriterParts): Promise<WorkerWriter> {
    const writer = new WorkerWriter(parts);
    await writer.#start();
    return writer;
  }

  run(name: string, input: unknown, actor: Actor): Promise<unknown> {
    return this.#call({ call: 'run', name, input, actor });
  }

  async tick(nowMs: number): Promise<void> {
    await this.#call({ call: 'tick', nowMs });
  }

  async ingest(request: IngestRequest, onProgress?: IngestProgress): Promise<IngestReport> {
    return (await this.#call({ call: 'ingest', request }, onProgress)) as IngestReport;
  }

  async deliver(delivery: Delivery): Promise<IngestReport> {
    return (await this.#call({ call: 'deliver', delivery })) as IngestReport;
  }

  async reloadTriage(): Promise<void> {
    await this.#call({ call: 'reloadTriage' });
  }

  async takeUpMappings(reading: MappingReading): Promise<MappingsTaken> {
    return (await this.#call({ call: 'takeUpMappings', reading })) as MappingsTaken;
  }

  async tidy(actor: Actor): Promise<StorageRun> {
    return (await this.#call({ call: 'tidy', actor })) as StorageRun;
  }

  onChange(listener: (seq: number) => void): () => void {
    return this.#news.onChange(listener);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#worker === null) return;
    await this.#call({ call: 'close' });
    await this.#worker?.terminate();
    this.#worker = null;
  }

  #call(call: WriterCall, onProgress?: IngestProgress): Promise<unknown> {
    const worker = this.#worker;
    if (worker === null) return Promise.reject(unavailable());
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      const message: ToWriter = { id, ...call };
      worker.postMessage(message);
    });
  }

  #start(): Promise<void> {
    const workerData: WriterWorkerData = { options: this.#parts.options };
    const worker = new Worker(this.#parts.workerUrl, { workerData });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWriter) => {
        if (message.kind === 'ready') {
          this.#worker = worker;
          this.#waitMs = FIRST_WAIT_MS;
          resolve();
        } else if (message.kind === 'failed') reject(errorOf(message.fault));
        else this.#take(message);
      });
      worker.on('error', (error) => {
        this.#parts.log.error({ error: String(error) }, 'The writer stopped');
        reject(error);
      });
      worker.on('exit', (code) => {
        reject(unavailable());
        if (this.#worker === worker) this.#died(code);
      });
    });
  }

  #take(message: Exclude<FromWriter, { kind: 'ready' } | { kind: 'failed' }>): void {
    switch (message.kind) {
      case 'change':
        this.#news.publish(message.seq);
        return;
      case 'log':
        this.#parts.log[message.level](message.fields, message.message);
        return;
      case 'progress':
        this.#pending.get(message.id)?.onProgress?.(message.bytesRead, message.report);
        return;
      case 'answer':
        this.#pending.get(message.id)?.resolve(message.value);
        this.#pending.delete(message.id);
        return;
      case 'fault':
        this.#pending.get(message.id)?.reject(errorOf(message.fault));
        this.#pending.delete(message.id);
    }
  }

  #died(code: number): void {
    this.#worker = null;
    for (const { reject } of this.#pending.values()) reject(unavailable());
    this.#pending.clear();
    if (this.#isClosing) return;
    this.#parts.log.error({ code }, 'The writer died and is started again');
    this.#restartLater();
  }

  #restartLater(): void {
    const waitMs = this.#waitMs;
    this.#waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    const timer = setTimeout(() => {
      if (this.#isClosing) return;
      this.#start().then(
        () => this.#parts.onRestart?.(),
        (error) => {
          this.#parts.log.error({ error: String(error) }, 'The writer could not be started again');
          this.#restartLater();
        },
      );
    }, waitMs);
    timer.unref();
  }
}

function unavailable(): EngineError {
  return new EngineError('unavailable', 'The engine restarts. What was saved is safe; try again in a moment.');
}

function errorOf(fault: WireFault): Error {
  if (fault.code !== null) return new EngineError(fault.code, fault.message);
  return Object.assign(new Error(fault.message), fault.stack === null ? {} : { stack: fault.stack });
}

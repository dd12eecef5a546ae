import { Worker } from 'node:worker_threads';
import { EngineError, type ErrorCode } from '../../shared/model/errors.ts';
import type { Log } from '../ports.ts';
import type { MakeSampleOptions } from './make-sample.ts';

export type FromSampleWorker =
  | { kind: 'progress'; share: number }
  | { kind: 'log'; level: 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string }
  | { kind: 'made' }
  | { kind: 'failed'; code: ErrorCode | null; message: string };

export interface SampleThread {
  /** Settles when the sample lies in its folder; rejects when it could not be made or was stopped. */
  done: Promise<void>;
  stop(): Promise<void>;
}

/** Makes the sample on a thread of its own. Stopping it leaves only what the next start clears away. */
export function makeSampleOnThread(
  options: MakeSampleOptions,
  workerUrl: URL,
  log: Log,
  onProgress: (share: number) => void,
): SampleThread {
  const worker = new Worker(workerUrl, { workerData: options });
  const done = new Promise<void>((resolve, reject) => {
    worker.on('message', (message: FromSampleWorker) => {
      if (message.kind === 'progress') onProgress(message.share);
      else if (message.kind === 'log') log[message.level](message.fields, message.message);
      else if (message.kind === 'made') resolve();
      else reject(message.code === null ? new Error(message.message) : new EngineError(message.code, message.message));
    });
    worker.on('error', reject);
    worker.on('exit', () => reject(new EngineError('unavailable', 'Making the sample was stopped.')));
  });
  return { done, stop: async () => void (await worker.terminate()) };
}

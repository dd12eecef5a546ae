import { getRandomValues } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { EngineError } from '../../shared/model/errors.ts';
import { type MakeSampleOptions, makeSample } from './make-sample.ts';
import type { FromSampleWorker } from './sample-thread.ts';

/** The thread on which a first start makes the sample, so that the window stays quick meanwhile. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread');
const send = (message: FromSampleWorker): void => port.postMessage(message);
const logAs = (level: 'info' | 'warn' | 'error') => (fields: Record<string, unknown>, message: string) =>
  send({ kind: 'log', level, fields, message });

try {
  await makeSample(
    workerData as MakeSampleOptions,
    {
      log: { info: logAs('info'), warn: logAs('warn'), error: logAs('error') },
      random: { bytes: (length) => getRandomValues(new Uint8Array(length)) },
      secrets: { get: async () => null, set: async () => {} },
    },
    (share) => send({ kind: 'progress', share }),
  );
  send({ kind: 'made' });
} catch (error) {
  const code = error instanceof EngineError ? error.code : null;
  send({ kind: 'failed', code, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

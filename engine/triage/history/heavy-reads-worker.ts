import { parentPort, workerData } from 'node:worker_threads';
import { EngineError } from '../../../shared/model/errors.ts';
import { LiveCatalogue } from '../../ingest/formats/live-catalogue.ts';
import { catalogueOfMappings } from '../../ingest/mapping/mapping-catalogue.ts';
import type { Log } from '../../ports.ts';
import { openStore } from '../../store/open.ts';
import { makeHeavyReads } from './heavy-reads.ts';
import type { FromHeavyReads, HeavyReadsWorkerData, ToHeavyReads } from './heavy-reads-thread.ts';

/** The thread of heavy reads. It has read connections only; its clock is the machine's own. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread');
const send = (message: FromHeavyReads): void => port.postMessage(message);
const logAs = (level: 'info' | 'warn' | 'error') => (fields: Record<string, unknown>, message: string) =>
  send({ kind: 'log', level, fields, message });
const log: Log = { info: logAs('info'), warn: logAs('warn'), error: logAs('error') };
const clock = { nowMs: () => Date.now() };

const { target, resourcesDir, mappings, ownPoliciesDir } = workerData as HeavyReadsWorkerData;
const store = await openStore({ target, log, clock, readOnly: target.kind === 'sqlite' });
const formats = new LiveCatalogue(catalogueOfMappings(mappings));
const reads = makeHeavyReads({ store, clock, log, resourcesDir, formats, ownPoliciesDir });
const stops = new Map<number, AbortController>();

async function answer(message: Extract<ToHeavyReads, { text: string }>): Promise<unknown> {
  if (message.call === 'preview') return reads.preview(message.text);
  const stop = new AbortController();
  stops.set(message.id, stop);
  try {
    return await reads.backtest(
      message.text,
      (share) => send({ kind: 'progress', id: message.id, share }),
      stop.signal,
    );
  } finally {
    stops.delete(message.id);
  }
}

port.on('message', (message: ToHeavyReads) => {
  if (message.call === 'stop') {
    stops.get(message.id)?.abort();
    return;
  }
  if (message.call === 'formats') {
    formats.replace(catalogueOfMappings(message.mappings));
    return;
  }
  answer(message).then(
    (value) => send({ kind: 'answer', id: message.id, value }),
    (error: unknown) => {
      const code = error instanceof EngineError ? error.code : null;
      const text = error instanceof Error ? error.message : String(error);
      send({ kind: 'fault', id: message.id, code, message: text });
    },
  );
});

import { getRandomValues } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { EngineError } from '../shared/model/errors.ts';
import type { Log, Ports } from './ports.ts';
import type { Writer } from './writer.ts';
import { openWriter } from './writer-host.ts';
import type { FromWriter, ToWriter, WireFault, WriterWorkerData } from './writer-messages.ts';

/**
 * The thread that owns the only write connection, triage and ingest. Its clock and randomness are the machine's own:
 * a test that holds the world still runs the writer inline.
 */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread');

const send = (message: FromWriter): void => port.postMessage(message);

const log: Log = {
  info: (fields, message) => send({ kind: 'log', level: 'info', fields, message }),
  warn: (fields, message) => send({ kind: 'log', level: 'warn', fields, message }),
  error: (fields, message) => send({ kind: 'log', level: 'error', fields, message }),
};

const ports: Ports = {
  clock: { nowMs: () => Date.now() },
  random: { bytes: (length) => getRandomValues(new Uint8Array(length)) },
  log,
  // Secrets stay with the host's own thread; nothing that writes needs one.
  secrets: { get: async () => null, set: async () => {} },
};

function faultOf(error: unknown): WireFault {
  if (error instanceof EngineError) return { code: error.code, message: error.message, stack: null };
  const message = error instanceof Error ? error.message : String(error);
  return { code: null, message, stack: error instanceof Error ? (error.stack ?? null) : null };
}

function serve(writer: Writer, message: ToWriter): Promise<unknown> {
  switch (message.call) {
    case 'run':
      return writer.run(message.name, message.input, message.actor);
    case 'tick':
      return writer.tick(message.nowMs);
    case 'ingest':
      return writer.ingest(message.request, (bytesRead, report) =>
        send({ kind: 'progress', id: message.id, bytesRead, report }),
      );
    case 'deliver':
      return writer.deliver(message.delivery);
    case 'reloadTriage':
      return writer.reloadTriage();
    case 'takeUpMappings':
      return writer.takeUpMappings(message.reading);
    case 'tidy':
      return writer.tidy(message.actor);
    case 'close':
      return writer.close();
  }
}

async function start(): Promise<void> {
  const { options } = workerData as WriterWorkerData;
  const { writer } = await openWriter(options, ports);
  writer.onChange((seq) => send({ kind: 'change', seq }));
  port?.on('message', (message: ToWriter) => {
    serve(writer, message).then(
      (value) => {
        send({ kind: 'answer', id: message.id, value: value ?? null });
        if (message.call === 'close') port?.close();
      },
      (error) => send({ kind: 'fault', id: message.id, fault: faultOf(error) }),
    );
  });
  send({ kind: 'ready' });
}

start().catch((error) => {
  send({ kind: 'failed', fault: faultOf(error) });
  port.close();
});

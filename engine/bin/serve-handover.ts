import type { Socket } from 'node:net';
import { EngineError } from '../../shared/model/errors.ts';
import type { Log } from '../ports.ts';
import { type EnginePort, serveOnPort } from '../serve/message-port.ts';
import type { Dispatcher } from '../serve/router.ts';
import { type LineChannel, lineChannel } from './line-channel.ts';
import { type HandoverAnswer, type HandoverRequest, handoverRequestSchema, type LocalEngine } from './local-engine.ts';
import { terminalSession } from './terminal-session.ts';

export interface HandoverParts extends Pick<LocalEngine, 'ingest' | 'importList' | 'mintLink'> {
  dispatcher: Dispatcher;
  log: Log;
}

/** At most ten reports of progress a second cross the socket. */
const PROGRESS_EVERY_MS = 100;

/** Takes over the work that a second process on the same folder hands in, one request a connection. */
export function serveHandover(socket: Socket, parts: HandoverParts, nowMs: () => number): void {
  const channel = lineChannel(socket);
  let isGreeted = false;
  channel.onValue((value) => {
    if (isGreeted) return;
    isGreeted = true;
    const request = handoverRequestSchema.safeParse(value);
    if (!request.success) {
      refuse(
        channel,
        new EngineError('unsupported', 'This process does not know that request. Are both of one version?'),
      );
      channel.close();
    } else if (request.data.kind === 'rpc') {
      serveOnPort(parts.dispatcher, portOver(channel), terminalSession(), parts.log);
    } else {
      void answer(channel, request.data, parts, nowMs);
    }
  });
}

function portOver(channel: LineChannel): EnginePort {
  return {
    on(event: 'message' | 'close', listener: (message: unknown) => void) {
      if (event === 'message') channel.onValue(listener);
      else channel.onClose(() => listener(undefined));
    },
    postMessage: (message) => channel.send(message),
    start: () => {},
  };
}

function refuse(channel: LineChannel, thrown: unknown): void {
  const known = thrown instanceof EngineError ? thrown : new EngineError('internal', String(thrown));
  channel.send({ kind: 'refused', code: known.code, message: known.message } satisfies HandoverAnswer);
}

async function answer(
  channel: LineChannel,
  request: Exclude<HandoverRequest, { kind: 'rpc' }>,
  parts: HandoverParts,
  nowMs: () => number,
): Promise<void> {
  let toldAtMs = 0;
  try {
    const value = await run(request, parts, (bytesRead, report) => {
      if (nowMs() - toldAtMs < PROGRESS_EVERY_MS) return;
      toldAtMs = nowMs();
      channel.send({ kind: 'progress', bytesRead, report } satisfies HandoverAnswer);
    });
    channel.send({ kind: 'done', value } satisfies HandoverAnswer);
  } catch (thrown) {
    if (!(thrown instanceof EngineError))
      parts.log.error({ error: String(thrown) }, 'Work that was handed over failed');
    refuse(channel, thrown);
  }
}

function run(
  request: Exclude<HandoverRequest, { kind: 'rpc' }>,
  parts: HandoverParts,
  onProgress: Parameters<LocalEngine['ingest']>[1],
): Promise<unknown> {
  switch (request.kind) {
    case 'ingest':
      return parts.ingest(request.request, onProgress);
    case 'importList':
      return parts.importList(request.list);
    case 'mintLink':
      return parts.mintLink(request.personId);
  }
}

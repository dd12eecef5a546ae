import { createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { EngineError } from '../../../shared/model/errors.ts';
import { FRAME_QUEUE_LIMITS, FrameQueue, type FrameQueueLimits } from './frame-queue.ts';
import { listenOn, tooManySenders } from './listen.ts';
import type { RunningSource, SourceContext } from './live-source.ts';
import { Remarks } from './remarks.ts';
import { SyslogFramer } from './syslog-framing.ts';
import { readTls, watchTls } from './tls-files.ts';

export interface SyslogTcpLimits extends FrameQueueLimits {
  /** A longer message becomes a dead letter. */
  messageBytes: number;
  connections: number;
  /** Of all messages that have not ended, over all connections. */
  unfinishedBytes: number;
  /** How often certificates are looked at. */
  lookEveryMs: number;
}

export const SYSLOG_TCP_LIMITS: SyslogTcpLimits = {
  ...FRAME_QUEUE_LIMITS,
  messageBytes: 1024 * 1024,
  connections: 1_000,
  unfinishedBytes: 64 * 1024 * 1024,
  lookEveryMs: 30_000,
};

/** A sender that went away without a word is noticed by this. */
const KEEP_ALIVE_MS = 60_000;
const HANDSHAKE_MS = 10_000;
const TELL_EVERY_MS = 60_000;

/** Syslog over TCP, with or without TLS. Senders wait (their sockets are not read) while the store is slow. */
export async function listenTcp(
  context: SourceContext<'syslog'>,
  limits: SyslogTcpLimits = SYSLOG_TCP_LIMITS,
): Promise<RunningSource> {
  const { host, port } = context.source.settings;
  const remarks = new Remarks(context.problem);
  const about = (topic: string) => ({ ...context, problem: remarks.about(topic) });
  const { server, afterStart, close } = await makeServer(about('certificate'), limits);
  const connections = new Connections(about('connections'), limits);
  const queue = new FrameQueue(about('records'), () => connections.goOn(), limits);
  connections.queue = queue;
  // Those that have not agreed on TLS yet are connections too.
  server.maxConnections = limits.connections * 2;
  server.on('drop', () => connections.refused());
  const listensOn = await listenOn(server, host, port).catch((error) => {
    close();
    throw error;
  });
  // Such as too many open files: whoever opens many connections must not end the process with it.
  server.on('error', (error) => context.log.warn({ error: String(error) }, 'A connection could not be taken'));
  server.on(context.source.settings.transport === 'tls' ? 'secureConnection' : 'connection', (socket: Socket) =>
    connections.take(socket),
  );
  context.show({ listensOn, connections: 0, behind: 0 });
  afterStart();
  return {
    stop: async () => {
      close();
      server.close();
      connections.close();
      await queue.stop();
    },
  };
}

interface MadeServer {
  server: Server;
  /** To be called once it listens: says what is wrong with the certificate. */
  afterStart(): void;
  close(): void;
}

async function makeServer(context: SourceContext<'syslog'>, limits: SyslogTcpLimits): Promise<MadeServer> {
  const { transport, tls } = context.source.settings;
  const pauseOnConnect = false;
  if (transport !== 'tls') {
    const server = createPlainServer({ pauseOnConnect, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    return { server, afterStart: () => {}, close: () => {} };
  }
  if (tls === null) throw new EngineError('invalid_input', 'Syslog over TLS needs a certificate and its key.');
  const { options, problem } = await readTls(tls, context);
  const server = createTlsServer({
    ...options,
    handshakeTimeout: HANDSHAKE_MS,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  const unready = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    unready.add(socket);
    socket.once('close', () => unready.delete(socket));
  });
  let toldAtMs = Number.NEGATIVE_INFINITY;
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    // Anybody may open connections: the log must not grow with each.
    if (Math.abs(context.clock.nowMs() - toldAtMs) < TELL_EVERY_MS) return;
    toldAtMs = context.clock.nowMs();
    context.log.warn(
      { source: context.source.id, why: error.code ?? error.message },
      'A sender could not agree on TLS',
    );
  });
  const unwatch = watchTls(tls, context, (fresh) => server.setSecureContext(fresh), limits.lookEveryMs);
  return {
    server,
    afterStart: () => {
      if (problem !== null) context.problem(problem);
    },
    close: () => {
      unwatch();
      for (const socket of unready) socket.destroy();
    },
  };
}

/** The open connections of one listener, each with the messages that come over it. */
class Connections {
  readonly #context: SourceContext<'syslog'>;
  readonly #limits: SyslogTcpLimits;
  readonly #open = new Map<Socket, SyslogFramer>();
  /** Those that never sent anything, the oldest first. */
  readonly #silent = new Set<Socket>();
  #unfinished = 0;
  #isRefusing = false;
  queue: FrameQueue | null = null;

  constructor(context: SourceContext<'syslog'>, limits: SyslogTcpLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  take(socket: Socket): void {
    const { queue } = this;
    if (queue === null || !this.#makeRoom(socket)) return;
    const framer = new SyslogFramer(this.#limits.messageBytes, {
      frame: (bytes) => queue.add(bytes),
      fault: (fault) => queue.addFault(fault),
    });
    this.#open.set(socket, framer);
    this.#silent.add(socket);
    this.#show();
    if (queue.isFull) socket.pause();
    socket.on('data', (chunk: Buffer) => this.#read(socket, framer, chunk));
    socket.once('end', () => this.#leave(socket, true));
    // What a reset connection had sent in full is delivered; the close that follows says that it is gone.
    socket.on('error', () => {});
    socket.once('close', () => this.#leave(socket, false));
  }

  /** Somebody who only holds connections gives way to a newcomer, who may be a sender; no sender does. */
  #makeRoom(newcomer: Socket): boolean {
    if (this.#open.size < this.#limits.connections) return true;
    const [silent] = this.#silent;
    if (silent !== undefined) {
      this.#leave(silent, false);
      silent.destroy();
      return true;
    }
    newcomer.on('error', () => {});
    newcomer.destroy();
    this.refused();
    return false;
  }

  #read(socket: Socket, framer: SyslogFramer, chunk: Buffer): void {
    if (!this.#open.has(socket)) return;
    this.#silent.delete(socket);
    const before = framer.heldBytes;
    framer.push(chunk);
    this.#unfinished += framer.heldBytes - before;
    if (this.#unfinished > this.#limits.unfinishedBytes) {
      this.#context.log.warn(
        { source: this.#context.source.id },
        'A sender was cut off: too much was sent without an end',
      );
      socket.destroy();
    } else if (this.queue?.isFull) {
      for (const each of this.#open.keys()) each.pause();
    }
  }

  #leave(socket: Socket, isInOrder: boolean): void {
    const framer = this.#open.get(socket);
    if (framer === undefined) return;
    this.#open.delete(socket);
    this.#silent.delete(socket);
    this.#unfinished -= framer.heldBytes;
    framer.end(isInOrder);
    // Syslog is one way: nothing is said back, and a sender that only closed its half has nothing more to hear.
    if (isInOrder) socket.end();
    this.#show();
    if (this.#isRefusing && this.#open.size < this.#limits.connections / 2) {
      this.#isRefusing = false;
      this.#context.problem(null);
    }
  }

  /** There is room again. */
  goOn(): void {
    for (const socket of this.#open.keys()) socket.resume();
  }

  refused(): void {
    if (this.#isRefusing) return;
    this.#isRefusing = true;
    this.#context.problem(tooManySenders(this.#limits.connections));
  }

  close(): void {
    for (const socket of [...this.#open.keys()]) {
      this.#leave(socket, false);
      socket.destroy();
    }
  }

  #show(): void {
    this.#context.show({ connections: this.#open.size });
  }
}

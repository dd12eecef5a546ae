import {
  createServer as createPlainServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { TlsOptions } from 'node:tls';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Log } from '../../ports.ts';
import { isLoopback } from '../../serve/http/origin-check.ts';
import { type Answer, answer, HEC, plain } from './http-answers.ts';
import { BODY_LIMITS } from './http-body.ts';
import { PACE_LIMITS } from './http-progress.ts';
import { HttpReceiver, type ReceiverLimits } from './http-receiver.ts';
import { Room } from './http-room.ts';
import { ACK, ENDPOINTS, HEALTH, hecRefusal, plainRefusal, targetOf } from './http-routes.ts';
import { tokenOf } from './http-token.ts';
import { listenOn, tooManySenders } from './listen.ts';
import type { SourceContext } from './live-source.ts';
import { Remarks } from './remarks.ts';
import { readTls, watchTls } from './tls-files.ts';

export interface HttpLimits extends ReceiverLimits {
  connections: number;
  /** What all requests of one listener may hold at once. */
  allBytes: number;
  /** Headers must be there after this long. */
  headersMs: number;
  /** A connection over which nothing goes either way for this long is closed: nobody is there, or nobody reads. */
  silentMs: number;
  /** How often slow senders are looked for; a second of `pace` is one look. */
  lookEveryMs: number;
  /** How often changed certificates are looked for. */
  certificateMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  body: BODY_LIMITS,
  pace: PACE_LIMITS,
  sourceBytes: 32 * 1024 * 1024,
  allBytes: 128 * 1024 * 1024,
  connections: 1_000,
  headersMs: 10_000,
  silentMs: 120_000,
  lookEveryMs: 1_000,
  certificateMs: 30_000,
};

const KEEP_ALIVE_MS = 30_000;
const HEADER_BYTES = 16 * 1024;
/** After so many looks it is said how many requests had no valid token. */
const TELL_EVERY_LOOKS = 60;
const GOODBYE_MS = 2_000;

function serverOptions(limits: HttpLimits): ServerOptions {
  return {
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: limits.headersMs,
    // How long a whole body may take goes by how fast it comes.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  };
}

/** One address on which senders push, shared by all sources that are set to it; the token says whose a request is. */
export class HttpListener {
  readonly #server: Server;
  readonly #limits: HttpLimits;
  readonly #receivers = new Set<HttpReceiver>();
  /** How the tokens of sources that went are told, by source. */
  readonly #left = new Map<number, SourceContext['isToken']>();
  readonly #room: Room;
  readonly #timer: NodeJS.Timeout;
  /** Of the address; every source on it says them. */
  readonly #remarks: Remarks;
  #problem: string | null = null;
  #endWatch: () => void = () => {};
  #connections = 0;
  #refused = 0;
  #looks = 0;
  listensOn = '';

  private constructor(server: Server, limits: HttpLimits) {
    this.#server = server;
    this.#limits = limits;
    this.#room = new Room(limits.allBytes);
    this.#remarks = new Remarks((sentence) => {
      this.#problem = sentence;
      for (const { context } of this.#receivers) context.problem(sentence);
    });
    this.#timer = setInterval(() => this.#look(), limits.lookEveryMs);
    this.#timer.unref();
  }

  /** Listens. Throws EngineError for what a person must mend. */
  static async open(context: SourceContext<'http'>, limits: HttpLimits): Promise<HttpListener> {
    const { host, port, tls } = context.source.settings;
    if (tls === null && !isLoopback(host)) {
      throw new EngineError(
        'forbidden',
        `Other machines could reach ${host}, and without TLS anybody between could read the token. Choose a certificate, or listen on 127.0.0.1 behind a proxy that has one.`,
      );
    }
    const options = serverOptions(limits);
    const read = tls === null ? null : await readTls(tls, context);
    const server =
      read === null
        ? createPlainServer(options)
        : createTlsServer({ ...options, ...read.options, handshakeTimeout: limits.headersMs });
    const listener = new HttpListener(server, limits);
    listener.#serve(context.log);
    try {
      listener.listensOn = await listenOn(server, host, port);
    } catch (error) {
      clearInterval(listener.#timer);
      throw error;
    }
    if (tls !== null && read !== null) {
      const about = { ...context, problem: listener.#remarks.about('certificate') };
      about.problem(read.problem);
      const use = (fresh: TlsOptions) => (server as TlsServer).setSecureContext(fresh);
      listener.#endWatch = watchTls(tls, about, use, limits.certificateMs);
    }
    return listener;
  }

  #serve(log: Log): void {
    const server = this.#server;
    server.maxConnections = this.#limits.connections;
    server.maxHeadersCount = 100;
    server.timeout = this.#limits.silentMs;
    const handle = (request: IncomingMessage, response: ServerResponse, goOn: () => void): void => {
      response.on('error', () => {});
      this.#handle(request, response, goOn).catch((error: unknown) => {
        log.error({ error: String(error) }, 'A request could not be answered');
        response.destroy();
      });
    };
    server.on('request', (request, response) => handle(request, response, () => {}));
    server.on('checkContinue', (request, response) => handle(request, response, () => response.writeContinue()));
    server.on('connection', (socket) => {
      this.#connections += 1;
      this.#show();
      socket.once('close', () => {
        this.#connections -= 1;
        this.#show();
        if (this.#connections < this.#limits.connections / 2) this.#remarks.say('connections', null);
      });
    });
    server.on('drop', () => this.#remarks.say('connections', tooManySenders(this.#limits.connections)));
    // Such as too many open files: whoever opens many connections must not end the process with it.
    server.on('error', (error) => log.warn({ error: String(error) }, 'A connection could not be taken'));
    server.on('tlsClientError', (_error, socket) => socket.destroy());
  }

  add(context: SourceContext<'http'>): HttpReceiver {
    const receiver = new HttpReceiver(context, this.#limits, this.#room);
    this.#receivers.add(receiver);
    this.#left.delete(context.source.id);
    context.show({ listensOn: this.listensOn, connections: this.#connections });
    if (this.#problem !== null) context.problem(this.#problem);
    return receiver;
  }

  /** True when nobody uses it any more. */
  async remove(receiver: HttpReceiver): Promise<boolean> {
    await receiver.stop();
    this.#receivers.delete(receiver);
    this.#left.set(receiver.context.source.id, receiver.context.isToken);
    return this.#receivers.size === 0;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#endWatch();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    // Answers that are on their way get there; nobody who does not read them is waited for.
    const timer = setTimeout(() => this.#server.closeAllConnections(), GOODBYE_MS);
    await closed;
    clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse, goOn: () => void): Promise<void> {
    const said = await this.#answerTo(request, goOn);
    if (said === null) request.destroy();
    else answer(request, response, said);
  }

  /** Checks in this order: path, method, token, headers. The body is touched by nothing before. */
  async #answerTo(request: IncomingMessage, goOn: () => void): Promise<Answer | null> {
    const url = targetOf(request);
    const path = url?.pathname.replace(/\/+$/, '') ?? '';
    if (HEALTH.has(path) && (request.method === 'GET' || request.method === 'HEAD')) {
      const isBusy = this.#room.isFull || [...this.#receivers].some((each) => each.isBusy);
      return isBusy ? HEC.unhealthy : HEC.healthy;
    }
    const endpoint = ENDPOINTS.get(path);
    if (url === null || (endpoint === undefined && path !== ACK)) {
      return plain(404, 'There is nothing here. Send alerts to /v1/alerts or /services/collector/event.');
    }
    if (request.method !== 'POST') return plain(405, 'Send it with POST.', { allow: 'POST' });
    const token = tokenOf(request);
    const receiver = token === null || token === 'unreadable' ? null : this.#receiverOf(token);
    if (receiver === null) {
      if (token !== null && this.#isLeft(token)) return HEC.stopping;
      this.#refused += 1;
      return endpoint === 'alerts' ? plainRefusal(token) : hecRefusal(token, url);
    }
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (!['identity', 'gzip', 'x-gzip'].includes(encoding.toLowerCase())) {
      return plain(415, 'A body comes as it is, or packed with gzip.');
    }
    const channel = String(request.headers['x-splunk-request-channel'] ?? url.searchParams.get('channel') ?? '');
    if (channel !== '' && !/^[\w-]{1,64}$/.test(channel)) return HEC.invalidChannel;
    if (endpoint !== undefined) return receiver.receive(request, endpoint, channel === '' ? null : channel, goOn);
    if (channel === '') return HEC.channelMissing;
    goOn();
    return receiver.acknowledge(request, channel);
  }

  /** Every source is asked, so that the time tells nothing. */
  #receiverOf(token: string): HttpReceiver | null {
    const found = [...this.#receivers].filter(({ context }) => context.isToken(token));
    return found[0] ?? null;
  }

  /**
   * Whether the token is of a source that is being started anew, or is off: its sender is to wait, while one that is told
   * that its token is wrong may throw away what it has.
   */
  #isLeft(token: string): boolean {
    return this.#receivers.size === 0 || [...this.#left.values()].filter((isToken) => isToken(token)).length > 0;
  }

  #look(): void {
    for (const receiver of this.#receivers) receiver.tick();
    this.#looks += 1;
    if (this.#looks % TELL_EVERY_LOOKS !== 0 || this.#refused === 0) return;
    const [any] = this.#receivers;
    any?.context.log.warn(
      { listensOn: this.listensOn, requests: this.#refused },
      'Requests came without a valid token',
    );
    this.#refused = 0;
  }

  #show(): void {
    for (const { context } of this.#receivers) context.show({ connections: this.#connections });
  }
}

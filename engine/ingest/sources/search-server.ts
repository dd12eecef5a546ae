import { readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { EngineError } from '../../../shared/model/errors.ts';
import type { SettingsOf } from '../../../shared/model/source.ts';
import type { SourceContext } from './live-source.ts';
import { lookupReachable, refuseNeverAsked } from './reachable-address.ts';

const IDLE_MS = 30_000;
const WHOLE_MS = 180_000;
const LAST_MS = 2_000;
const LAST_BYTES = 1024 * 1024;

/** What a server answered. */
export interface ServerAnswer {
  status: number;
  body: Buffer;
  /** Milliseconds to wait as the server asked; null when it did not. */
  retryAfterMs: number | null;
  /** Set by Elasticsearch since 7.14. */
  product: string | null;
}

/** The answer was larger than the caller takes; nothing of it is kept. */
export class AnswerTooLarge extends Error {}

/** It did not work and may work soon: a cut connection, a server that is busy or starts. */
export class TryLater extends Error {
  readonly waitMs: number | null;

  constructor(sentence: string, waitMs: number | null = null) {
    super(sentence);
    this.name = 'TryLater';
    this.waitMs = waitMs;
  }
}

/** For `call` alone: a connection that was kept open ended before the request reached anybody. */
class StaleConnection extends TryLater {
  constructor() {
    super('The connection ended early.');
  }
}

/** Speaks HTTP with one server. Follows no redirect, so that credentials go nowhere but where they were meant for. */
export class SearchServer {
  readonly #context: SourceContext<'elasticsearch'>;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #ca: Buffer | undefined;

  private constructor(
    context: SourceContext<'elasticsearch'>,
    parts: { base: URL; headers: Readonly<Record<string, string>>; ca: Buffer | undefined },
  ) {
    this.#context = context;
    this.#base = parts.base;
    this.#headers = parts.headers;
    this.#ca = parts.ca;
  }

  /** Throws EngineError for settings that cannot be right. */
  static async open(context: SourceContext<'elasticsearch'>): Promise<SearchServer> {
    const { settings } = context.source;
    const base = new URL(settings.url);
    if (base.protocol !== 'https:' && base.protocol !== 'http:') {
      throw new EngineError('invalid_input', 'The address must begin with https:// or http://.');
    }
    if (base.username !== '' || base.password !== '') {
      throw new EngineError('invalid_input', 'Put the user name and the password into their fields, not the address.');
    }
    refuseNeverAsked(base);
    const headers = { accept: 'application/json', ...authorization(settings, await context.secret()) };
    return new SearchServer(context, { base, headers, ca: await authorityOf(context) });
  }

  /** Where it goes, for sentences. */
  get name(): string {
    return this.#base.host;
  }

  /**
   * Sends one request and reads the answer whole. Throws TryLater for what may pass, AnswerTooLarge beyond `maxBytes`,
   * and EngineError for what a person must mend, such as a certificate that nobody vouches for.
   */
  async call(method: string, path: string, body: string | null, maxBytes: number): Promise<ServerAnswer> {
    const signal = AbortSignal.any([this.#context.signal, AbortSignal.timeout(WHOLE_MS)]);
    try {
      return await this.#callOnce(method, path, body, maxBytes, signal);
    } catch (error) {
      // The server had closed a connection that was kept for the next request: that says nothing of the server.
      if (!(error instanceof StaleConnection)) throw error;
      return this.#callOnce(method, path, body, maxBytes, signal);
    }
  }

  /** The last word to the server, also when the source is about to stop. Never throws. */
  async leave(method: string, path: string, body: string): Promise<void> {
    await this.#callOnce(method, path, body, LAST_BYTES, AbortSignal.timeout(LAST_MS)).catch(() => {});
  }

  #callOnce(
    method: string,
    path: string,
    body: string | null,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<ServerAnswer> {
    // Behind the origin: a path that begins with two slashes would name another host.
    const url = new URL(`${this.#base.origin}${this.#base.pathname.replace(/\/+$/, '')}${path}`);
    const send = url.protocol === 'https:' ? requestTls : requestPlain;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => reject(this.#describe(error));
      let request: ClientRequest;
      try {
        request = send(url, {
          method,
          headers: { ...this.#headers, ...(body === null ? {} : bodyHeaders(body)) },
          ca: this.#ca,
          lookup: lookupReachable,
          timeout: IDLE_MS,
          signal,
        });
      } catch (error) {
        fail(error);
        return;
      }
      request.on('timeout', () => request.destroy(new TryLater(`${this.name} did not answer within 30 seconds.`)));
      request.on('error', (error) => {
        const isStale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        fail(isStale ? new StaleConnection() : error);
      });
      request.on('response', (response) => {
        readAnswer(response, maxBytes, this.#context.clock.nowMs()).then(resolve, (error) => {
          request.destroy();
          fail(error);
        });
      });
      request.end(body ?? undefined);
    });
  }

  #describe(error: unknown): Error {
    const isKnown = [TryLater, AnswerTooLarge, EngineError].some((known) => error instanceof known);
    if (isKnown) return error as Error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code.includes('CERT') || code.includes('SELF_SIGNED') || code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
      const advice = 'Put the certificate of its authority into the tls folder and name it here.';
      return new EngineError('unavailable', `Nobody vouches for the certificate of ${this.name} (${code}). ${advice}`);
    }
    if (code === 'ENOTFOUND') {
      return new TryLater(`The name ${this.#base.hostname} is not known on this network. Check the address.`);
    }
    if (code === 'ECONNREFUSED') {
      return new TryLater(`Nothing listens on ${this.name}. Check address and port, and that it runs.`);
    }
    return new TryLater(`The connection to ${this.name} ended early${code === '' ? '' : ` (${code})`}.`);
  }
}

/** The length by hand: Node sends none with a DELETE. */
function bodyHeaders(body: string): Readonly<Record<string, string>> {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}

function authorization(
  { auth, login }: SettingsOf<'elasticsearch'>,
  secret: string | null,
): Readonly<Record<string, string>> {
  if (auth === 'none') return {};
  if (secret === null) {
    throw new EngineError('invalid_input', 'The key or password of this source is not kept here. Enter it again.');
  }
  if (auth === 'basic') {
    return { authorization: `Basic ${Buffer.from(`${login ?? ''}:${secret}`).toString('base64')}` };
  }
  // A key is shown as `id:key` and, encoded, as what the header takes.
  const key = secret.trim();
  return { authorization: `ApiKey ${key.includes(':') ? Buffer.from(key).toString('base64') : key}` };
}

async function authorityOf(context: SourceContext<'elasticsearch'>): Promise<Buffer | undefined> {
  const { caFile } = context.source.settings;
  if (caFile === null) return undefined;
  const path = context.tlsPath(caFile);
  try {
    return await readFile(path);
  } catch {
    throw new EngineError('invalid_input', `${path} is not there, or may not be read.`);
  }
}

async function readAnswer(response: IncomingMessage, maxBytes: number, nowMs: number): Promise<ServerAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  if (!response.complete) throw new TryLater('The connection ended within the answer.');
  const product = response.headers['x-elastic-product'];
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks),
    retryAfterMs: retryAfter(response.headers['retry-after'], nowMs),
    product: typeof product === 'string' ? product : null,
  };
}

/** RFC 9110, 10.2.3: seconds, or a date. */
export function retryAfter(value: string | undefined, nowMs: number): number | null {
  if (value === undefined) return null;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1_000;
  const atMs = Date.parse(value);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../../shared/model/json.ts';

/** Seconds after which a sender that was told to wait may try again. */
const RETRY_AFTER_SECONDS = '2';
/** Of a body that nobody wants: read to let the answer through, and not for longer. */
const LINGER_BYTES = 1024 * 1024;
const LINGER_MS = 2_000;

export interface Answer {
  status: number;
  body: Json;
  headers?: Readonly<Record<string, string>>;
}

export const RETRY_LATER = { 'retry-after': RETRY_AFTER_SECONDS };
const hec = (status: number, code: number, text: string, headers?: Answer['headers']): Answer => ({
  status,
  body: { text, code },
  ...(headers === undefined ? {} : { headers }),
});

/** Splunk's own codes and words, which its forwarders understand ("Troubleshoot HTTP Event Collector"). */
export const HEC = {
  tokenRequired: hec(401, 2, 'Token is required'),
  invalidAuthorization: hec(401, 3, 'Invalid authorization'),
  invalidToken: hec(403, 4, 'Invalid token'),
  noData: hec(400, 5, 'No data'),
  internal: hec(500, 8, 'Internal server error'),
  busy: hec(503, 9, 'Server is busy', RETRY_LATER),
  channelMissing: hec(400, 10, 'Data channel is missing'),
  invalidChannel: hec(400, 11, 'Invalid data channel'),
  tokenInQuery: hec(400, 16, 'Query string authorization is not enabled'),
  healthy: hec(200, 17, 'HEC is healthy'),
  unhealthy: hec(503, 18, 'HEC is unhealthy, queues are full', RETRY_LATER),
  stopping: hec(503, 23, 'Server is shutting down', RETRY_LATER),
  tooLarge: hec(413, 27, 'Request entity too large'),
} as const;

/** An event is no good: the others are stored, and it is kept as a dead letter. */
export function invalidEvent(index: number, isBlank: boolean): Answer {
  const [code, text] = isBlank ? [13, 'Event field cannot be blank'] : [6, 'Invalid data format'];
  return { status: 400, body: { text, code, 'invalid-event-number': index } };
}

/** Answers in words, for what Splunk has no code for. */
export function plain(status: number, text: string, headers?: Answer['headers']): Answer {
  return { status, body: { text }, ...(headers === undefined ? {} : { headers }) };
}

export const BUSY_TEXT = 'The store is slow at the moment. Send it again.';
export const BUSY = plain(503, BUSY_TEXT, RETRY_LATER);
export const FULL = plain(429, 'Too much of this source waits to be stored. Send it again.', RETRY_LATER);

/** Sends the answer; the connection stays open for the next request only when the body was read to its end. */
export function answer(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const text = `${JSON.stringify(body)}\n`;
  const isRead = request.complete;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
    ...(isRead ? {} : { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? '' : text);
  if (!isRead) discard(request);
}

/**
 * Lets a sender finish what it is sending, a little, so that it gets to read the answer: closing at once would throw the
 * answer away with what is still on its way. Nothing of it is looked at.
 */
function discard(request: IncomingMessage): void {
  let left = LINGER_BYTES;
  const end = (): void => {
    request.destroy();
  };
  const timer = setTimeout(end, LINGER_MS);
  timer.unref();
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.byteLength;
    if (left < 0) end();
  });
  request.on('error', () => {});
  request.once('close', () => clearTimeout(timer));
  request.resume();
}

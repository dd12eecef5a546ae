import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandardOpenAPIHandler } from '@orpc/openapi/standard';
import { BodyLimitPlugin, NodeHttpHandler } from '@orpc/server/node';
import type { CallContext } from '../../handlers.ts';
import { answerAll, createDispatcher, createRouter } from '../router.ts';
import { cookieOf, sessionCookie } from './cookie.ts';
import { BODY_BYTES_MAX, type HttpHostOptions, type RequestRules } from './host-options.ts';
import { openApiDocument } from './openapi.ts';
import { isOwnRequest, lacksOrigin } from './origin-check.ts';
import { NO_SESSION_TEXT, sendPage, sendText, setSecurityHeaders } from './respond.ts';
import { StaticFiles } from './static-files.ts';

/** Answers every plain request of one host: link, session, calls, files; in that order, and nothing else. */
export function createRequestListener({ handlers, ports, rendererDir }: HttpHostOptions, rules: RequestRules) {
  const files = new StaticFiles(rendererDir);
  const limit = () => ({ plugins: [new BodyLimitPlugin<CallContext>({ maxBodySize: BODY_BYTES_MAX })] });
  const rpc = new NodeHttpHandler(createDispatcher(handlers, ports), limit());
  const api = new NodeHttpHandler(
    new StandardOpenAPIHandler<CallContext>(createRouter(handlers, ports), { interceptors: [answerAll(ports)] }),
    limit(),
  );

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const nonce = Buffer.from(ports.random.bytes(16)).toString('base64');
    setSecurityHeaders(response, nonce, rules.scheme === 'https');
    if (!isOwnRequest(request, rules.allowedHosts, rules.scheme)) {
      sendText(response, 403, 'This server does not answer under that name, or to that page.');
      return;
    }
    const url = parseTarget(request.url);
    if (url === null) {
      sendText(response, 400, 'The address is not valid.');
      return;
    }
    const { pathname } = url;
    const token = cookieOf(request.headers.cookie, rules.cookieName);
    const session = rules.access.sessionOf(token);
    const isRead = request.method === 'GET' || request.method === 'HEAD';

    if (pathname === '/' && url.searchParams.has('token') && request.method === 'GET') {
      enter(request, response, url.searchParams.get('token') ?? '', rules, session !== null, nonce);
      return;
    }
    if (pathname === '/session' && isRead) {
      response.statusCode = session === null ? 401 : 204;
      response.end();
      return;
    }
    if (session === null) {
      if (pathname === '/' && isRead) {
        sendPage(response, 401, 'This needs a link', NO_SESSION_TEXT, nonce);
        return;
      }
      sendText(response, 401, 'This needs a session. Open the link that Evenwatch printed.');
      return;
    }
    if (lacksOrigin(request)) {
      sendText(response, 403, 'A call must name the page that it comes from (Origin).');
      return;
    }
    if (pathname.startsWith('/rpc/') || pathname.startsWith('/api/')) {
      if (isRead) {
        sendText(response, 405, 'A call is made with POST.');
        return;
      }
      const prefix = pathname.startsWith('/rpc/') ? '/rpc' : '/api';
      await (prefix === '/rpc' ? rpc : api).handle(request, response, { prefix, context: { session } });
      return;
    }
    if (!isRead) {
      sendText(response, 405, 'Only calls change anything here.');
      return;
    }
    if (pathname === '/openapi.json') {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(await openApiDocument());
      return;
    }
    await files.serve(request, response, pathname, nonce);
  };
}

/** Exchanges a link's token for a session. A page opened again with its old link goes on with the session it has. */
function enter(
  request: IncomingMessage,
  response: ServerResponse,
  linkToken: string,
  { access, cookieName, scheme }: RequestRules,
  hasSession: boolean,
  nonce: string,
): void {
  const address = request.socket.remoteAddress ?? 'unknown';
  if (access.isBlocked(address)) {
    response.setHeader('retry-after', '60');
    sendText(response, 429, 'Too many wrong links from this address. Wait a minute.');
    return;
  }
  const isPrefetch = /prefetch|preview/i.test(
    `${request.headers['sec-purpose'] ?? ''}${request.headers.purpose ?? ''}`,
  );
  const token = isPrefetch ? null : access.redeem(linkToken);
  if (token === null && !hasSession) {
    if (!isPrefetch) access.noteFailure(address);
    sendPage(response, 401, 'This link does not work any more', NO_SESSION_TEXT, nonce);
    return;
  }
  if (token !== null) response.setHeader('set-cookie', sessionCookie(cookieName, token, scheme === 'https'));
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    // Opened from another site, say a web mail: a redirect would come without the strict cookie, a refresh comes with it.
    response.setHeader('refresh', '0;url=/');
    sendPage(response, 200, 'Opening Evenwatch', '<p>One moment.</p>', nonce);
    return;
  }
  response.statusCode = 303;
  response.setHeader('location', '/');
  response.end();
}

/** The address of a request, or null when its path tries to climb or to hide something. */
export function parseTarget(target: string | undefined): URL | null {
  if (target === undefined || !target.startsWith('/') || target.startsWith('//')) return null;
  // The URL parser would quietly climb up for "..": refuse such paths before it sees them.
  const path = target.split('?', 1)[0] ?? '';
  if (/(^|\/)(\.|%2e){1,2}(\/|$)/i.test(path) || /[\\\0]|%00|%2f|%5c/i.test(path)) return null;
  try {
    return new URL(target, 'http://localhost');
  } catch {
    return null;
  }
}

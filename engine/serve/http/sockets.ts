import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WsHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { createDispatcher } from '../router.ts';
import { cookieOf } from './cookie.ts';
import { BODY_BYTES_MAX, type HttpHostOptions, type RequestRules } from './host-options.ts';
import { isOwnRequest } from './origin-check.ts';
import { parseTarget } from './requests.ts';

const SOCKETS_PER_SESSION_MAX = 64;
const PING_EVERY_MS = 30_000;

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Serves the contract over WebSockets: one session each, as its cookie says, and a ping that finds the dead ones. */
export function serveSockets(
  server: Server,
  { handlers, ports }: HttpHostOptions,
  rules: RequestRules,
): { close(): void } {
  const handler = new WsHandler(createDispatcher(handlers, ports));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_BYTES_MAX, perMessageDeflate: false });
  const perSession = new WeakMap<object, number>();
  const alive = new WeakSet<WebSocket>();

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!isOwnRequest(request, rules.allowedHosts, rules.scheme)) {
      refuseUpgrade(socket, '403 Forbidden');
      return;
    }
    if (parseTarget(request.url)?.pathname !== '/rpc') {
      refuseUpgrade(socket, '404 Not Found');
      return;
    }
    const session = rules.access.sessionOf(cookieOf(request.headers.cookie, rules.cookieName));
    if (session === null) {
      refuseUpgrade(socket, '401 Unauthorized');
      return;
    }
    const open = perSession.get(session) ?? 0;
    if (open >= SOCKETS_PER_SESSION_MAX) {
      refuseUpgrade(socket, '429 Too Many Requests');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      perSession.set(session, (perSession.get(session) ?? 0) + 1);
      alive.add(ws);
      ws.on('pong', () => alive.add(ws));
      ws.on('error', (error) => ports.log.warn({ error: String(error) }, 'A connection broke'));
      ws.on('close', () => perSession.set(session, (perSession.get(session) ?? 1) - 1));
      void handler.upgrade(ws, { context: { session } });
    });
  });

  const pinging = setInterval(() => {
    for (const ws of sockets.clients) {
      if (!alive.has(ws)) ws.terminate();
      else {
        alive.delete(ws);
        ws.ping();
      }
    }
  }, PING_EVERY_MS);
  pinging.unref();
  return {
    close() {
      clearInterval(pinging);
      for (const ws of sockets.clients) ws.close(1001, 'The server stops');
      sockets.close();
    },
  };
}

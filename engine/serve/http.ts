import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { EngineError } from '../../shared/model/errors.ts';
import { Access, type LinkHolder } from './http/access.ts';
import type { HttpHostOptions, RequestRules } from './http/host-options.ts';
import { checkListen, type ListenAddress } from './http/listen-policy.ts';
import { isLoopback, LOOPBACK_HOSTS } from './http/origin-check.ts';
import { createRequestListener } from './http/requests.ts';
import { sendText } from './http/respond.ts';
import { serveSockets } from './http/sockets.ts';
import { createSession } from './session.ts';

export interface HttpHost {
  /** Where it listens, without a token: `http://127.0.0.1:8500`. */
  origin: string;
  /** A link that works once. `holder` null is for the one desk that a loopback host serves. */
  mintLink(holder: LinkHolder | null): string;
  close(): Promise<void>;
}

/**
 * Serves the contract over HTTP and WebSocket, and the renderer. Binds to loopback unless TLS is given; every request
 * must be meant for this server (Host), come from its own pages (Origin) and carry a session that a one-time link gave.
 * Throws EngineError when it may not or cannot listen.
 */
export async function startHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const { ports, listen, tls = null } = options;
  checkListen(listen, tls !== null, options.hostNames ?? []);
  const nobody = createSession({ canSwitchPerson: false });
  const access = new Access(ports, async (personId) => {
    const people = await options.handlers.workspace.people({ session: nobody }, {});
    return people.find(({ id }) => id === personId)?.roles ?? null;
  });
  const server =
    tls === null ? createPlainServer() : createTlsServer({ cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' });
  // Somebody who sends a byte a minute must not hold a connection for long.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 5_000;
  server.maxHeadersCount = 100;
  server.maxConnections = 4_000;
  const port = await bind(server, listen);
  // Such as too many open files: whoever opens many connections must not end the process with it.
  server.on('error', (error) => ports.log.warn({ error: String(error) }, 'A connection could not be taken'));
  const scheme = tls === null ? 'http' : 'https';
  const shownHost = options.hostNames?.[0] ?? (isLoopback(listen.host) ? '127.0.0.1' : listen.host);
  const origin = `${scheme}://${shownHost.includes(':') ? `[${shownHost}]` : shownHost}:${port}`;
  const rules: RequestRules = {
    access,
    scheme,
    cookieName: tls === null ? `evenwatch_${port}` : '__Host-evenwatch',
    allowedHosts: new Set([
      ...LOOPBACK_HOSTS,
      listen.host.toLowerCase(),
      ...(options.hostNames ?? []).map((name) => name.toLowerCase()),
    ]),
  };
  const serve = createRequestListener(options, rules);
  server.on('request', (request, response) => {
    serve(request, response).catch((error: unknown) => {
      ports.log.error({ error: String(error) }, 'A request could not be answered');
      if (response.headersSent) response.destroy();
      else sendText(response, 500, 'Something went wrong here.');
    });
  });
  const sockets = serveSockets(server, options, rules);
  return {
    origin,
    mintLink: (holder) => `${origin}/?token=${access.mintLinkToken(holder)}`,
    async close() {
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function bind(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is taken by another program. Choose another one with --port or --listen.`
          : `Cannot listen on ${host}:${port}: ${error.message}`;
      reject(new EngineError('unavailable', why));
    };
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

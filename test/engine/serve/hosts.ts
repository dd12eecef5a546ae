import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { Handlers } from '../../../engine/handlers.ts';
import type { Ports } from '../../../engine/ports.ts';
import { startHttpHost } from '../../../engine/serve/http.ts';
import { createInProcessClient, type EngineClient } from '../../../engine/serve/in-process.ts';
import { serveOnPort } from '../../../engine/serve/message-port.ts';
import { createDispatcher } from '../../../engine/serve/router.ts';
import { createSession } from '../../../engine/serve/session.ts';

export interface OpenedHost {
  client: EngineClient;
  close(): Promise<void>;
}

export type OpenHost = (handlers: Handlers, ports: Ports, rendererDir?: string) => Promise<OpenedHost>;

/** A cookie from a fresh one-time link. */
export async function enter(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0];
  if (answer.status !== 303 || cookie === undefined) throw new Error(`The link answered ${answer.status}`);
  return cookie;
}

async function overHttp(handlers: Handlers, ports: Ports, rendererDir = '/nonexistent') {
  const host = await startHttpHost({ handlers, ports, listen: { host: '127.0.0.1', port: 0 }, rendererDir });
  return { host, headers: { cookie: await enter(host.mintLink(null)), origin: host.origin } };
}

/** Every way to an engine that the product has, each for one desk that has not said who sits there. */
export const HOSTS: Readonly<Record<string, OpenHost>> = {
  'in-process': async (handlers, ports) => ({
    client: createInProcessClient(createDispatcher(handlers, ports), createSession({ canSwitchPerson: true })),
    close: async () => {},
  }),
  'message port': async (handlers, ports) => {
    const { port1, port2 } = new MessageChannel();
    serveOnPort(createDispatcher(handlers, ports), port1, createSession({ canSwitchPerson: true }), ports.log);
    // Node's port has the browser's event methods, which its types do not say.
    const client: EngineClient = createORPCClient(new PortLink({ port: port2 as unknown as MessagePort }));
    port2.start();
    return {
      client,
      close: async () => {
        port2.close();
        port1.close();
      },
    };
  },
  http: async (handlers, ports, rendererDir) => {
    const { host, headers } = await overHttp(handlers, ports, rendererDir);
    const client: EngineClient = createORPCClient(new FetchLink({ url: `${host.origin}/rpc`, headers }));
    return { client, close: () => host.close() };
  },
  websocket: async (handlers, ports, rendererDir) => {
    const { host, headers } = await overHttp(handlers, ports, rendererDir);
    const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, { headers });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    // ws speaks the browser's interface; its types differ in what an event may hold.
    const client: EngineClient = createORPCClient(
      new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }),
    );
    return {
      client,
      close: async () => {
        socket.close();
        await host.close();
      },
    };
  },
};

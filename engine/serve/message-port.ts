import { MessagePortHandler } from '@orpc/server/message-port';
import type { Session } from '../handlers.ts';
import type { Log } from '../ports.ts';
import type { Dispatcher } from './router.ts';

/** What Node's `MessagePort` and Electron's `MessagePortMain` have in common. */
export interface EnginePort {
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  postMessage(message: unknown): void;
  start(): void;
}

/**
 * Serves the contract on one port, for one session, until the port closes. Node hands a listener the data, Electron an
 * event that holds it; both are taken. A message that is no call is dropped and logged: it must not end the process.
 */
export function serveOnPort(dispatcher: Dispatcher, port: EnginePort, session: Session, log: Log): void {
  const adapted = {
    on(event: string, callback: (event?: { data: unknown }) => unknown): void {
      if (event === 'close') {
        port.on('close', () => void callback());
        return;
      }
      port.on('message', (message) => {
        const data = typeof message === 'object' && message !== null && 'data' in message ? message.data : message;
        Promise.resolve(callback({ data })).catch((error: unknown) => {
          log.warn({ error: String(error) }, 'Dropped a message that is no call');
        });
      });
    },
    postMessage: (message: unknown) => port.postMessage(message),
  };
  new MessagePortHandler(dispatcher).upgrade(adapted, { context: { session } });
  port.start();
}

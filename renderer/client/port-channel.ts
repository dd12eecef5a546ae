import { RPCLink } from '@orpc/client/message-port';
import type { Channel, OpenChannel } from './connection.ts';

const PORT_MESSAGE = 'evenwatch:engine-port';

/**
 * Channels over the message port that the desktop hands to the page. When the engine was started anew the desktop hands
 * over a new port unasked; the channel of the old one then counts as closed.
 */
export function openPortChannel(requestPort: () => void): OpenChannel {
  const arrived: MessagePort[] = [];
  let onPort: ((port: MessagePort) => void) | null = null;
  let closeCurrent: (() => void) | null = null;
  let isAsked = false;

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const [port] = event.ports;
    const { data } = event;
    const isOurs = typeof data === 'object' && data !== null && 'kind' in data && data.kind === PORT_MESSAGE;
    if (event.source !== window || !isOurs || port === undefined) return;
    if (onPort === null) arrived.push(port);
    else {
      onPort(port);
      onPort = null;
    }
    closeCurrent?.();
  });

  return async (): Promise<Channel> => {
    if (!isAsked) {
      isAsked = true;
      requestPort();
    }
    const first =
      arrived.pop() ??
      (await new Promise<MessagePort>((resolve) => {
        onPort = resolve;
      }));
    // Of several ports that came meanwhile, only the newest leads to an engine that lives.
    const port = arrived.pop() ?? first;
    arrived.length = 0;
    const closed = new Promise<void>((resolve) => {
      closeCurrent = resolve;
      port.addEventListener('close', () => resolve());
    });
    const link = new RPCLink({ port });
    port.start();
    return { link, closed };
  };
}

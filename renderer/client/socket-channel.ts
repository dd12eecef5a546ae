import { RPCLink } from '@orpc/client/websocket';
import type { Channel } from './connection.ts';
import { ClientError } from './transport-error.ts';

/** A channel over a WebSocket to the server that this page came from; the session is in a cookie that scripts cannot read. */
export function openSocketChannel(): Promise<Channel> {
  const url = new URL('/rpc', window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const closed = new Promise<void>((settle) => {
      socket.addEventListener('close', () => {
        settle();
        if (!isOpen) void sessionState().then(reject);
      });
    });
    socket.addEventListener('open', () => {
      isOpen = true;
      resolve({ link: new RPCLink({ websocket: socket }), closed });
    });
  });
}

/** A socket that was refused does not say why; the server does when it is asked plainly. */
async function sessionState(): Promise<Error> {
  try {
    const { status } = await fetch('/session', { credentials: 'same-origin', cache: 'no-store' });
    if (status === 401) return new ClientError('unauthenticated', 'This session has ended. Open a new link.');
  } catch {
    // No answer at all: the server is away.
  }
  return new Error('The connection was refused.');
}

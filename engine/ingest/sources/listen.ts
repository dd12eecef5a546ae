import type { AddressInfo, Server } from 'node:net';
import { EngineError } from '../../../shared/model/errors.ts';

/** What keeps an address from being listened on, and what to do about it. */
export function listenError(host: string, port: number, error: NodeJS.ErrnoException): EngineError {
  const where = shownAddress(host, port);
  switch (error.code) {
    case 'EADDRINUSE':
      return new EngineError(
        'conflict',
        `${where} is taken by another program. Choose another port, or stop that program.`,
      );
    case 'EACCES':
      return new EngineError(
        'forbidden',
        `Only the system's administrator may listen on ${where}. Choose a port above 1023 and let the sender use that one.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new EngineError(
        'invalid_input',
        `This machine has no address ${host}. Use one of its own, or 0.0.0.0 for all.`,
      );
    default:
      return new EngineError('unavailable', `${where} cannot be listened on: ${error.message}.`);
  }
}

export function tooManySenders(limit: number): string {
  return `${limit} connections are open, and no more are taken. Look for a sender that opens connections and leaves them.`;
}

export function shownAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Binds to exactly this address. Answers with it as it is shown, with the port that was given. Throws EngineError. */
export function listenOn(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => reject(listenError(host, port, error));
    server.once('error', refuse);
    server.listen({ host, port, ipv6Only: false }, () => {
      server.off('error', refuse);
      resolve(shownAddress(host, (server.address() as AddressInfo).port));
    });
  });
}

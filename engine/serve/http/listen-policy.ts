import { EngineError } from '../../../shared/model/errors.ts';
import { isLoopback } from './origin-check.ts';

export interface ListenAddress {
  host: string;
  port: number;
}

/** Reads `HOST:PORT`, `[::1]:PORT`, `:PORT` or `PORT`. Throws EngineError. */
export function parseListen(text: string): ListenAddress {
  const match = /^(?:(\[[0-9a-f:]+\]|[^:[\]]*):)?(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new EngineError(
      'invalid_input',
      `"${text}" is no address to listen on. Write HOST:PORT, for example 127.0.0.1:8500.`,
    );
  }
  const host = (match[1] ?? '').replace(/^\[|\]$/g, '');
  return { host: host === '' ? '127.0.0.1' : host, port };
}

const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Refuses to be reached from other machines in the clear, or under names that nobody gave. Throws EngineError. */
export function checkListen(address: ListenAddress, hasTls: boolean, hostNames: readonly string[]): void {
  if (isLoopback(address.host)) return;
  if (!hasTls) {
    throw new EngineError(
      'forbidden',
      `Other machines could reach ${address.host}, and without TLS anybody between could read along. Give --tls-cert FILE and --tls-key FILE, or listen on 127.0.0.1.`,
    );
  }
  if (EVERY_ADDRESS.has(address.host) && hostNames.length === 0) {
    throw new EngineError(
      'invalid_input',
      `${address.host} is every address of this machine. Say under which name people open it: --host-name NAME.`,
    );
  }
}

import type { Handlers } from '../../handlers.ts';
import type { Ports } from '../../ports.ts';
import type { Access } from './access.ts';
import type { ListenAddress } from './listen-policy.ts';

/** The most that one body or socket message may hold: the input's own limit, and room for how it is written. */
export const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface HttpHostOptions {
  handlers: Handlers;
  ports: Pick<Ports, 'clock' | 'random' | 'log'>;
  listen: ListenAddress;
  /** PEM texts. Without them only loopback addresses are listened on. */
  tls?: { cert: string; key: string } | null;
  /** Folder of the built renderer. */
  rendererDir: string;
  /** Names, beside the address itself, under which people open this server. */
  hostNames?: readonly string[];
}

/** What every request of one host is held against. */
export interface RequestRules {
  access: Access;
  scheme: 'http' | 'https';
  cookieName: string;
  allowedHosts: ReadonlySet<string>;
}

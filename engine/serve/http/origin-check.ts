import type { IncomingMessage } from 'node:http';

export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || /^127\.(\d{1,3}\.){2}\d{1,3}$/.test(bare);
}

/** Host name of a Host header without its port, or null when the header is not one host and perhaps a port. */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match?.[1]?.toLowerCase() ?? null;
}

/**
 * Whether this request was meant for this server by a page of this server. The Host must be one of its own names, or a
 * name that an attacker points at 127.0.0.1 would do (DNS rebinding); an Origin, where the browser sends one, must be
 * the same scheme, host and port.
 */
export function isOwnRequest(
  request: IncomingMessage,
  allowedHosts: ReadonlySet<string>,
  scheme: 'http' | 'https',
): boolean {
  const host = hostName(request.headers.host);
  if (host === null || !allowedHosts.has(host)) return false;
  const { origin } = request.headers;
  if (origin === undefined) return true;
  let parsed: URL;
  try {
    parsed = new URL(origin);
  } catch {
    return false;
  }
  return parsed.origin === new URL(`${scheme}://${request.headers.host ?? ''}`).origin;
}

/** True for what changes something and comes without the Origin that every browser sends along with it. */
export function lacksOrigin(request: IncomingMessage): boolean {
  return request.method !== 'GET' && request.method !== 'HEAD' && request.headers.origin === undefined;
}

import type { IncomingMessage } from 'node:http';
import { type Answer, HEC, plain } from './http-answers.ts';
import type { Endpoint } from './http-receiver.ts';

export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ['/services/collector', 'events'],
  ['/services/collector/event', 'events'],
  ['/services/collector/event/1.0', 'events'],
  ['/services/collector/raw', 'lines'],
  ['/services/collector/raw/1.0', 'lines'],
  ['/v1/alerts', 'alerts'],
]);
export const HEALTH = new Set(['/services/collector/health', '/services/collector/health/1.0']);
export const ACK = '/services/collector/ack';

/** What somebody without a valid token is told on an address of our own. */
export function plainRefusal(token: string | null): Answer {
  const said =
    token === null ? 'Send the token of the source: Authorization: Bearer TOKEN.' : 'This token opens no source.';
  return plain(401, said, { 'www-authenticate': 'Bearer' });
}

/** What they are told in the words of Splunk. */
export function hecRefusal(token: string | null, url: URL): Answer {
  if (token === null) return url.searchParams.has('token') ? HEC.tokenInQuery : HEC.tokenRequired;
  return token === 'unreadable' ? HEC.invalidAuthorization : HEC.invalidToken;
}

/** The address that is asked for; null when it is none. */
export function targetOf(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '/', 'http://in-process');
  } catch {
    return null;
  }
}

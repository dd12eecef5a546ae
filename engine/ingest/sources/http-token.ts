import type { IncomingMessage } from 'node:http';

/** Longer is no token of ours, and is not worth a digest. */
const TOKEN_MAX = 256;

/**
 * The token that a request carries: `Authorization: Splunk …`, `Bearer …`, or the password of `Basic …` for senders that
 * know nothing else. A token in the address is not taken, because addresses end up in logs. Null when there is none,
 * `unreadable` when there is something else.
 */
export function tokenOf(request: IncomingMessage): string | null | 'unreadable' {
  const { authorization } = request.headers;
  if (authorization === undefined || authorization === '') return null;
  const [, scheme = '', rest = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  const isBasic = scheme.toLowerCase() === 'basic';
  if (!isBasic && !['splunk', 'bearer'].includes(scheme.toLowerCase())) return 'unreadable';
  const token = isBasic
    ? Buffer.from(rest, 'base64')
        .toString('utf8')
        .replace(/^[^:]*:/, '')
    : rest;
  return token === '' || token.length > TOKEN_MAX ? 'unreadable' : token;
}

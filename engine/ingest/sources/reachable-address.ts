import { lookup as lookupOf } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { EngineError } from '../../../shared/model/errors.ts';

/**
 * Where machines in a cloud are told their own credentials: addresses of the link (RFC 3927, RFC 4291 2.5.6), and those
 * that AWS (IPv6) and Alibaba Cloud chose elsewhere. No search server lies there, and whoever names an address for this
 * machine to ask must not get at what the machine may do. Private networks are asked: that is where search servers are.
 */
const NEVER_ASKED = new BlockList();
NEVER_ASKED.addSubnet('169.254.0.0', 16, 'ipv4');
NEVER_ASKED.addSubnet('fe80::', 10, 'ipv6');
NEVER_ASKED.addAddress('fd00:ec2::254', 'ipv6');
NEVER_ASKED.addAddress('100.100.100.200', 'ipv4');

/** True for an address that is never asked; an IPv4 address within an IPv6 one counts as itself. */
export function isNeverAsked(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && NEVER_ASKED.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function refusal(host: string): EngineError {
  return new EngineError('forbidden', `${host} is an address that a machine has for itself, and is never asked.`);
}

/** Throws EngineError when the host of an address is one that is never asked. A name is looked at when it is looked up. */
export function refuseNeverAsked({ hostname }: URL): void {
  if (isNeverAsked(hostname.replace(/^\[|\]$/g, ''))) throw refusal(hostname);
}

/** Looks a name up as Node does, at each connection: what it leads to may change in between. */
export const lookupReachable: LookupFunction = (host, options, done) => {
  lookupOf(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '');
    if (found.some(({ address }) => isNeverAsked(address))) return done(refusal(host), '');
    if (options.all === true) return done(null, found);
    const [first] = found;
    return done(null, first?.address ?? '', first?.family);
  });
};

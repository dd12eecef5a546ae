import ipaddr from 'ipaddr.js';
import type { Entity, NormalisedAlert } from '../../model/alert.ts';

/** Cloud resources stand among the hosts; their identifiers are paths and never host names. */
function isResource(name: string): boolean {
  return name.startsWith('arn:') || name.includes('/');
}

/** Ranges that belong to a site and not to the internet: RFC 1918, RFC 4193, link-local, carrier NAT (RFC 6598). */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat']);

/** True for an address of the inside. Text that is no address is not. */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return PRIVATE_RANGES.has(ipaddr.process(address).range());
}

/** Byte checks for the common IPv4 ranges, because this runs for each alert; the library answers for the rest. */
function isInside(address: string | null): address is string {
  if (address === null) return false;
  if (address.startsWith('10.') || address.startsWith('192.168.')) return true;
  return isPrivateAddress(address);
}

/**
 * The one thing that an alert is about: what the queue groups by. A named host before an address, the inside
 * before the outside (the inside can be acted on), the source before the destination, a person last.
 */
export function principalEntity(alert: NormalisedAlert): Entity {
  const host = alert.hosts[0];
  if (host !== undefined) return { kind: isResource(host) ? 'resource' : 'host', value: host.toLowerCase() };
  const { sourceIp, destinationIp } = alert;
  const address = isInside(sourceIp) ? sourceIp : isInside(destinationIp) ? destinationIp : (sourceIp ?? destinationIp);
  if (address !== null) return { kind: 'ip', value: address.toLowerCase() };
  const user = alert.users[0];
  if (user !== undefined) return { kind: 'user', value: user.toLowerCase() };
  return { kind: 'none', value: '' };
}

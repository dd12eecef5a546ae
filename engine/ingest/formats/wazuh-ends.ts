import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { at, child, ipOf, portOf } from './values.ts';

/** Where the decoders put addresses: their own, Suricata's, and those of Windows events. */
const SOURCES = [
  { address: 'srcip', port: 'srcport' },
  { address: 'src_ip', port: 'src_port' },
];
const DESTINATIONS = [
  { address: 'dstip', port: 'dstport' },
  { address: 'dest_ip', port: 'dest_port' },
];
const WINDOWS_SOURCES = [
  { address: 'sourceIp', port: 'sourcePort' },
  { address: 'ipAddress', port: 'ipPort' },
  { address: 'sourceAddress', port: 'sourcePort' },
];
const WINDOWS_DESTINATIONS = [
  { address: 'destinationIp', port: 'destinationPort' },
  { address: 'destAddress', port: 'destPort' },
];

interface End {
  ip: string | null;
  port: number | null;
}

function firstEnd(data: JsonObject, names: readonly { address: string; port: string }[]): End | null {
  for (const { address, port } of names) {
    const ip = ipOf(at(data, address));
    if (ip !== null) return { ip, port: portOf(at(data, port)) };
  }
  return null;
}

/** Sets both ends of the alert from what any decoder wrote. */
export function setWazuhEnds(alert: NormalisedAlert, data: JsonObject): void {
  const event = child(child(data, 'win'), 'eventdata');
  const source = firstEnd(data, SOURCES) ?? firstEnd(event, WINDOWS_SOURCES);
  const destination = firstEnd(data, DESTINATIONS) ?? firstEnd(event, WINDOWS_DESTINATIONS);
  alert.sourceIp = source?.ip ?? null;
  alert.sourcePort = source?.port ?? null;
  alert.destinationIp = destination?.ip ?? null;
  alert.destinationPort = destination?.port ?? null;
}

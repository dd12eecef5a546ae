import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { addOnce, at, child, ipOf, portOf, textOf } from './values.ts';

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

/** Logs of clouds and services that Wazuh fetches, each below its own name, with who did it and from where. */
const SERVICES: readonly { address: readonly string[]; users: readonly (readonly string[])[] }[] = [
  {
    address: ['aws', 'sourceIPAddress'],
    users: [
      ['aws', 'userIdentity', 'userName'],
      ['aws', 'userIdentity', 'arn'],
    ],
  },
  { address: ['aws', 'source_ip_address'], users: [] },
  { address: ['office365', 'ClientIP'], users: [['office365', 'UserId']] },
  { address: ['office365', 'ClientIPAddress'], users: [] },
  {
    address: ['gcp', 'protoPayload', 'requestMetadata', 'callerIp'],
    users: [['gcp', 'protoPayload', 'authenticationInfo', 'principalEmail']],
  },
  { address: ['github', 'actor_ip'], users: [['github', 'actor']] },
];

function under(data: JsonObject, path: readonly string[]): Json | undefined {
  let holder = data;
  for (const key of path.slice(0, -1)) holder = child(holder, key);
  return at(holder, path.at(-1) ?? '');
}

/** Fills who did it, and from where, from the log of a cloud or a service. */
export function addWazuhService(alert: NormalisedAlert, data: JsonObject): void {
  for (const { address, users } of SERVICES) {
    // Microsoft writes the port behind it: `203.0.113.9:50312`, `[2001:db8::1]:50312`.
    const text = textOf(under(data, address))?.replace(/^\[(.*)\](?::\d+)?$|^(\d[\d.]*):\d+$/, '$1$2');
    alert.sourceIp ??= ipOf(text);
    for (const path of users) if (alert.users.length === 0) addOnce(alert.users, textOf(under(data, path)));
  }
}

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

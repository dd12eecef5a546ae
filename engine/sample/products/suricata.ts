import type { JsonObject } from '../../../shared/model/json.ts';
import type { SeededRandom } from '../random.ts';
import { suricataTime } from '../timestamps.ts';

export interface Signature {
  sid: number;
  rev: number;
  name: string;
  category: string;
  /** Suricata's own order: 1 is the most urgent. */
  priority: 1 | 2 | 3;
  /** Emerging Threats' word; left out by rules of other origin. */
  word?: 'Informational' | 'Minor' | 'Major' | 'Critical';
  /** ATT&CK as ET writes it: `T1071_001`, `TA0011`. */
  attack?: { tactic: string; tacticName: string; technique: string; techniqueName: string };
  cve?: string;
}

export interface Flow {
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  proto?: 'TCP' | 'UDP' | 'ICMP';
  /** What the application layer said: `http`, `tls`, `dns`, `ssh`, `smb` objects as EVE has them. */
  app?: JsonObject;
  appProto?: string;
  bytesToServer?: number;
  bytesToClient?: number;
}

function commonOf(random: SeededRandom, atMs: number, type: string, flow: Flow): JsonObject {
  const isIcmp = flow.proto === 'ICMP';
  return {
    timestamp: suricataTime(atMs, random.int(0, 999)),
    flow_id: random.int(1e14, 2.2e15),
    in_iface: 'ens19',
    event_type: type,
    src_ip: flow.src,
    ...(isIcmp ? {} : { src_port: flow.srcPort }),
    dest_ip: flow.dst,
    ...(isIcmp ? { icmp_type: 8, icmp_code: 0 } : { dest_port: flow.dstPort }),
    proto: flow.proto ?? 'TCP',
  };
}

function metadataOf(signature: Signature): JsonObject {
  if (signature.word === undefined) return {};
  const { attack } = signature;
  return {
    metadata: {
      affected_product: ['Any'],
      attack_target: ['Client_Endpoint'],
      created_at: ['2021_06_14'],
      deployment: ['Perimeter'],
      signature_severity: [signature.word],
      ...(attack === undefined
        ? {}
        : {
            mitre_tactic_id: [attack.tactic],
            mitre_tactic_name: [attack.tacticName],
            mitre_technique_id: [attack.technique],
            mitre_technique_name: [attack.techniqueName],
          }),
      ...(signature.cve === undefined ? {} : { cve: [signature.cve.replaceAll('-', '_')] }),
      updated_at: ['2025_11_02'],
    },
  };
}

/** One alert of the EVE log. `action` is `blocked` where the sensor stands in line and drops. */
export function eveAlert(
  random: SeededRandom,
  atMs: number,
  signature: Signature,
  flow: Flow,
  action: 'allowed' | 'blocked' = 'allowed',
): JsonObject {
  return {
    ...commonOf(random, atMs, 'alert', flow),
    pkt_src: 'wire/pcap',
    ...(flow.app === undefined ? {} : { tx_id: random.int(0, 3) }),
    alert: {
      action,
      gid: 1,
      signature_id: signature.sid,
      rev: signature.rev,
      signature: signature.name,
      category: signature.category,
      severity: signature.priority,
      ...metadataOf(signature),
    },
    ...(flow.app ?? {}),
    ...(flow.appProto === undefined ? {} : { app_proto: flow.appProto }),
    direction: 'to_server',
    flow: {
      pkts_toserver: random.int(1, 40),
      pkts_toclient: random.int(0, 40),
      bytes_toserver: flow.bytesToServer ?? random.int(74, 9000),
      bytes_toclient: flow.bytesToClient ?? random.int(0, 20_000),
      start: suricataTime(atMs - random.int(0, 800), random.int(0, 999)),
      src_ip: flow.src,
      dest_ip: flow.dst,
    },
    host: 'hl-ids01',
  };
}

/** A record of the same log that is no alert: `flow`, `dns`, `http` or `tls`. */
export function eveEvent(
  random: SeededRandom,
  atMs: number,
  type: 'flow' | 'dns' | 'http' | 'tls',
  flow: Flow,
): JsonObject {
  const own: JsonObject =
    type === 'flow'
      ? {
          app_proto: flow.appProto ?? 'tls',
          flow: {
            pkts_toserver: random.int(4, 90),
            pkts_toclient: random.int(4, 120),
            bytes_toserver: random.int(400, 90_000),
            bytes_toclient: random.int(400, 900_000),
            start: suricataTime(atMs - random.int(1000, 60_000), 0),
            end: suricataTime(atMs, 0),
            age: random.int(1, 60),
            state: 'closed',
            reason: 'timeout',
            alerted: false,
          },
        }
      : (flow.app ?? {});
  return { ...commonOf(random, atMs, type, flow), ...own, host: 'hl-ids01' };
}

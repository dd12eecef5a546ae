import type { JsonObject } from '../../../shared/model/json.ts';
import { COMPANY, type Host } from '../company.ts';
import type { SeededRandom } from '../random.ts';

export interface ElasticRule {
  id: string;
  name: string;
  severity: 'low' | 'medium' | 'high' | 'critical';
  tags?: readonly string[];
  /** Tactic id, tactic name, technique id, technique name and, where there is one, sub-technique. */
  threat?: readonly {
    tactic: string;
    tacticName: string;
    technique: string;
    techniqueName: string;
    sub?: readonly [id: string, name: string];
  }[];
}

export interface ElasticEvent {
  host?: Host;
  user?: string;
  process?: { name: string; executable: string; commandLine: string; parent?: string; sha256?: string };
  network?: { src?: string; srcPort?: number; dst?: string; dstPort?: number; domain?: string };
  file?: { path: string; sha256?: string };
  url?: string;
  category?: string;
  eventType?: readonly string[];
  reason: string;
  /** Closed by Kibana's own hand, or by a playbook there, before we saw it. */
  state?: 'open' | 'acknowledged' | 'closed';
  isBuildingBlock?: boolean;
  extra?: JsonObject;
}

/** Elastic's defaults for the four words. */
const RISK = { low: 21, medium: 47, high: 73, critical: 99 } as const;

function threatOf(rule: ElasticRule): JsonObject[] {
  return (rule.threat ?? []).map((threat) => ({
    framework: 'MITRE ATT&CK',
    tactic: {
      id: threat.tactic,
      name: threat.tacticName,
      reference: `https://attack.example/tactics/${threat.tactic}/`,
    },
    technique: [
      {
        id: threat.technique,
        name: threat.techniqueName,
        reference: `https://attack.example/techniques/${threat.technique}/`,
        ...(threat.sub === undefined
          ? {}
          : { subtechnique: [{ id: threat.sub[0], name: threat.sub[1], reference: 'https://attack.example/' }] }),
      },
    ],
  }));
}

function processOf(random: SeededRandom, process: NonNullable<ElasticEvent['process']>): JsonObject {
  return {
    pid: random.int(700, 20_000),
    entity_id: random.hex(40),
    name: process.name,
    executable: process.executable,
    command_line: process.commandLine,
    args: process.commandLine.split(' '),
    ...(process.sha256 === undefined ? {} : { hash: { sha256: process.sha256 } }),
    ...(process.parent === undefined
      ? {}
      : { parent: { executable: process.parent, name: process.parent.split('\\').at(-1) ?? process.parent } }),
  };
}

function entitiesOf(random: SeededRandom, event: ElasticEvent): JsonObject {
  const { host, network } = event;
  return {
    ...(host === undefined
      ? {}
      : {
          host: {
            name: host.name,
            hostname: host.name,
            ip: [host.ip, 'fe80::5c1e:9aff:fe01:22b7'],
            os: { type: host.os, family: host.os },
          },
          agent: { id: random.uuid(), type: 'endpoint', version: '8.17.2' },
        }),
    ...(event.user === undefined ? {} : { user: { name: event.user, domain: COMPANY.windowsDomain } }),
    ...(event.process === undefined ? {} : { process: processOf(random, event.process) }),
    ...(network?.src === undefined
      ? {}
      : { source: { ip: network.src, port: network.srcPort ?? random.int(1025, 65_000) } }),
    ...(network?.dst === undefined ? {} : { destination: { ip: network.dst, port: network.dstPort ?? 443 } }),
    ...(network?.domain === undefined ? {} : { 'dns.question.name': network.domain }),
    ...(event.file === undefined
      ? {}
      : { file: { path: event.file.path, ...(event.file.sha256 ? { hash: { sha256: event.file.sha256 } } : {}) } }),
    ...(event.url === undefined ? {} : { url: { full: event.url } }),
  };
}

/** A detection alert of Elastic Security 8: dotted keys of Kibana beside nested objects of ECS, as it writes them. */
export function elasticAlert(random: SeededRandom, atMs: number, rule: ElasticRule, event: ElasticEvent): JsonObject {
  const ranAtMs = atMs + random.int(20_000, 280_000);
  const risk = RISK[rule.severity];
  return {
    '@timestamp': new Date(ranAtMs).toISOString(),
    'kibana.version': '8.17.2',
    'kibana.alert.uuid': random.hex(64),
    'kibana.alert.status': 'active',
    'kibana.alert.workflow_status': event.state ?? 'open',
    'kibana.alert.original_time': new Date(atMs).toISOString(),
    'kibana.alert.reason': event.reason,
    'kibana.alert.severity': rule.severity,
    'kibana.alert.risk_score': risk,
    ...(event.isBuildingBlock === true ? { 'kibana.alert.building_block_type': 'default' } : {}),
    'kibana.alert.rule.name': rule.name,
    'kibana.alert.rule.rule_id': rule.id,
    'kibana.alert.rule.uuid': random.uuid(),
    'kibana.alert.rule.category': 'Custom Query Rule',
    'kibana.alert.rule.consumer': 'siem',
    'kibana.alert.rule.producer': 'siem',
    'kibana.alert.rule.rule_type_id': 'siem.queryRule',
    'kibana.alert.rule.tags': [...(rule.tags ?? ['Elastic', 'Endpoint'])],
    'kibana.alert.rule.parameters': {
      severity: rule.severity,
      risk_score: risk,
      rule_id: rule.id,
      threat: threatOf(rule),
    },
    'kibana.space_ids': ['default'],
    'event.kind': 'signal',
    event: {
      category: [event.category ?? 'process'],
      type: [...(event.eventType ?? ['start'])],
      dataset: 'endpoint.events',
      module: 'endpoint',
    },
    ...entitiesOf(random, event),
    ...(event.extra ?? {}),
    ecs: { version: '8.11.0' },
  };
}

import type { JsonObject } from '../../../shared/model/json.ts';
import { COMPANY, type Host } from '../company.ts';
import type { SeededRandom } from '../random.ts';
import { syslogTime, sysmonTime, wazuhTime, windowsTime } from '../timestamps.ts';

export interface WazuhRule {
  id: string;
  level: number;
  description: string;
  groups: readonly string[];
  mitre?: { id: readonly string[]; tactic: readonly string[]; technique: readonly string[] };
}

/** The manager writes epoch seconds and its offset in alerts.json: unique for this manager. */
function alertId(random: SeededRandom, atMs: number): string {
  return `${Math.floor(atMs / 1000)}.${random.int(1_000_000, 999_999_999)}`;
}

function baseOf(random: SeededRandom, atMs: number, host: Host, rule: WazuhRule): JsonObject {
  return {
    timestamp: wazuhTime(atMs),
    rule: {
      level: rule.level,
      description: rule.description,
      id: rule.id,
      ...(rule.mitre === undefined
        ? {}
        : { mitre: { id: [...rule.mitre.id], tactic: [...rule.mitre.tactic], technique: [...rule.mitre.technique] } }),
      firedtimes: random.int(1, 40),
      mail: rule.level >= 12,
      groups: [...rule.groups],
    },
    agent: { id: host.agentId, name: host.name, ip: host.ip },
    manager: { name: 'hl-wazuh01' },
    id: alertId(random, atMs),
  };
}

/** What syslog said, with the fields that the decoder found. */
export function syslogAlert(
  random: SeededRandom,
  atMs: number,
  host: Host,
  rule: WazuhRule,
  line: { program: string; text: string; decoder?: string; location?: string; data?: JsonObject },
): JsonObject {
  return {
    ...baseOf(random, atMs, host, rule),
    full_log: `${syslogTime(atMs)} ${host.name} ${line.program}[${random.int(400, 99_000)}]: ${line.text}`,
    predecoder: { program_name: line.program, timestamp: syslogTime(atMs), hostname: host.name },
    decoder: { name: line.decoder ?? line.program },
    ...(line.data === undefined ? {} : { data: line.data }),
    input: { type: 'log' },
    location: line.location ?? 'journald',
  };
}

/** Windows doubles every backslash on its way through the agent's decoder, and escapes quotes. */
function asDecoded(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

/** A record of a Windows event channel: Sysmon, Security or System. Values are given as Windows has them. */
export function windowsAlert(
  random: SeededRandom,
  atMs: number,
  host: Host,
  rule: WazuhRule,
  event: {
    channel: 'Sysmon' | 'Security' | 'System';
    id: string;
    data: Readonly<Record<string, string>>;
    says: string;
  },
): JsonObject {
  const eventdata: JsonObject = {};
  if (event.channel === 'Sysmon') {
    eventdata.utcTime = sysmonTime(atMs);
    eventdata.processGuid = `{${random.uuid()}}`;
    eventdata.processId = String(random.int(600, 18_000));
  }
  for (const [key, value] of Object.entries(event.data)) eventdata[key] = asDecoded(value);
  const provider =
    event.channel === 'Sysmon'
      ? 'Microsoft-Windows-Sysmon'
      : event.channel === 'Security'
        ? 'Microsoft-Windows-Security-Auditing'
        : 'Service Control Manager';
  return {
    ...baseOf(random, atMs, host, rule),
    decoder: { name: 'windows_eventchannel' },
    data: {
      win: {
        system: {
          providerName: provider,
          eventID: event.id,
          version: '0',
          level: event.channel === 'Sysmon' ? '4' : '0',
          task: event.id,
          opcode: '0',
          systemTime: windowsTime(atMs, random.int(0, 9999)),
          eventRecordID: String(random.int(10_000, 9_000_000)),
          processID: String(random.int(500, 4000)),
          channel: event.channel === 'Sysmon' ? 'Microsoft-Windows-Sysmon/Operational' : event.channel,
          computer: `${host.name}.${COMPANY.internalDomain}`,
          severityValue: 'INFORMATION',
          message: `"${event.says}"`,
        },
        eventdata,
      },
    },
    input: { type: 'log' },
    location: 'EventChannel',
  };
}

/** A file that changed. */
export function syscheckAlert(
  random: SeededRandom,
  atMs: number,
  host: Host,
  rule: WazuhRule,
  file: { path: string; event: 'modified' | 'added' | 'deleted'; owner: string; size?: number },
): JsonObject {
  const size = file.size ?? random.int(400, 90_000);
  return {
    ...baseOf(random, atMs, host, rule),
    full_log: `File '${file.path}' ${file.event}\nMode: realtime\nChanged attributes: size,mtime,md5,sha1,sha256`,
    syscheck: {
      path: file.path,
      mode: 'realtime',
      event: file.event,
      size_after: String(size),
      uname_after: file.owner,
      mtime_after: new Date(atMs).toISOString().slice(0, 19),
      md5_after: random.hex(32),
      sha1_after: random.hex(40),
      sha256_after: random.hex(64),
      changed_attributes: ['size', 'mtime', 'md5', 'sha1', 'sha256'],
    },
    decoder: { name: 'syscheck_integrity_changed' },
    location: 'syscheck',
  };
}

/** What the manager says of an agent itself. */
export function agentAlert(random: SeededRandom, atMs: number, host: Host, rule: WazuhRule, says: string): JsonObject {
  return {
    ...baseOf(random, atMs, host, rule),
    full_log: `ossec: ${says}: '${host.name}->${host.ip}'.`,
    decoder: { name: 'ossec' },
    data: { extra_data: `${host.name}->${host.ip}` },
    location: 'wazuh-monitord',
  };
}

import type { AlertFormat } from '../../../../engine/ingest/format.ts';
import type { NormalisedAlert } from '../../../../shared/model/alert.ts';

/** What one real file came to. */
export interface Covered {
  file: string;
  format: string;
  alerts: NormalisedAlert[];
  skipped: number;
  rejected: number;
}

/** Known gaps, by format: what a record may hold that is not read, or is not tried on real records. */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'suricata-eve':
    'Other event types are passed over, but for a `drop` that names its rule: it is an alert where the `alert` event of the same packet is missing, and a repeat of it where it is not.',
  wazuh: 'Inventory and vulnerability indices.',
  elastic: 'Cases and endpoint documents that are no detection alerts.',
  ocsf: 'Vulnerability, compliance, incident and data findings are passed over.',
  guardduty:
    'Malware scan details beyond file hashes. The `Findings[]` answer is tried on records of our own only. Repeats of a finding update it.',
  'security-hub': 'Resource details beyond users, instances and ids. Compliance checks are passed over.',
  'microsoft-graph':
    'Kinds of evidence beyond device, user, session, ip, connection, name lookup, file, process, malware, url, mailbox, message, pod and cloud resource; the first version of the interface.',
  'defender-endpoint':
    'No real records. Its own interface, and the alerts within incidents of Microsoft 365 Defender; registry evidence stays in the original.',
  'defender-xdr':
    'No real records. The stream has no join: AlertInfo comes without entities, and evidence of a machine or account that was hit becomes an alert of its own with the same title and the tag `alert:ID`; other evidence is passed over. The Graph format has both in one record.',
  sentinel:
    'SecurityIncident and the management interface (that of Defender for Cloud too) are tried on records of our own only. Entities of registry and malware.',
  crowdstrike:
    'Names of techniques that ATT&CK gives to several, or does not have, stay tags. The Alerts and Detects interfaces are tried on records of our own only. Incidents, audit and firewall events are passed over.',
  sentinelone:
    'Threats, and the alerts of custom rules as their interface gives them, are tried on records of our own only. An activity names its machine only in a sentence.',
  'carbon-black':
    'No real records; both versions of its alerts, hits of watchlists and alerts of clusters are tried on records of our own. Events of sensors are passed over.',
  proofpoint:
    'Clicks and the four lists of one SIEM answer are tried on records of our own only. Whether a mail or click was stopped is said by its list alone: elements that are sent without it do not tell.',
  okta: 'Audit events outside the list of alerts are passed over: sign-ins, single sign-on, revoked tokens.',
  falco: 'Kubernetes audit fields beyond the user.',
  'zeek-notice':
    'Only SSL notices among the real records; the ranks of others are our own table. Rows without their head.',
  'suricata-fast': 'Suricata over syslog without `[**]`.',
  cef: 'Zones by their name in the tz database (`dtz`). A raw line break within a line, unless the line comes within JSON: what follows the break is refused. Without any time, the moment of arrival stands in.',
  leef: 'Examples of documentation only. Zones of `devTimeFormat` that are no offset and none of the American or European abbreviations: the time of the header or of the arrival stands in.',
  syslog:
    'Taken only where a source or a command names it, and then for every line. The severity of the transport is a tag, not the severity of the alert.',
  evenwatch: 'Made here: that a source has fallen silent.',
  manual: 'Made here.',
};

type Probe = readonly [name: string, has: (alert: NormalisedAlert) => boolean];

const PROBES: readonly Probe[] = [
  ['description', (alert) => alert.description !== ''],
  ['category', (alert) => alert.category !== null],
  ['tactics', (alert) => alert.tactics.length > 0],
  ['techniques', (alert) => alert.techniques.length > 0],
  ['hosts', (alert) => alert.hosts.length > 0],
  ['users', (alert) => alert.users.length > 0],
  ['source', (alert) => alert.sourceIp !== null],
  ['destination', (alert) => alert.destinationIp !== null],
  ['hashes', ({ hashes }) => hashes.md5.length + hashes.sha1.length + hashes.sha256.length > 0],
  ['urls', (alert) => alert.urls.length > 0],
  ['domains', (alert) => alert.domains.length > 0],
  ['cves', (alert) => alert.cves.length > 0],
  ['process', ({ process }) => process.executable !== null || process.commandLine !== null],
  ['action', (alert) => alert.sourceAction !== null],
  ['closed there', (alert) => alert.closedAtSource],
  ['tags', (alert) => alert.tags.length > 0],
];

function filled(alerts: readonly NormalisedAlert[]): string {
  const parts = PROBES.map(([name, has]) => [name, alerts.filter(has).length] as const).filter(
    ([, count]) => count > 0,
  );
  return parts.map(([name, count]) => (count === alerts.length ? name : `${name} ${count}`)).join(', ');
}

const HEAD = `# Formats

Made by \`test/engine/ingest/formats/conformance.test.ts\`, which reads real alerts of third parties (not shipped) the way
ingest does and fails when this table says anything else. Id, time, title, severity and rule are filled in every alert;
the other fields are listed with the number of alerts that have them, where it is not all of them.

| format | \`--format\` | real alerts read | passed over | refused | fields filled | not covered |
|---|---|---|---|---|---|---|
`;

const TAIL = `
Containers are told by content: gzip, UTF-16, JSON lines, arrays and printed objects, envelopes (\`hits.hits[]\`, \`value[]\`,
\`Findings[]\`, \`findings[]\`, \`Records[]\`, \`records[]\`, \`data[]\`, \`results[]\`, \`alerts[]\`, \`events[]\`, \`resources[]\` of CrowdStrike, the four lists of
Proofpoint, \`raw_logs.entries[].data\` of Chronicle, \`detail.findings[]\` and \`detail\` of EventBridge, \`alerts[]\` of Defender's incidents),
records that SNS, SQS, a container's log, Splunk's export and event collector, Logstash or Filebeat carry, rows in the answer of Log Analytics, documents of an archived index, CSV with a head, Zeek tables, and lines of text with or without a syslog header (RFC 5424 and 3164), also
with JSON behind the header. Not covered: tables whose head is not in the same source.

What every format keeps to, however hostile the record, is tried by changing each value of each shape, by damaging files
of every container, and by lines of megabytes: no crash, no hang, no alert without id, time and title. A product that is
not in the table is added by a [mapping file](guide/mappings.md); one for gateways in front of language models is shipped.
`;

/** The text of docs/formats.md. */
export function conformanceTable(formats: readonly AlertFormat[], covered: readonly Covered[]): string {
  const rows = formats.map((format) => {
    const files = covered.filter((one) => one.format === format.name);
    const alerts = files.flatMap((one) => one.alerts);
    const sum = (key: 'skipped' | 'rejected') => files.reduce((total, one) => total + one[key], 0);
    const cells = [format.label, `\`${format.name}\``, alerts.length, sum('skipped'), sum('rejected')];
    return `| ${[...cells, filled(alerts) || '–', NOT_COVERED[format.name] ?? ''].join(' | ')} |`;
  });
  return `${HEAD}${rows.join('\n')}\n${TAIL}`;
}

import type { NormalisedAlert } from '../../../shared/model/alert.ts';

/** One field of an alert as text, under the name that mapping files use. Fields that hold nothing are left out. */
export interface AlertField {
  name: string;
  value: string;
}

/** The fields of an alert in the order in which people look at them. */
export function alertFields(alert: NormalisedAlert): AlertField[] {
  const score = alert.severityScore === null ? '' : ` (${alert.severityScore} of 100)`;
  const pairs: [string, string | number | null | readonly string[]][] = [
    ['time', timeText(alert.observedAtMs)],
    ['title', alert.title],
    ['description', alert.description],
    ['severity', `${alert.severity}${score}`],
    ['id', alert.stableId],
    ['product', alert.product],
    ['ruleId', alert.ruleId],
    ['ruleName', alert.ruleName],
    ['category', alert.category],
    ['tactics', alert.tactics],
    ['techniques', alert.techniques],
    ['hosts', alert.hosts],
    ['users', alert.users],
    ['sourceIp', alert.sourceIp],
    ['sourcePort', alert.sourcePort],
    ['destinationIp', alert.destinationIp],
    ['destinationPort', alert.destinationPort],
    ['hashes', [...alert.hashes.md5, ...alert.hashes.sha1, ...alert.hashes.sha256]],
    ['urls', alert.urls],
    ['domains', alert.domains],
    ['cves', alert.cves],
    ['executable', alert.process.executable],
    ['commandLine', alert.process.commandLine],
    ['parentExecutable', alert.process.parentExecutable],
    ['action', alert.sourceAction],
    ['closedAtSource', alert.closedAtSource ? 'yes' : ''],
    ['verdict', alert.sourceVerdict],
    ['tags', alert.tags],
  ];
  return pairs
    .map(([name, value]) => ({
      name,
      value: value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value),
    }))
    .filter(({ value }) => value !== '');
}

function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}

import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { addHashesOf, addOnce, at, child, children, domainOf, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

/** The URL of Suricata's `http` object: path and host name are kept apart there. */
function httpUrl(http: JsonObject): string | null {
  const path = textOf(at(http, 'url'), LENGTH_LIMITS.url);
  if (path === null || path.includes('://')) return path;
  const host = textOf(at(http, 'hostname'));
  if (host === null) return path;
  const port = textOf(at(http, 'http_port'));
  const place = port === null || port === '80' || host.includes(':') ? host : `${host}:${port}`;
  // `OPTIONS *` has no slash: without one, the host would have another name.
  return `http://${place}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** What Suricata saw of HTTP, TLS, DNS and files: in EVE itself and in a Wazuh alert about an EVE record. */
export function addSuricataTraffic(alert: NormalisedAlert, eve: JsonObject): void {
  if (Object.hasOwn(eve, 'http')) {
    const http = child(eve, 'http');
    addOnce(alert.urls, httpUrl(http));
    addOnce(alert.domains, domainOf(at(http, 'hostname')));
  }
  if (Object.hasOwn(eve, 'tls')) addOnce(alert.domains, domainOf(at(child(eve, 'tls'), 'sni')));
  if (Object.hasOwn(eve, 'dns')) {
    const dns = child(eve, 'dns');
    addOnce(alert.domains, domainOf(at(dns, 'rrname')));
    for (const query of children(dns, 'query')) addOnce(alert.domains, domainOf(at(query, 'rrname')));
    for (const query of children(dns, 'queries')) addOnce(alert.domains, domainOf(at(query, 'rrname')));
  }
  if (Object.hasOwn(eve, 'fileinfo')) addHashesOf(alert.hashes, child(eve, 'fileinfo'));
  if (Object.hasOwn(eve, 'files')) for (const file of children(eve, 'files')) addHashesOf(alert.hashes, file);
}

/** ATT&CK, CVE and tags from the metadata of Emerging Threats rules; values are arrays, and write `_` for `.` and `-`. */
export function addRuleMetadata(alert: NormalisedAlert, metadata: JsonObject): void {
  addTechniques(alert.techniques, textsOf(at(metadata, 'mitre_technique_id')));
  addTactics(alert.tactics, textsOf(at(metadata, 'mitre_tactic_id')));
  if (alert.tactics.length === 0) addTactics(alert.tactics, textsOf(at(metadata, 'mitre_tactic_name')));
  for (const cve of textsOf(at(metadata, 'cve'))) addCves(alert.cves, cve.startsWith('CVE') ? cve : `CVE-${cve}`);
  for (const tag of textsOf(at(metadata, 'tag'))) addOnce(alert.tags, tag);
}

/** Words that firewalls and sensors use for what they did. */
const BLOCKED: ReadonlySet<string> = new Set([
  'blocked',
  'block',
  'drop',
  'dropped',
  'deny',
  'denied',
  'reject',
  'rejected',
]);
const ALLOWED: ReadonlySet<string> = new Set(['allowed', 'allow', 'pass', 'passed', 'accept', 'accepted', 'permit']);

export function actionOf(word: string | null): NormalisedAlert['sourceAction'] {
  if (word === null) return null;
  const plain = word.toLowerCase();
  if (ALLOWED.has(plain)) return 'allowed';
  return BLOCKED.has(plain) ? 'blocked' : null;
}

import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { at, child, children, numberOf } from './values.ts';

/** The interfaces write in small letters what the event streams write with capitals. */
const NAMES: Readonly<Record<string, string>> = {
  composite_id: 'CompositeId',
  display_name: 'DetectName',
  description: 'DetectDescription',
  severity: 'Severity',
  severity_name: 'SeverityName',
  tactic: 'Tactic',
  tactic_id: 'TacticId',
  technique: 'Technique',
  technique_id: 'TechniqueId',
  objective: 'Objective',
  pattern_id: 'PatternId',
  correlation_rule_id: 'RuleId',
  user_name: 'UserName',
  user_principal: 'UserName',
  source_account_domain: 'SourceAccountDomain',
  source_account_name: 'SourceAccountName',
  source_account_upn: 'SourceAccountUpn',
  source_endpoint_host_name: 'SourceEndpointHostName',
  source_endpoint_ip_address: 'SourceEndpointIpAddress',
  source_endpoint_address_ip4: 'SourceEndpointIpAddress',
  target_endpoint_host_name: 'TargetEndpointHostName',
  target_endpoint_address_ip4: 'TargetEndpointIpAddress',
  filename: 'FileName',
  filepath: 'FilePath',
  cmdline: 'CommandLine',
  sha256: 'SHA256String',
  sha1: 'SHA1String',
  md5: 'MD5String',
  pattern_disposition_description: 'PatternDispositionDescription',
  host_names: 'HostNames',
  source_hosts: 'SourceHosts',
  user_names: 'UserNames',
  source_ips: 'SourceIps',
  destination_ips: 'DestinationIps',
};

function renamed(record: JsonObject): JsonObject {
  const pairs = Object.entries(NAMES).map(([from, to]): [string, Json] => [to, at(record, from) ?? null]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== null && value !== ''));
}

/** `mitre_attack[]`, with the names that the event streams use. */
function attacks(record: JsonObject): JsonObject[] {
  return children(record, 'mitre_attack').map((one) => ({
    Tactic: at(one, 'tactic') ?? null,
    TacticID: at(one, 'tactic_id') ?? null,
    Technique: at(one, 'technique') ?? null,
    TechniqueID: at(one, 'technique_id') ?? null,
  }));
}

function ofDevice(record: JsonObject): JsonObject {
  const device = child(record, 'device');
  return {
    Hostname: at(device, 'hostname') ?? null,
    LocalIP: at(device, 'local_ip') ?? null,
    MachineDomain: null,
  };
}

/** All alerts of the Alerts interface are detections: their `product` and `type` say who found them. */
export function isApiAlert(record: JsonObject): boolean {
  return Object.hasOwn(record, 'composite_id') && Object.hasOwn(record, 'severity');
}

/** An alert of the Alerts interface under the names of the event streams. */
export function alertEvent(record: JsonObject): JsonObject {
  const known = renamed(record);
  return {
    ...known,
    DetectName: known.DetectName ?? at(record, 'name') ?? null,
    MitreAttack: attacks(record),
    ...ofDevice(record),
    ParentImageFileName: at(child(record, 'parent_details'), 'filepath') ?? null,
  };
}

/** The Detects interface, which the Alerts interface replaced: one detection with the behaviours that made it. */
export function isApiDetection(record: JsonObject): boolean {
  return Object.hasOwn(record, 'detection_id') && Array.isArray(at(record, 'behaviors'));
}

/** A detection of the Detects interface: its worst behaviour says most, all together say which techniques there were. */
export function detectionEvent(record: JsonObject): JsonObject {
  const behaviours = children(record, 'behaviors');
  const severityOf = (one: JsonObject) => numberOf(at(one, 'severity')) ?? -1;
  const worst = behaviours.reduce<JsonObject>((best, one) => (severityOf(one) > severityOf(best) ? one : best), {});
  return {
    ...renamed(worst),
    DetectId: at(record, 'detection_id') ?? null,
    DetectName: at(worst, 'display_name') ?? at(worst, 'scenario') ?? null,
    Severity: at(record, 'max_severity') ?? at(worst, 'severity') ?? null,
    SeverityName: at(record, 'max_severity_displayname') ?? null,
    MitreAttack: behaviours.map((one) => renamed(one)),
    ...ofDevice(record),
  };
}

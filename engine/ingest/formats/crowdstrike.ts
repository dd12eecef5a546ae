import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { joinPath } from './microsoft-evidence.ts';
import { techniqueIdOf } from './technique-names.ts';
import { addHash, addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, numberOf, textOf } from './values.ts';

const DETECTIONS: ReadonlySet<string> = new Set([
  'DetectionSummaryEvent',
  'EppDetectionSummaryEvent',
  'IdpDetectionSummaryEvent',
  'MobileDetectionSummaryEvent',
  'XdrDetectionSummaryEvent',
  'Alert',
]);
/** What stands for a tactic in detections that have none in ATT&CK. */
const NO_TACTICS: ReadonlySet<string> = new Set([
  'malware',
  'pup',
  'ml',
  'exploit',
  'custom intelligence',
  'falcon overwatch',
]);

interface Parts {
  /** `EppDetectionSummaryEvent` and the like. */
  type: string;
  event: JsonObject;
  metadata: JsonObject;
}

/** The Alerts interface writes in small letters what the older ones write with capitals. */
const ALERT_NAMES: Readonly<Record<string, string>> = {
  composite_id: 'CompositeId',
  display_name: 'DetectName',
  description: 'DetectDescription',
  severity: 'Severity',
  severity_name: 'SeverityName',
  tactic: 'Tactic',
  technique: 'Technique',
  technique_id: 'TechniqueId',
  objective: 'Objective',
  pattern_id: 'PatternId',
  user_name: 'UserName',
  user_principal: 'UserName',
  logon_domain: 'MachineDomain',
  source_account_name: 'SourceAccountName',
  source_endpoint_host_name: 'SourceEndpointHostName',
  source_endpoint_address_ip4: 'SourceEndpointIpAddress',
  target_endpoint_address_ip4: 'TargetEndpointIpAddress',
  filename: 'FileName',
  filepath: 'FilePath',
  cmdline: 'CommandLine',
  sha256: 'SHA256String',
  sha1: 'SHA1String',
  md5: 'MD5String',
  pattern_disposition_description: 'PatternDispositionDescription',
};

/** An alert of the Alerts interface under the names of the event streams. */
function alertEvent(record: JsonObject): JsonObject {
  const pairs = Object.entries(ALERT_NAMES).map(([from, to]): [string, Json] => [to, at(record, from) ?? null]);
  const device = child(record, 'device');
  const known = Object.fromEntries(pairs.filter(([, value]) => value !== null));
  return {
    ...known,
    DetectName: known.DetectName ?? at(record, 'name') ?? null,
    Hostname: at(device, 'hostname') ?? null,
    LocalIP: at(device, 'local_ip') ?? null,
    ParentImageFileName: at(child(record, 'parent_details'), 'filepath') ?? null,
  };
}

/** Its `product` and `type` say who found it; all of it are detections. */
function isApiAlert(record: JsonObject): boolean {
  return Object.hasOwn(record, 'composite_id') && Object.hasOwn(record, 'severity');
}

/** Event Streams wrap the event and say its type beside it; the data replicator writes it flat, or wrapped by who moved it. */
function partsOf(record: JsonObject): Parts {
  if (isApiAlert(record)) return { type: 'Alert', event: alertEvent(record), metadata: record };
  const inner = at(record, 'event');
  const event = isJsonObject(inner) ? inner : record;
  const metadata = child(record, 'metadata');
  const type =
    textOf(at(metadata, 'eventType')) ?? textOf(at(event, 'ExternalApiType')) ?? textOf(at(record, 'fdr_event_type'));
  return { type: (type ?? 'untyped').replace(/^Event_/, ''), event, metadata };
}

/** The older detections count from 1 to 5, the newer to 100; only the word means the same in both. */
function setSeverity(alert: NormalisedAlert, { type, event }: Parts): void {
  if (setSeverityWord(alert, at(event, 'SeverityName'))) return;
  const number = numberOf(at(event, 'Severity'));
  if (number === null) return;
  const words = ['informational', 'low', 'medium', 'high', 'critical'];
  if (type === 'DetectionSummaryEvent' && number >= 1 && number <= 5) setSeverityWord(alert, words[number - 1]);
  else setSeverityScore(alert, number);
}

function addAttack(alert: NormalisedAlert, event: JsonObject): void {
  const tactic = textOf(at(event, 'Tactic'));
  if (tactic !== null && !NO_TACTICS.has(tactic.toLowerCase())) addTactics(alert.tactics, [tactic]);
  for (const key of ['TechniqueId', 'Technique']) {
    const technique = textOf(at(event, key));
    if (technique === null) continue;
    const before = alert.techniques.length;
    addTechniques(alert.techniques, [technique]);
    if (alert.techniques.length > before) continue;
    const id = techniqueIdOf(technique);
    if (id !== null) addOnce(alert.techniques, id);
    else if (!/^T\d/.test(technique)) addOnce(alert.tags, `technique:${technique}`);
  }
  alert.category = textOf(at(event, 'Objective')) ?? tactic;
}

/** `FilePath` is a folder in the old detections and the whole path in the new. */
function pathOf(event: JsonObject): string | null {
  const folder = textOf(at(event, 'FilePath'), LENGTH_LIMITS.url);
  const name = textOf(at(event, 'FileName'));
  return folder !== null && name !== null && folder.endsWith(name) ? folder : joinPath(folder, name);
}

function addEntities(alert: NormalisedAlert, event: JsonObject): void {
  for (const key of ['Hostname', 'ComputerName', 'SourceEndpointHostName'])
    addOnce(alert.hosts, textOf(at(event, key)));
  const domain = textOf(at(event, 'MachineDomain')) ?? textOf(at(event, 'SourceAccountDomain'));
  const user = textOf(at(event, 'UserName')) ?? textOf(at(event, 'SourceAccountName'));
  if (user !== null) addOnce(alert.users, domain === null || /[\\@]/.test(user) ? user : `${domain}\\${user}`);
  alert.sourceIp = ipOf(at(event, 'LocalIP')) ?? ipOf(at(event, 'SourceEndpointIpAddress'));
  alert.destinationIp = ipOf(at(event, 'TargetEndpointIpAddress'));
  addOnce(alert.domains, domainOf(at(event, 'DomainName')));
  for (const key of ['SHA256String', 'SHA1String', 'MD5String']) addHash(alert.hashes, at(event, key));
  alert.process.executable = pathOf(event);
  alert.process.commandLine = textOf(at(event, 'CommandLine'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable = textOf(at(event, 'ParentImageFileName'), LENGTH_LIMITS.url);
}

/** "Prevention, process killed." against "Detection, standard detection." */
function setAction(alert: NormalisedAlert, event: JsonObject): void {
  const said = textOf(at(event, 'PatternDispositionDescription'), LENGTH_LIMITS.description)?.toLowerCase() ?? '';
  if (said.startsWith('prevention')) alert.sourceAction = 'blocked';
  else if (said.startsWith('detection')) alert.sourceAction = 'allowed';
}

/** What people did with it in the Falcon console. */
function setState(alert: NormalisedAlert, record: JsonObject): void {
  const resolution = textOf(at(record, 'resolution'));
  alert.closedAtSource = textOf(at(record, 'status')) === 'closed';
  if (alert.closedAtSource || resolution !== null) alert.sourceVerdict = resolution ?? 'closed';
}

function setTitle(alert: NormalisedAlert, event: JsonObject): void {
  const name = textOf(at(event, 'DetectName')) ?? textOf(at(event, 'Name'));
  const description =
    textOf(at(event, 'DetectDescription'), LENGTH_LIMITS.description) ??
    textOf(at(event, 'Description'), LENGTH_LIMITS.description);
  alert.title = textOf([name, description].filter((part) => part !== null).join(': '), LENGTH_LIMITS.title) ?? '';
  alert.description = description ?? '';
  const pattern = textOf(at(event, 'PatternId'));
  alert.ruleId = pattern ?? name ?? '';
  alert.ruleName = name ?? '';
}

function read(record: JsonObject): FormatResult {
  const parts = partsOf(record);
  const { event, metadata } = parts;
  if (!DETECTIONS.has(parts.type)) return { kind: 'skip', why: `a CrowdStrike ${parts.type}, which is no detection` };
  const alert = emptyAlert('crowdstrike');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['metadata.eventCreationTime', at(metadata, 'eventCreationTime')],
    ['created_timestamp', at(metadata, 'created_timestamp')],
    ['timestamp', at(metadata, 'timestamp')],
    ['UTCTimestamp', at(event, 'UTCTimestamp')],
    ['timestamp', at(event, 'timestamp')],
    ['ProcessStartTime', at(event, 'ProcessStartTime')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(event, 'CompositeId')) ?? textOf(at(event, 'DetectId'));
  alert.stableId = id ?? recordDigest('crowdstrike', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  setTitle(alert, event);
  setSeverity(alert, parts);
  addAttack(alert, event);
  addEntities(alert, event);
  setAction(alert, event);
  setState(alert, metadata);
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

/** CrowdStrike Falcon: Event Streams, the data replicator, and the Alerts interface. */
export const crowdstrike: AlertFormat = {
  name: 'crowdstrike',
  label: 'CrowdStrike Falcon',
  recognises(record) {
    if (isApiAlert(record)) return Object.hasOwn(record, 'pattern_id') || Object.hasOwn(record, 'cid') ? 1 : 0;
    const event = at(record, 'event');
    if (isJsonObject(event)) {
      const metadata = child(record, 'metadata');
      if (Object.hasOwn(metadata, 'eventType') && Object.hasOwn(metadata, 'eventCreationTime')) return 1;
      return Object.hasOwn(record, 'fdr_event_type') || Object.hasOwn(event, 'ExternalApiType') ? 1 : 0;
    }
    return Object.hasOwn(record, 'ExternalApiType') ? 1 : 0;
  },
  read,
};

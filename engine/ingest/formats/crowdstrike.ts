import { TACTIC_SLUGS, tacticSlug } from '../../../shared/domain/alert/tactics.ts';
import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import type { Severity } from '../../../shared/model/vocabulary.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { alertEvent, detectionEvent, isApiAlert, isApiDetection } from './crowdstrike-api.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { joinPath } from './microsoft-evidence.ts';
import { techniqueIdOf } from './technique-names.ts';
import {
  addHash,
  addOnce,
  at,
  child,
  children,
  domainOf,
  ipOf,
  LENGTH_LIMITS,
  numberOf,
  textOf,
  textsOf,
} from './values.ts';

/** `EppDetectionSummaryEvent` and its kin of other modules, in any case of letters; and incidents of identities. */
const DETECTION = /detectionsummaryevent$|^identityprotectionevent$|^alert$/i;
/** Tactics of ATT&CK only: "Malware", "Machine Learning" and others (CSTA0004) are CrowdStrike's own. */
const KNOWN_TACTICS: ReadonlySet<string> = new Set(Object.values(TACTIC_SLUGS));

interface Parts {
  /** `EppDetectionSummaryEvent` and the like. */
  type: string;
  event: JsonObject;
  metadata: JsonObject;
}

/** Event Streams wrap the event and say its type beside it; the data replicator writes it flat, or wrapped by who moved it. */
function partsOf(record: JsonObject): Parts {
  if (isApiAlert(record)) return { type: 'Alert', event: alertEvent(record), metadata: record };
  if (isApiDetection(record)) return { type: 'Alert', event: detectionEvent(record), metadata: record };
  const inner = at(record, 'event');
  const event = isJsonObject(inner) ? inner : record;
  const metadata = child(record, 'metadata');
  const type =
    textOf(at(metadata, 'eventType')) ?? textOf(at(event, 'ExternalApiType')) ?? textOf(at(record, 'fdr_event_type'));
  return { type: (type ?? 'untyped').replace(/^Event_/, ''), event, metadata };
}

/** The classes of CrowdStrike's own scale of 100, which are not those of others: 10, 30, 50, 70 and 90 are usual. */
const CLASSES: readonly (readonly [from: number, word: Severity])[] = [
  [80, 'critical'],
  [60, 'high'],
  [40, 'medium'],
  [20, 'low'],
  [10, 'informational'],
];

/** The older detections count from 1 to 5, the newer to 100; only the word means the same in both. */
function setSeverity(alert: NormalisedAlert, { type, event }: Parts): void {
  if (setSeverityWord(alert, at(event, 'SeverityName'))) return;
  const number = numberOf(at(event, 'Severity'));
  if (number === null) return;
  const words = ['informational', 'low', 'medium', 'high', 'critical'];
  if (/^DetectionSummaryEvent$/i.test(type) && number >= 1 && number <= 5) {
    setSeverityWord(alert, words[number - 1]);
    return;
  }
  setSeverityScore(alert, number);
  alert.severity = CLASSES.find(([from]) => number >= from)?.[1] ?? alert.severity;
}

function addTechnique(alert: NormalisedAlert, technique: string): void {
  const before = alert.techniques.length;
  addTechniques(alert.techniques, [technique]);
  if (alert.techniques.length > before || /^(?:CS)?T\d/.test(technique)) return;
  const id = techniqueIdOf(technique);
  if (id !== null) addOnce(alert.techniques, id);
  else addOnce(alert.tags, `technique:${technique}`);
}

/** The detection names one tactic and technique; newer ones name all of them in a list. */
function addAttack(alert: NormalisedAlert, event: JsonObject): void {
  for (const holder of [event, ...children(event, 'MitreAttack')]) {
    const id = textOf(at(holder, 'TacticID')) ?? textOf(at(holder, 'TacticId'));
    for (const slug of [tacticSlug(id ?? ''), tacticSlug(textOf(at(holder, 'Tactic')) ?? '')]) {
      if (slug !== null && KNOWN_TACTICS.has(slug)) addOnce(alert.tactics, slug);
    }
    const technique = textOf(at(holder, 'Technique'));
    const before = alert.techniques.length;
    for (const key of ['TechniqueId', 'TechniqueID']) addTechniques(alert.techniques, textsOf(at(holder, key)));
    if (technique !== null && alert.techniques.length === before) addTechnique(alert, technique);
  }
  alert.category = textOf(at(event, 'Objective')) ?? textOf(at(event, 'Tactic')) ?? textOf(at(event, 'Category'));
}

/** `FilePath` is a folder in the old detections and the whole path in the new. */
function pathOf(event: JsonObject): string | null {
  const folder = textOf(at(event, 'FilePath'), LENGTH_LIMITS.url);
  const name = textOf(at(event, 'FileName'));
  return folder !== null && name !== null && folder.endsWith(name) ? folder : joinPath(folder, name);
}

const HOST_KEYS = ['Hostname', 'ComputerName', 'HostNames', 'SourceEndpointHostName', 'EndpointName', 'SourceHosts'];

/** Of an identity it says the name under which it signs in, where it knows one. */
function addUsers(alert: NormalisedAlert, event: JsonObject): void {
  const domain = ['MachineDomain', 'LogonDomain', 'SourceAccountDomain'].map((key) => textOf(at(event, key)));
  const user =
    textOf(at(event, 'SourceAccountUpn')) ?? textOf(at(event, 'UserName')) ?? textOf(at(event, 'SourceAccountName'));
  const prefix = domain.find((one) => one !== null && one !== 'NA') ?? null;
  if (user !== null) addOnce(alert.users, prefix === null || /[\\@]/.test(user) ? user : `${prefix}\\${user}`);
  else for (const one of textsOf(at(event, 'UserNames'))) addOnce(alert.users, one);
}

function firstIp(event: JsonObject, keys: readonly string[]): string | null {
  for (const key of keys) {
    for (const text of textsOf(at(event, key))) {
      const ip = ipOf(text);
      if (ip !== null) return ip;
    }
  }
  return null;
}

function addEntities(alert: NormalisedAlert, event: JsonObject): void {
  for (const key of HOST_KEYS) for (const host of textsOf(at(event, key))) addOnce(alert.hosts, host);
  addUsers(alert, event);
  alert.sourceIp = firstIp(event, ['LocalIP', 'SourceEndpointIpAddress', 'EndpointIp', 'SourceIps', 'LocalIPv6']);
  alert.destinationIp = firstIp(event, ['TargetEndpointIpAddress', 'DestinationIps']);
  addOnce(alert.domains, domainOf(at(event, 'DomainName')));
  for (const key of ['SHA256String', 'SHA1String', 'MD5String', 'ContentSha']) addHash(alert.hashes, at(event, key));
  alert.process.executable = pathOf(event);
  alert.process.commandLine = textOf(at(event, 'CommandLine'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable =
    textOf(at(event, 'ParentImageFilePath'), LENGTH_LIMITS.url) ??
    textOf(at(event, 'ParentImageFileName'), LENGTH_LIMITS.url);
}

/** "Prevention, process killed." against "Detection, standard detection." */
function setAction(alert: NormalisedAlert, event: JsonObject): void {
  const said =
    textOf(at(event, 'PatternDispositionDescription'), LENGTH_LIMITS.description)?.toLowerCase().replace(/^"/, '') ??
    '';
  if (said.startsWith('prevention') || textOf(at(event, 'ResponseAction')) === 'blocked')
    alert.sourceAction = 'blocked';
  else if (said.startsWith('detection')) alert.sourceAction = 'allowed';
}

const CLOSED: ReadonlySet<string> = new Set(['closed', 'ignored', 'true_positive', 'false_positive']);

/** What people did with it in the Falcon console; the older interface has the verdict for a status. */
function setState(alert: NormalisedAlert, record: JsonObject): void {
  const resolution = textOf(at(record, 'resolution'));
  const status = textOf(at(record, 'status'))?.toLowerCase() ?? '';
  alert.closedAtSource = CLOSED.has(status);
  if (alert.closedAtSource || resolution !== null) alert.sourceVerdict = resolution ?? status;
}

function setTitle(alert: NormalisedAlert, event: JsonObject): void {
  const [name = null] = ['DetectName', 'DisplayName', 'Name', 'IncidentType']
    .map((key) => textOf(at(event, key)))
    .filter((one) => one !== null);
  const [description = null] = ['DetectDescription', 'Description', 'IncidentDescription']
    .map((key) => textOf(at(event, key), LENGTH_LIMITS.description))
    .filter((one) => one !== null);
  alert.title = textOf([name, description].filter((part) => part !== null).join(': '), LENGTH_LIMITS.title) ?? '';
  alert.description = description ?? '';
  const pattern = textOf(at(event, 'RuleId')) ?? textOf(at(event, 'PatternId'));
  alert.ruleId = pattern ?? name ?? '';
  alert.ruleName = name ?? '';
}

function read(record: JsonObject): FormatResult {
  const parts = partsOf(record);
  const { event, metadata } = parts;
  if (!DETECTION.test(parts.type)) return { kind: 'skip', why: `a CrowdStrike ${parts.type}, which is no detection` };
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
  const id =
    textOf(at(event, 'CompositeId')) ??
    textOf(at(event, 'DetectId')) ??
    textOf(at(event, 'IdentityProtectionIncidentId'));
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

/** CrowdStrike Falcon: Event Streams, the data replicator, the Alerts interface, and the Detects interface before it. */
export const crowdstrike: AlertFormat = {
  name: 'crowdstrike',
  label: 'CrowdStrike Falcon',
  recognises(record) {
    if (isApiDetection(record)) return Object.hasOwn(record, 'device') || Object.hasOwn(record, 'cid') ? 1 : 0;
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
  taken: { fields: takenBut(), words: ['|technique:'] },
};

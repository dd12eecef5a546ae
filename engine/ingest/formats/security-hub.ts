import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimestamp } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics } from './attack.ts';
import { addAwsAction, camelKeys } from './aws.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
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
  portOf,
  textOf,
  textsOf,
} from './values.ts';

/** The word says how bad, the number how bad within the word; the provider's own pair counts when the finding has none. */
function setSeverity(alert: NormalisedAlert, finding: JsonObject): void {
  for (const severity of [child(finding, 'Severity'), child(child(finding, 'FindingProviderFields'), 'Severity')]) {
    const hasWord = setSeverityWord(alert, at(severity, 'Label'));
    const word = alert.severity;
    if (setSeverityScore(alert, at(severity, 'Normalized')) && hasWord) alert.severity = word;
    if (hasWord || alert.severityScore !== null) return;
  }
}

/** `TTPs/Initial Access/UnauthorizedAccess:EC2-TorClient`: namespace, category, classifier. */
function addTypes(alert: NormalisedAlert, finding: JsonObject): void {
  const own = textsOf(at(finding, 'Types'));
  const types = own.length > 0 ? own : textsOf(at(child(finding, 'FindingProviderFields'), 'Types'));
  alert.category = types[0] ?? null;
  for (const type of types) {
    addOnce(alert.tags, type);
    const [namespace, category] = type.split('/');
    if (namespace?.toLowerCase() === 'ttps' && category) addTactics(alert.tactics, [category]);
  }
}

/** Those that acted stand among the users, those that it happened to among the hosts. */
function addResource(alert: NormalisedAlert, resource: JsonObject): void {
  const details = child(resource, 'Details');
  const key = child(details, 'AwsIamAccessKey');
  const issuer = child(child(key, 'SessionContext'), 'SessionIssuer');
  const user = textOf(at(key, 'UserName')) ?? textOf(at(issuer, 'UserName'));
  addOnce(alert.users, user);
  addOnce(alert.users, textOf(at(child(details, 'AwsIamUser'), 'UserName')));
  const id = textOf(at(resource, 'Id'), LENGTH_LIMITS.ruleId);
  const type = textOf(at(resource, 'Type')) ?? '';
  const isActor = textOf(at(resource, 'ResourceRole'))?.toLowerCase() === 'actor' || /^AwsIam|^AwsAccount$/.test(type);
  if (!isActor) addOnce(alert.hosts, id);
  else if (user === null && alert.users.length === 0) addOnce(alert.users, id);
  for (const address of textsOf(at(child(details, 'AwsEc2Instance'), 'IpV4Addresses'))) {
    if (alert.sourceIp !== address) alert.destinationIp ??= ipOf(address);
  }
  addOnce(alert.hosts, textOf(at(child(details, 'AwsEc2Instance'), 'InstanceId')));
}

function addNetwork(alert: NormalisedAlert, network: JsonObject): void {
  alert.sourceIp ??= ipOf(at(network, 'SourceIpV4')) ?? ipOf(at(network, 'SourceIpV6'));
  alert.sourcePort ??= portOf(at(network, 'SourcePort'));
  alert.destinationIp ??= ipOf(at(network, 'DestinationIpV4')) ?? ipOf(at(network, 'DestinationIpV6'));
  alert.destinationPort ??= portOf(at(network, 'DestinationPort'));
  addOnce(alert.domains, domainOf(at(network, 'SourceDomain')));
  addOnce(alert.domains, domainOf(at(network, 'DestinationDomain')));
}

function addProcess(alert: NormalisedAlert, process: JsonObject): void {
  alert.process.executable = textOf(at(process, 'Path'), LENGTH_LIMITS.url) ?? textOf(at(process, 'Name'));
}

function addIndicators(alert: NormalisedAlert, finding: JsonObject): void {
  for (const indicator of children(finding, 'ThreatIntelIndicators')) {
    const kind = textOf(at(indicator, 'Type'))?.toUpperCase() ?? '';
    const value = at(indicator, 'Value');
    if (kind.startsWith('HASH_')) addHash(alert.hashes, value);
    else if (kind === 'DOMAIN') addOnce(alert.domains, domainOf(value));
    else if (kind === 'URL') addOnce(alert.urls, textOf(value, LENGTH_LIMITS.url));
  }
  for (const malware of children(finding, 'Malware')) {
    const name = textOf(at(malware, 'Name'));
    if (name !== null) addOnce(alert.tags, `malware:${name}`);
  }
  for (const vulnerability of children(finding, 'Vulnerabilities'))
    addCves(alert.cves, textOf(at(vulnerability, 'Id')));
}

function setState(alert: NormalisedAlert, finding: JsonObject): void {
  const workflow = textOf(at(child(finding, 'Workflow'), 'Status')) ?? textOf(at(finding, 'WorkflowState'));
  const isArchived = at(finding, 'RecordState') === 'ARCHIVED';
  alert.closedAtSource = isArchived || workflow === 'SUPPRESSED' || workflow === 'RESOLVED';
  if (alert.closedAtSource) alert.sourceVerdict = isArchived ? 'archived' : (workflow?.toLowerCase() ?? null);
  if (at(finding, 'Sample') === true) alert.tags.push('sample');
}

/** Checks of the configuration say how things stand and not that something happened. */
function isPosture(finding: JsonObject): boolean {
  return Object.hasOwn(finding, 'Compliance') && textOf(at(child(finding, 'Compliance'), 'Status')) !== null;
}

function read(record: JsonObject): FormatResult {
  if (isPosture(record)) return { kind: 'skip', why: 'a compliance check of AWS Security Hub, which is no alert' };
  const productArn = textOf(at(record, 'ProductArn'), LENGTH_LIMITS.ruleId);
  const id = textOf(at(record, 'Id'), LENGTH_LIMITS.ruleId);
  if (id === null) return { kind: 'reject', why: 'it has no Id, which every finding of AWS Security Hub has' };
  const alert = emptyAlert('security hub');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['LastObservedAt', at(record, 'LastObservedAt')],
    ['UpdatedAt', at(record, 'UpdatedAt')],
    ['CreatedAt', at(record, 'CreatedAt')],
    ['FirstObservedAt', at(record, 'FirstObservedAt')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  alert.stableId = `${productArn ?? ''}|${id}`;
  const created = at(record, 'CreatedAt');
  alert.dedupeAtMs = typeof created === 'string' ? (parseTimestamp(created)?.atMs ?? 0) : 0;
  alert.title = textOf(at(record, 'Title'), LENGTH_LIMITS.title) ?? '';
  alert.description = textOf(at(record, 'Description'), LENGTH_LIMITS.description) ?? '';
  const generator = textOf(at(record, 'GeneratorId'), LENGTH_LIMITS.ruleId);
  const provider = textOf(at(record, 'ProductName')) ?? productArn?.split('/').at(-1) ?? null;
  if (provider !== null) addOnce(alert.tags, `provider:${provider}`);
  setSeverity(alert, record);
  addTypes(alert, record);
  alert.ruleId = generator ?? alert.category ?? '';
  if (Object.hasOwn(record, 'Action')) addAwsAction(alert, camelKeys(child(record, 'Action')));
  addNetwork(alert, child(record, 'Network'));
  for (const resource of children(record, 'Resources')) addResource(alert, resource);
  addProcess(alert, child(record, 'Process'));
  addIndicators(alert, record);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  setState(alert, record);
  return finish(alert, warnings);
}

/** AWS Security Hub, in the AWS Security Finding Format. */
export const securityHub: AlertFormat = {
  name: 'security-hub',
  label: 'AWS Security Hub',
  recognises(record) {
    if (!Object.hasOwn(record, 'ProductArn') || !Object.hasOwn(record, 'GeneratorId')) return 0;
    return numberOf(at(record, 'SchemaVersion')) !== null || Object.hasOwn(record, 'AwsAccountId') ? 1 : 0.6;
  },
  read,
  taken: { fields: takenBut(), words: ['|provider:', '|malware:', '|error:', '|api:', '|sample|'] },
};

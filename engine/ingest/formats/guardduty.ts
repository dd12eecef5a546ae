import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimestamp } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { addAwsAction, camelKeys, eventDetail, tenfold } from './aws.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setTime } from './draft.ts';
import { addHashesOf, addOnce, at, child, children, ipOf, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

/** The finding within EventBridge, within the answer of the programming interface, or as it is exported. */
function findingOf(record: JsonObject): JsonObject {
  const finding = eventDetail(record);
  return Object.hasOwn(finding, 'Service') && !Object.hasOwn(finding, 'service') ? camelKeys(finding) : finding;
}

/** Purposes of finding types that are tactics; others (CryptoCurrency, PenTest, Stealth, Policy) are words of AWS's own. */
const TACTIC_PURPOSES: ReadonlySet<string> = new Set([
  'CredentialAccess',
  'DefenseEvasion',
  'Discovery',
  'Execution',
  'Exfiltration',
  'Impact',
  'InitialAccess',
  'Persistence',
  'PrivilegeEscalation',
]);
const RELATED_TACTICS: ReadonlyMap<string, string> = new Map([
  ['Recon', 'Discovery'],
  ['Backdoor', 'Command and Control'],
  ['Trojan', 'Command and Control'],
]);

/** `Recon:EC2/PortProbe`: the word before the colon is what it is for. */
function setKind(alert: NormalisedAlert, finding: JsonObject): void {
  const type = textOf(at(finding, 'type'), LENGTH_LIMITS.ruleId);
  if (type === null) return;
  alert.ruleId = type;
  alert.ruleName = type;
  const purpose = type.split(':', 1)[0] ?? '';
  alert.category = purpose;
  if (TACTIC_PURPOSES.has(purpose)) addTactics(alert.tactics, [purpose]);
  const related = RELATED_TACTICS.get(purpose);
  if (related !== undefined) addTactics(alert.tactics, [related]);
}

/**
 * Attack sequences carry their parts in `service.detection.sequence`, and in every form name their tactics in a line of
 * the description: "5 MITRE ATT&CK tactics observed: Discovery, Impact".
 */
function addSequence(alert: NormalisedAlert, service: JsonObject): void {
  if (alert.category !== 'AttackSequence') return;
  const sequence = child(child(service, 'detection'), 'sequence');
  for (const actor of children(sequence, 'actors')) addOnce(alert.users, textOf(at(child(actor, 'user'), 'name')));
  for (const resource of children(sequence, 'resources')) {
    addOnce(alert.hosts, textOf(at(resource, 'uid'), LENGTH_LIMITS.ruleId));
  }
  for (const endpoint of children(sequence, 'endpoints')) alert.sourceIp ??= ipOf(at(endpoint, 'ip'));
  for (const indicator of children(sequence, 'sequenceIndicators')) {
    const values = textsOf(at(indicator, 'values'));
    if (at(indicator, 'key') === 'ATTACK_TECHNIQUE') addTechniques(alert.techniques, values);
    if (at(indicator, 'key') === 'ATTACK_TACTIC') addTactics(alert.tactics, values);
  }
  addTechniques(alert.techniques, [alert.description]);
  const named = /ATT&CK tactics observed: ([^\n]{1,400})/.exec(alert.description)?.[1];
  if (named !== undefined) addTactics(alert.tactics, named.split(','));
}

function addResource(alert: NormalisedAlert, resource: JsonObject): void {
  const instance = child(resource, 'instanceDetails');
  for (const tag of children(instance, 'tags')) {
    if (textOf(at(tag, 'key'))?.toLowerCase() === 'name') addOnce(alert.hosts, textOf(at(tag, 'value')));
  }
  addOnce(alert.hosts, textOf(at(instance, 'instanceId')));
  addOnce(alert.hosts, textOf(at(child(resource, 'eksClusterDetails'), 'name')));
  addOnce(alert.hosts, textOf(at(child(resource, 'ecsClusterDetails'), 'name')));
  addOnce(alert.hosts, textOf(at(child(resource, 'rdsDbInstanceDetails'), 'dbInstanceIdentifier')));
  addOnce(alert.hosts, textOf(at(child(resource, 'lambdaDetails'), 'functionName')));
  for (const bucket of children(resource, 's3BucketDetails')) {
    addOnce(alert.hosts, textOf(at(bucket, 'arn'), LENGTH_LIMITS.ruleId) ?? textOf(at(bucket, 'name')));
  }
  const key = child(resource, 'accessKeyDetails');
  addOnce(alert.users, textOf(at(key, 'userName')) ?? textOf(at(key, 'principalId')));
  const kubernetes = child(child(resource, 'kubernetesDetails'), 'kubernetesUserDetails');
  addOnce(alert.users, textOf(at(kubernetes, 'username')));
  const workload = child(child(resource, 'kubernetesDetails'), 'kubernetesWorkloadDetails');
  const [name, namespace] = [textOf(at(workload, 'name')), textOf(at(workload, 'namespace'))];
  addOnce(alert.hosts, name === null || namespace === null ? name : `${namespace}/${name}`);
  addOnce(alert.users, textOf(at(child(resource, 'rdsDbUserDetails'), 'user')));
}

/** The instance's own address fills the end that the action leaves open. */
function addInstanceAddress(alert: NormalisedAlert, resource: JsonObject): void {
  const networks = children(child(resource, 'instanceDetails'), 'networkInterfaces');
  const own = networks.map((network) => ipOf(at(network, 'privateIpAddress'))).find((ip) => ip !== null) ?? null;
  if (own === null || own === alert.sourceIp || own === alert.destinationIp) return;
  if (alert.sourceIp === null) alert.sourceIp = own;
  else alert.destinationIp ??= own;
}

/** What the agent on the machine saw: the process, and the file that was scanned. */
function addRuntime(alert: NormalisedAlert, service: JsonObject): void {
  const process = child(child(service, 'runtimeDetails'), 'process');
  alert.process.executable = textOf(at(process, 'executablePath'), LENGTH_LIMITS.url) ?? textOf(at(process, 'name'));
  const lineage = children(process, 'lineage');
  alert.process.parentExecutable = textOf(at(lineage[0] ?? {}, 'executablePath'), LENGTH_LIMITS.url);
  const context = child(child(service, 'runtimeDetails'), 'context');
  alert.process.commandLine = textOf(at(context, 'commandLineExample'), LENGTH_LIMITS.commandLine);
  const executable = textOf(at(process, 'executableSha256'));
  if (executable !== null) addHashesOf(alert.hashes, { sha256: executable });
  const scan = child(child(service, 'ebsVolumeScanDetails'), 'scanDetections');
  const threats = children(child(scan, 'threatDetectedByName'), 'threatNames');
  for (const threat of threats) {
    for (const file of children(threat, 'filePaths')) addHashesOf(alert.hashes, { sha256: at(file, 'hash') ?? null });
  }
  for (const threat of children(child(service, 'malwareScanDetails'), 'threats')) {
    const name = textOf(at(threat, 'name'));
    if (name !== null) addOnce(alert.tags, `malware:${name}`);
    for (const item of children(threat, 'itemPaths')) addHashesOf(alert.hashes, { sha256: at(item, 'hash') ?? null });
  }
  const user = textOf(at(process, 'user'));
  if (user !== null) addOnce(alert.users, user);
}

function setState(alert: NormalisedAlert, service: JsonObject): void {
  alert.closedAtSource = at(service, 'archived') === true;
  if (alert.closedAtSource) alert.sourceVerdict = 'archived';
  if (at(child(service, 'additionalInfo'), 'sample') === true) alert.tags.push('sample');
}

function read(record: JsonObject): FormatResult {
  const finding = findingOf(record);
  const service = child(finding, 'service');
  const alert = emptyAlert('guardduty');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['service.eventLastSeen', at(service, 'eventLastSeen')],
    ['updatedAt', at(finding, 'updatedAt')],
    ['createdAt', at(finding, 'createdAt')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(finding, 'id'));
  alert.stableId = id ?? recordDigest('guardduty', record);
  const created = textOf(at(finding, 'createdAt'));
  // The same finding is sent again as it goes on; only its time of creation stays.
  alert.dedupeAtMs = id === null ? alert.observedAtMs : (created && parseTimestamp(created)?.atMs) || 0;
  alert.title = textOf(at(finding, 'title'), LENGTH_LIMITS.title) ?? textOf(at(finding, 'type')) ?? '';
  alert.description = textOf(at(finding, 'description'), LENGTH_LIMITS.description) ?? '';
  setSeverityScore(alert, tenfold(at(finding, 'severity')) ?? undefined);
  setKind(alert, finding);
  addSequence(alert, service);
  setState(alert, service);
  const resource = child(finding, 'resource');
  addResource(alert, resource);
  addAwsAction(alert, child(service, 'action'));
  addInstanceAddress(alert, resource);
  addRuntime(alert, service);
  for (const account of textsOf(at(finding, 'accountId'))) addOnce(alert.tags, `account:${account}`);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** `arn:aws:guardduty:eu-west-1:123456789012:detector/…/finding/…`, where whoever moved the finding thinned it out. */
function isFindingArn(arn: Json | undefined): boolean {
  return typeof arn === 'string' && /^arn:[\w-]+:guardduty:.*\/finding\//.test(arn);
}

/** AWS GuardDuty: exported findings, EventBridge events, and the elements of `Findings[]`. */
export const guardduty: AlertFormat = {
  name: 'guardduty',
  label: 'AWS GuardDuty',
  recognisedBy: 'content',
  recognises(record) {
    const detailType = at(record, 'detail-type');
    if (
      (detailType === 'GuardDuty Finding' || at(record, 'source') === 'aws.guardduty') &&
      Object.hasOwn(record, 'detail')
    )
      return 1;
    const service = Object.hasOwn(record, 'Service') ? child(record, 'Service') : child(record, 'service');
    const name = at(service, 'serviceName') ?? at(service, 'ServiceName');
    if (name === undefined && isFindingArn(at(record, 'arn') ?? at(record, 'Arn'))) return 1;
    return name === 'guardduty' && (Object.hasOwn(record, 'type') || Object.hasOwn(record, 'Type')) ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|account:', '|error:', '|api:', '|malware:', '|sample|'] },
};

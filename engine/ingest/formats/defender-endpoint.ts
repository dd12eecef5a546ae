import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimestamp } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { accountName, joinPath } from './microsoft-evidence.ts';
import { setMicrosoftCategory, setMicrosoftState } from './microsoft-graph.ts';
import { addHash, addOnce, at, child, children, domainOf, ipOf, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

function pathOf(evidence: JsonObject, path: string, name: string): string | null {
  return joinPath(textOf(at(evidence, path), LENGTH_LIMITS.url), textOf(at(evidence, name)));
}

/** The first process is the one that the alert is about. */
function addProcess(alert: NormalisedAlert, evidence: JsonObject): void {
  const { process } = alert;
  if (process.executable !== null || process.commandLine !== null) return;
  process.executable = pathOf(evidence, 'filePath', 'fileName');
  process.commandLine = textOf(at(evidence, 'processCommandLine'), LENGTH_LIMITS.commandLine);
  process.parentExecutable = pathOf(evidence, 'parentProcessFilePath', 'parentProcessFileName');
}

/** One piece of evidence: every kind has the members of all kinds, most of them null. */
function addEvidence(alert: NormalisedAlert, evidence: JsonObject): void {
  if (textOf(at(evidence, 'entityType'))?.toLowerCase() === 'process') addProcess(alert, evidence);
  for (const key of ['sha256', 'sha1', 'md5']) addHash(alert.hashes, at(evidence, key));
  const account = accountName(
    at(evidence, 'userPrincipalName'),
    at(evidence, 'accountName'),
    at(evidence, 'domainName'),
  );
  addOnce(alert.users, account);
  addOnce(alert.users, textOf(at(evidence, 'mailboxAddress')));
  alert.sourceIp ??= ipOf(at(evidence, 'ipAddress'));
  addOnce(alert.urls, textOf(at(evidence, 'url'), LENGTH_LIMITS.url));
  addOnce(alert.domains, domainOf(at(evidence, 'url')));
}

function addThings(alert: NormalisedAlert, record: JsonObject): void {
  addOnce(alert.hosts, textOf(at(record, 'computerDnsName')));
  for (const device of children(record, 'devices')) addOnce(alert.hosts, textOf(at(device, 'deviceDnsName')));
  const related = child(record, 'relatedUser');
  addOnce(alert.users, accountName(null, at(related, 'userName'), at(related, 'domainName')));
  for (const key of ['evidence', 'entities']) {
    for (const evidence of children(record, key)) addEvidence(alert, evidence);
  }
}

function setTexts(alert: NormalisedAlert, record: JsonObject): void {
  alert.title = textOf(at(record, 'title'), LENGTH_LIMITS.title) ?? '';
  alert.description = textOf(at(record, 'description'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId = textOf(at(record, 'detectorId'), LENGTH_LIMITS.ruleId) ?? alert.title;
  for (const key of ['serviceSource', 'detectionSource']) addOnce(alert.tags, textOf(at(record, key)));
  const incident = textOf(at(record, 'incidentId'));
  if (incident !== null) addOnce(alert.tags, `incident:${incident}`);
  const threat = textOf(at(record, 'threatName')) ?? textOf(at(record, 'threatFamilyName'));
  if (threat !== null) addOnce(alert.tags, `malware:${threat}`);
}

/** The two interfaces name the same moments differently: `alertCreationTime` and `creationTime`. */
const TIMES = ['lastEventTime', 'lastActivity', 'alertCreationTime', 'creationTime', 'firstEventTime', 'firstActivity'];

function read(record: JsonObject): FormatResult {
  const id = textOf(at(record, 'id'), LENGTH_LIMITS.ruleId) ?? textOf(at(record, 'alertId'), LENGTH_LIMITS.ruleId);
  if (id === null) return { kind: 'reject', why: 'it has no id, which every alert of Defender has' };
  const alert = emptyAlert('microsoft defender');
  const warnings: ReadWarning[] = [];
  const written = TIMES.map((key) => [key, at(record, key)] as const).filter(([, value]) => value !== undefined);
  const problem = setTime(alert, warnings, written);
  if (problem !== null) return { kind: 'reject', why: problem };
  alert.stableId = id;
  const created = at(record, 'alertCreationTime') ?? at(record, 'creationTime');
  if (typeof created === 'string') alert.dedupeAtMs = parseTimestamp(created)?.atMs ?? 0;
  setTexts(alert, record);
  setSeverityWord(alert, at(record, 'severity'));
  setMicrosoftCategory(alert, textOf(at(record, 'category')));
  addTechniques(alert.techniques, textsOf(at(record, 'mitreTechniques')));
  addThings(alert, record);
  setMicrosoftState(alert, record);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** Microsoft Defender for Endpoint's own interface, and the alerts within the incidents of Microsoft 365 Defender's. */
export const defenderEndpoint: AlertFormat = {
  name: 'defender-endpoint',
  label: 'Microsoft Defender for Endpoint',
  recognises(record) {
    if (!Object.hasOwn(record, 'title') || !Object.hasOwn(record, 'severity')) return 0;
    if (Object.hasOwn(record, 'alertCreationTime')) return 1;
    return Object.hasOwn(record, 'alertId') && Object.hasOwn(record, 'creationTime') ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|incident:', '|malware:'] },
};

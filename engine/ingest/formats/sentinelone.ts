import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { readSentinelOneAlert } from './sentinelone-alert.ts';
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
} from './values.ts';

/** Activities that are alerts; the console knows hundreds that are not. */
const CUSTOM_RULE_ALERT = 3608;
const THREAT_ACTIVITIES: ReadonlySet<number> = new Set([18, 19, 4003]);

/** Data lakes write every key in lower case; so do we, then one name finds both. */
function lowered(record: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key.toLowerCase(), isJsonObject(value) ? lowered2(value) : value]),
  );
}

/** The second level; what is deeper is read by nobody. */
function lowered2(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}

function addHashes(alert: NormalisedAlert, holder: JsonObject): void {
  for (const key of ['md5', 'sha1', 'sha256', 'filecontenthash']) addHash(alert.hashes, at(holder, key));
}

/** The sentence is a template of the console, and the only place where an activity names the machine. */
function hostOfSentence(sentence: string, warnings: ReadWarning[]): string | null {
  const host = /, detected on ([^\s,]{1,255}?)\.?$/.exec(sentence)?.[1] ?? null;
  if (host !== null) warnings.push({ field: 'hosts', message: 'taken from the sentence in primaryDescription' });
  return textOf(host ?? undefined);
}

function readActivity(record: JsonObject): FormatResult {
  const type = numberOf(at(record, 'activitytype'));
  const isCustom = type === CUSTOM_RULE_ALERT;
  if (!isCustom && !THREAT_ACTIVITIES.has(type ?? -1)) {
    return { kind: 'skip', why: `a SentinelOne activity of type ${type ?? 'unknown'}, which is no alert` };
  }
  const alert = emptyAlert('sentinelone');
  const warnings: ReadWarning[] = [];
  const data = child(record, 'data');
  const problem = setTime(alert, warnings, [
    ['data.detectedAt', at(data, 'detectedat')],
    ['createdAt', at(record, 'createdat')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(data, 'alertid')) ?? textOf(at(record, 'threatid')) ?? textOf(at(record, 'id'));
  alert.stableId = id ?? recordDigest('sentinelone', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  const sentence = textOf(at(record, 'primarydescription'), LENGTH_LIMITS.description) ?? '';
  const rule = textOf(at(data, 'rulename'));
  const threat = textOf(at(data, 'threatclassification')) ?? textOf(at(data, 'filedisplayname'));
  alert.title = rule ?? textOf(sentence, LENGTH_LIMITS.title) ?? '';
  alert.description = [sentence, textOf(at(data, 'ruledescription'), LENGTH_LIMITS.description)]
    .filter(Boolean)
    .join('\n');
  alert.ruleId = textOf(at(data, 'ruleid')) ?? rule ?? threat ?? alert.title;
  alert.ruleName = rule ?? threat ?? '';
  alert.category = isCustom ? 'custom rule' : 'threat';
  setThreatSeverity(alert, data);
  addOnce(alert.hosts, textOf(at(data, 'computername')) ?? hostOfSentence(sentence, warnings));
  addOnce(alert.users, textOf(at(data, 'actoralternateid')) ?? textOf(at(data, 'username')));
  alert.sourceIp = ipOf(at(data, 'agentipv4')) ?? ipOf(at(data, 'ipaddress')) ?? ipOf(at(data, 'srcip'));
  alert.sourcePort = portOf(at(data, 'srcport')) || null;
  alert.destinationIp = ipOf(at(data, 'dstip'));
  alert.destinationPort = portOf(at(data, 'dstport')) || null;
  addOnce(alert.domains, domainOf(at(data, 'dnsrequest')));
  alert.process.executable = textOf(at(data, 'filepath'), LENGTH_LIMITS.url);
  addHashes(alert, data);
  addHash(alert.hashes, at(record, 'secondarydescription'));
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

function addIndicators(alert: NormalisedAlert, indicators: JsonObject[]): void {
  for (const indicator of indicators) {
    for (const tactic of children(indicator, 'tactics')) {
      const name = textOf(at(tactic, 'name'));
      if (name !== null) addTactics(alert.tactics, [name]);
      for (const technique of children(tactic, 'techniques')) {
        addTechniques(alert.techniques, [textOf(at(technique, 'name')) ?? '', textOf(at(technique, 'id')) ?? '']);
      }
    }
  }
}

/** Analysts there have said what it is, or closed it. */
function setState(alert: NormalisedAlert, info: JsonObject): void {
  const verdict = textOf(at(info, 'analystverdict'));
  alert.sourceVerdict = verdict === 'undefined' ? null : verdict;
  alert.closedAtSource = textOf(at(info, 'incidentstatus'))?.toLowerCase() === 'resolved';
  const mitigation = textOf(at(info, 'mitigationstatus'))?.toLowerCase() ?? null;
  if (mitigation === 'mitigated' || mitigation === 'blocked') alert.sourceAction = 'blocked';
  else if (mitigation === 'not_mitigated' || mitigation === 'active') alert.sourceAction = 'allowed';
}

/** The console says only how sure it is; a malicious threat that nothing stopped is as bad as they come. */
function setThreatSeverity(alert: NormalisedAlert, info: JsonObject): void {
  if (setSeverityWord(alert, textOf(at(info, 'severity'))?.replace(/^E_/i, ''))) return;
  const confidence = textOf(at(info, 'confidencelevel'))?.toLowerCase();
  if (confidence === 'malicious') setSeverityWord(alert, 'high');
  else if (confidence === 'suspicious') setSeverityWord(alert, 'medium');
}

function readThreat(record: JsonObject): FormatResult {
  const info = child(record, 'threatinfo');
  const agent = { ...child(record, 'agentdetectioninfo'), ...child(record, 'agentrealtimeinfo') };
  const alert = emptyAlert('sentinelone');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['threatInfo.identifiedAt', at(info, 'identifiedat')],
    ['threatInfo.createdAt', at(info, 'createdat')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id')) ?? textOf(at(info, 'threatid'));
  alert.stableId = id ?? recordDigest('sentinelone', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  const name = textOf(at(info, 'threatname'), LENGTH_LIMITS.title);
  const kind = textOf(at(info, 'classification'));
  alert.title = textOf([kind, name].filter((part) => part !== null).join(': '), LENGTH_LIMITS.title) ?? '';
  alert.ruleId = kind ?? name ?? '';
  alert.category = kind;
  setThreatSeverity(alert, info);
  addIndicators(alert, children(record, 'indicators'));
  addOnce(alert.hosts, textOf(at(agent, 'agentcomputername')));
  const user =
    textOf(at(info, 'processuser')) ??
    textOf(at(agent, 'agentlastloggedinupn')) ??
    textOf(at(agent, 'agentlastloggedinusername'));
  addOnce(alert.users, user);
  alert.sourceIp = ipOf(at(agent, 'agentipv4')) ?? ipOf(at(agent, 'externalip'));
  addHashes(alert, info);
  alert.process.executable = textOf(at(info, 'filepath'), LENGTH_LIMITS.url);
  alert.process.commandLine = textOf(at(info, 'maliciousprocessarguments'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable = textOf(at(info, 'originatorprocess'));
  setState(alert, info);
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

function read(record: JsonObject): FormatResult {
  const plain = lowered(record);
  if (Object.hasOwn(plain, 'alertinfo')) return readSentinelOneAlert(plain);
  return Object.hasOwn(plain, 'threatinfo') ? readThreat(plain) : readActivity(plain);
}

/** `alertInfo` beside `ruleInfo`; of either case of letters, as data lakes write it. */
function isAlertOfRule(record: JsonObject): boolean {
  const has = (key: string) => Object.hasOwn(record, key) || Object.hasOwn(record, key.toLowerCase());
  return has('alertInfo') && (has('ruleInfo') || has('agentDetectionInfo'));
}

/** SentinelOne: activities of the console, and threats and alerts of its programming interface. */
export const sentinelone: AlertFormat = {
  name: 'sentinelone',
  label: 'SentinelOne',
  recognises(record) {
    if (Object.hasOwn(record, 'threatInfo') || Object.hasOwn(record, 'threatinfo')) return 1;
    if (isAlertOfRule(record)) return 1;
    const isActivity = Object.hasOwn(record, 'activityType') || Object.hasOwn(record, 'activitytype');
    return isActivity && (Object.hasOwn(record, 'primaryDescription') || Object.hasOwn(record, 'primarydescription'))
      ? 1
      : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|custom rule|', '|threat|', '|indicator:'] },
};

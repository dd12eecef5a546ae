import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { unescapeWindows } from '../../../shared/domain/alert/windows-event.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { actionOf, addRuleMetadata, addSuricataTraffic } from './suricata-parts.ts';
import {
  addHashesOf,
  addOnce,
  at,
  child,
  children,
  domainOf,
  LENGTH_LIMITS,
  numberOf,
  textOf,
  textsOf,
} from './values.ts';
import { addWazuhService, setWazuhEnds } from './wazuh-ends.ts';
import { addWindowsEvent } from './wazuh-windows.ts';

/** The document of an OpenSearch hit, or the record itself when it comes from alerts.json. */
function documentOf(record: JsonObject): JsonObject {
  const source = at(record, '_source');
  return isJsonObject(source) ? source : record;
}

/** Rule levels 0 to 16 in Wazuh's own classes. */
function severityWord(level: number): string {
  if (level >= 15) return 'critical';
  if (level >= 12) return 'high';
  if (level >= 7) return 'medium';
  return level >= 4 ? 'low' : 'informational';
}

/** `1750789915.1194139` is epoch seconds and an offset in the log: unique for one manager, and its time never changes. */
function setIds(alert: NormalisedAlert, record: JsonObject, document: JsonObject): void {
  const id = textOf(at(document, 'id'));
  const hitId = textOf(at(record, '_id'));
  if (hitId !== null) alert.stableId = hitId;
  else if (id !== null) alert.stableId = `${textOf(at(child(document, 'manager'), 'name')) ?? ''}:${id}`;
  else alert.stableId = recordDigest('wazuh', document);
  const seconds = id === null ? null : /^(\d{9,10})\.\d+$/.exec(id);
  alert.dedupeAtMs = seconds === null ? 0 : Number(seconds[1]) * 1000;
}

/** Agent 000 is the manager itself, which then speaks of a machine that sends it syslog. */
function addHosts(alert: NormalisedAlert, document: JsonObject): void {
  const agent = child(document, 'agent');
  const sender = textOf(at(child(document, 'predecoder'), 'hostname'));
  if (at(agent, 'id') === '000') addOnce(alert.hosts, sender ?? textOf(at(child(document, 'data'), 'hostname')));
  if (alert.hosts.length === 0) addOnce(alert.hosts, textOf(at(agent, 'name')));
  const computer = textOf(at(child(child(child(document, 'data'), 'win'), 'system'), 'computer'));
  const short = computer?.split('.', 1)[0]?.toLowerCase();
  if (!alert.hosts.some((host) => host.toLowerCase() === short)) addOnce(alert.hosts, computer);
}

/** A rule without a description is one of Wazuh's own statistics; the log text then says most. */
function setTitle(alert: NormalisedAlert, warnings: ReadWarning[], document: JsonObject, rule: JsonObject): void {
  const description = textOf(at(rule, 'description'), LENGTH_LIMITS.title);
  const log = textOf(at(document, 'full_log'), LENGTH_LIMITS.description);
  const ruleId = textOf(at(rule, 'id'));
  if (description !== null) alert.title = unescapeWindows(description);
  else if (ruleId !== null) {
    alert.title = textOf(log?.split('\n', 1)[0], 200) ?? `Wazuh rule ${ruleId}`;
    alert.ruleName = `Wazuh rule ${ruleId}`;
    warnings.push({ field: 'title', message: 'the rule has no description; the log text stands in' });
  }
  alert.ruleId = ruleId ?? '';
  const message = textOf(
    at(child(child(child(document, 'data'), 'win'), 'system'), 'message'),
    LENGTH_LIMITS.description,
  );
  alert.description = (message ?? log ?? '').replace(/^"|"$/g, '');
}

function addRule(alert: NormalisedAlert, rule: JsonObject): void {
  const groups = textsOf(at(rule, 'groups'));
  alert.category = groups[0] ?? null;
  alert.tags = groups;
  const mitre = child(rule, 'mitre');
  addTechniques(alert.techniques, textsOf(at(mitre, 'id')));
  addTactics(alert.tactics, textsOf(at(mitre, 'tactic')));
  const level = numberOf(at(rule, 'level'));
  if (level !== null) setSeverityWord(alert, severityWord(level));
}

/** What decoders put under `data`: everything is text there. */
function addData(alert: NormalisedAlert, data: JsonObject): void {
  addOnce(alert.users, textOf(at(data, 'dstuser')));
  addOnce(alert.users, textOf(at(data, 'srcuser')));
  const url = textOf(at(data, 'url'), LENGTH_LIMITS.url);
  addOnce(alert.urls, url);
  if (url?.includes('://')) addOnce(alert.domains, domainOf(url));
  const audit = child(data, 'audit');
  alert.process.executable = textOf(at(audit, 'exe'), LENGTH_LIMITS.url);
  alert.process.commandLine = textOf(at(data, 'command') ?? at(audit, 'command'), LENGTH_LIMITS.commandLine);
  alert.sourceAction = actionOf(textOf(at(child(data, 'alert'), 'action')) ?? textOf(at(data, 'action')));
  addRuleMetadata(alert, child(child(data, 'alert'), 'metadata'));
  addSuricataTraffic(alert, data);
  addHashesOf(alert.hashes, child(child(data, 'virustotal'), 'source'));
  for (const vulnerability of children(data, 'vulnerability')) addCves(alert.cves, textOf(at(vulnerability, 'cve')));
  addCves(alert.cves, textOf(at(child(data, 'alert'), 'signature')));
  addWindowsEvent(alert, child(child(data, 'win'), 'eventdata'));
}

function read(record: JsonObject): FormatResult {
  const document = documentOf(record);
  const rule = at(document, 'rule');
  if (!isJsonObject(rule)) return { kind: 'skip', why: 'an archived Wazuh event without a rule' };
  const alert = emptyAlert('wazuh');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['timestamp', at(document, 'timestamp')],
    ['@timestamp', at(document, '@timestamp')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  setIds(alert, record, document);
  setTitle(alert, warnings, document, rule);
  addRule(alert, rule);
  addHosts(alert, document);
  const data = child(document, 'data');
  addData(alert, data);
  setWazuhEnds(alert, data);
  addWazuhService(alert, data);
  addHashesOf(alert.hashes, child(document, 'syscheck'), '_after');
  addOnce(alert.users, textOf(at(child(document, 'syscheck'), 'uname_after')));
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

function isHitOfWazuh(record: JsonObject): boolean {
  const index = at(record, '_index');
  return typeof index === 'string' && index.startsWith('wazuh-') && isJsonObject(at(record, '_source'));
}

/** Wazuh's alerts.json, or the same documents as OpenSearch gives them. */
export const wazuh: AlertFormat = {
  name: 'wazuh',
  label: 'Wazuh',
  recognises(record) {
    if (isHitOfWazuh(record)) return 1;
    const document = documentOf(record);
    const rule = child(document, 'rule');
    const isRule = Object.hasOwn(rule, 'level') && (Object.hasOwn(rule, 'id') || Object.hasOwn(rule, 'groups'));
    const isWazuh = Object.hasOwn(document, 'manager') || Object.hasOwn(document, 'decoder');
    if (isRule && (isWazuh || Object.hasOwn(document, 'agent'))) return 1;
    return isWazuh && Object.hasOwn(document, 'location') && Object.hasOwn(document, 'agent') ? 0.8 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|http:', '|Wazuh rule '] },
};

import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { addHash, addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf } from './values.ts';

/** The process that did it, its parent, and what it did it to; a custom rule may speak of any of the three. */
function addProcesses(alert: NormalisedAlert, record: JsonObject): void {
  const source = child(record, 'sourceprocessinfo');
  const target = child(record, 'targetprocessinfo');
  const parent = child(record, 'sourceparentprocessinfo');
  const { commandLine, url } = LENGTH_LIMITS;
  const { process } = alert;
  process.executable =
    textOf(at(source, 'filepath'), url) ??
    textOf(at(source, 'name'), url) ??
    textOf(at(target, 'tgtprocimagepath'), url) ??
    textOf(at(target, 'tgtprocname'), url);
  process.commandLine =
    textOf(at(source, 'commandline'), commandLine) ?? textOf(at(target, 'tgtproccmdline'), commandLine);
  process.parentExecutable = textOf(at(parent, 'filepath'), url) ?? textOf(at(parent, 'name'), url);
  for (const key of ['filehashsha256', 'filehashsha1', 'filehashmd5']) addHash(alert.hashes, at(source, key));
  for (const key of ['tgtfilehashsha256', 'tgtfilehashsha1']) addHash(alert.hashes, at(target, key));
  addOnce(alert.users, textOf(at(source, 'user')));
}

/** Addresses, names and the account of a login, as far as the event of the rule has them. */
function addEvent(alert: NormalisedAlert, info: JsonObject): void {
  const machine = ipOf(at(info, 'srcmachineip'));
  alert.sourceIp = ipOf(at(info, 'srcip')) ?? machine;
  alert.sourcePort = portOf(at(info, 'srcport')) || null;
  alert.destinationIp = ipOf(at(info, 'dstip'));
  alert.destinationPort = portOf(at(info, 'dstport')) || null;
  addOnce(alert.domains, domainOf(at(info, 'dnsrequest')));
  const account = textOf(at(info, 'loginsusername'));
  const domain = textOf(at(info, 'loginaccountdomain'));
  addOnce(alert.users, account === null || domain === null ? account : `${domain}\\${account}`);
  addHash(alert.hashes, at(info, 'modulesha1'));
  const indicator = textOf(at(info, 'indicatorname'));
  if (indicator !== null) addOnce(alert.tags, `indicator:${indicator}`);
}

function setState(alert: NormalisedAlert, info: JsonObject): void {
  const verdict = textOf(at(info, 'analystverdict'));
  alert.sourceVerdict = verdict?.toLowerCase() === 'undefined' ? null : verdict;
  alert.closedAtSource = textOf(at(info, 'incidentstatus'))?.toLowerCase() === 'resolved';
}

/** An alert of a custom detection rule as the interface for alerts gives it; keys are in lower case on two levels. */
export function readSentinelOneAlert(record: JsonObject): FormatResult {
  const info = child(record, 'alertinfo');
  const rule = child(record, 'ruleinfo');
  const agent = { ...child(record, 'agentdetectioninfo'), ...child(record, 'agentrealtimeinfo') };
  const alert = emptyAlert('sentinelone');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['alertInfo.createdAt', at(info, 'createdat')],
    ['alertInfo.reportedAt', at(info, 'reportedat')],
    ['alertInfo.updatedAt', at(info, 'updatedat')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(info, 'alertid'));
  alert.stableId = id ?? recordDigest('sentinelone', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  const name = textOf(at(rule, 'name'), LENGTH_LIMITS.title);
  alert.title = name ?? textOf(at(info, 'eventtype')) ?? '';
  alert.description =
    textOf(at(rule, 'description'), LENGTH_LIMITS.description) ??
    textOf(at(info, 'indicatordescription'), LENGTH_LIMITS.description) ??
    '';
  alert.ruleId = textOf(at(rule, 'id'), LENGTH_LIMITS.ruleId) ?? name ?? '';
  alert.ruleName = name ?? '';
  alert.category = 'custom rule';
  setSeverityWord(alert, textOf(at(rule, 'severity'))?.replace(/^E_/i, ''));
  addOnce(alert.hosts, textOf(at(agent, 'name')) ?? textOf(at(agent, 'agentcomputername')));
  addEvent(alert, info);
  addProcesses(alert, record);
  addTechniques(alert.techniques, [alert.title, alert.description]);
  setState(alert, info);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { tenfold } from './aws.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setTime } from './draft.ts';
import {
  addHash,
  addOnce,
  at,
  child,
  children,
  domainOf,
  ipOf,
  LENGTH_LIMITS,
  portOf,
  textOf,
  textsOf,
} from './values.ts';

/** Watchlists name what hit; other alerts are of a rule or of the analytics as a whole. */
function setRule(alert: NormalisedAlert, record: JsonObject): void {
  const watchlist = children(record, 'watchlists').map((list) => textOf(at(list, 'name')))[0] ?? null;
  const report = textOf(at(record, 'report_name'), LENGTH_LIMITS.title);
  const type = textOf(at(record, 'type'));
  alert.ruleId =
    textOf(at(record, 'ioc_id'), LENGTH_LIMITS.ruleId) ??
    textOf(at(record, 'rule_id')) ??
    textOf(at(record, 'report_id')) ??
    [type, textOf(at(record, 'attack_technique'))].filter((part) => part !== null).join('/');
  alert.ruleName = report ?? watchlist ?? '';
  alert.category = textOf(at(record, 'threat_category')) ?? type;
}

function addEntities(alert: NormalisedAlert, record: JsonObject): void {
  // `CORP\WS-1`: other products know the machine without its domain.
  addOnce(alert.hosts, textOf(at(record, 'device_name'))?.replace(/^[^\\]*\\/, '') ?? null);
  addOnce(alert.users, textOf(at(record, 'process_username')) ?? textOf(at(record, 'device_username')));
  addOnce(alert.users, textOf(at(record, 'device_username')));
  alert.sourceIp = ipOf(at(record, 'netconn_local_ip')) ?? ipOf(at(record, 'device_internal_ip'));
  alert.sourcePort = portOf(at(record, 'netconn_local_port'));
  alert.destinationIp = ipOf(at(record, 'netconn_remote_ip'));
  alert.destinationPort = portOf(at(record, 'netconn_remote_port'));
  addOnce(alert.domains, domainOf(at(record, 'netconn_remote_domain')));
  for (const key of ['process_sha256', 'process_md5', 'blocked_sha256', 'blocked_md5', 'childproc_sha256']) {
    addHash(alert.hashes, at(record, key));
  }
  alert.process.executable = textOf(at(record, 'process_name'), LENGTH_LIMITS.url);
  alert.process.commandLine = textOf(at(record, 'process_cmdline'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable = textOf(at(record, 'parent_name'), LENGTH_LIMITS.url);
}

function setState(alert: NormalisedAlert, record: JsonObject): void {
  const workflow = child(record, 'workflow');
  const state = textOf(at(workflow, 'status')) ?? textOf(at(workflow, 'state'));
  alert.closedAtSource = /^(?:closed|dismissed)$/i.test(state ?? '');
  const verdict = textOf(at(child(record, 'determination'), 'value'));
  alert.sourceVerdict = verdict === null || verdict.toUpperCase() === 'NONE' ? null : verdict;
  const action = textOf(at(record, 'sensor_action'))?.toUpperCase() ?? '';
  if (action.includes('DENY') || action.includes('TERMINATE') || action.includes('BLOCK'))
    alert.sourceAction = 'blocked';
  else if (action.includes('ALLOW')) alert.sourceAction = 'allowed';
}

function read(record: JsonObject): FormatResult {
  const alert = emptyAlert('carbon black');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['detection_timestamp', at(record, 'detection_timestamp')],
    ['first_event_timestamp', at(record, 'first_event_timestamp')],
    ['first_event_time', at(record, 'first_event_time')],
    ['backend_timestamp', at(record, 'backend_timestamp')],
    ['create_time', at(record, 'create_time')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id'));
  alert.stableId = id ?? recordDigest('carbon black', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  const reason = textOf(at(record, 'reason'), LENGTH_LIMITS.description);
  alert.title = textOf(reason ?? undefined, LENGTH_LIMITS.title) ?? textOf(at(record, 'report_name')) ?? '';
  alert.description = textOf(at(record, 'report_description'), LENGTH_LIMITS.description) ?? reason ?? '';
  setSeverityScore(alert, tenfold(at(record, 'severity')) ?? undefined);
  setRule(alert, record);
  addTactics(alert.tactics, textsOf(at(record, 'attack_tactic')));
  const ttps = textsOf(at(record, 'ttps'));
  addTechniques(alert.techniques, [...textsOf(at(record, 'attack_technique')), ...ttps]);
  for (const tag of [...textsOf(at(record, 'tags')), ...ttps]) addOnce(alert.tags, tag);
  addEntities(alert, record);
  setState(alert, record);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** VMware Carbon Black Cloud alerts, as the data forwarder and the programming interface write them. */
export const carbonBlack: AlertFormat = {
  name: 'carbon-black',
  label: 'Carbon Black Cloud',
  recognises(record) {
    if (!Object.hasOwn(record, 'device_name') || !Object.hasOwn(record, 'org_key')) return 0;
    const isTimed = Object.hasOwn(record, 'backend_timestamp') || Object.hasOwn(record, 'create_time');
    return isTimed && Object.hasOwn(record, 'severity') ? 1 : 0;
  },
  read,
};

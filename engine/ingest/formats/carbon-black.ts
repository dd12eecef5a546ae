import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
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
  addTexts,
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

const TIMES = ['detection_timestamp', 'first_event_timestamp', 'first_event_time', 'backend_timestamp', 'create_time'];

/** The members that differ between the sixth and seventh version of the interface, the older names last. */
const HASHES = [
  'process_sha256',
  'process_md5',
  'blocked_sha256',
  'blocked_md5',
  'childproc_sha256',
  'threat_cause_actor_sha256',
  'threat_cause_actor_md5',
];

/** Watchlists name what hit; other alerts are of a rule or of the analytics as a whole. */
function setRule(alert: NormalisedAlert, record: JsonObject): void {
  const watchlist = children(record, 'watchlists').map((list) => textOf(at(list, 'name')))[0] ?? null;
  const report = textOf(at(record, 'report_name'), LENGTH_LIMITS.title);
  const type = textOf(at(record, 'type'));
  alert.ruleId =
    textOf(at(record, 'ioc_id'), LENGTH_LIMITS.ruleId) ??
    textOf(at(record, 'rule_id')) ??
    textOf(at(record, 'k8s_rule_id')) ??
    textOf(at(record, 'report_id')) ??
    [type, textOf(at(record, 'attack_technique'))].filter((part) => part !== null).join('/');
  alert.ruleName = report ?? watchlist ?? textOf(at(record, 'k8s_rule'), LENGTH_LIMITS.title) ?? '';
  alert.category = textOf(at(record, 'threat_category')) ?? textOf(at(record, 'threat_cause_threat_category')) ?? type;
}

/** `CORP\\WS-1`: other products know the machine without its domain. Alerts of a cluster name a pod or a workload. */
function addHosts(alert: NormalisedAlert, record: JsonObject): void {
  addOnce(alert.hosts, textOf(at(record, 'device_name'))?.replace(/^[^\\]*\\/, '') ?? null);
  if (alert.hosts.length > 0) return;
  const workload = textOf(at(record, 'k8s_pod_name')) ?? textOf(at(record, 'k8s_workload_name'));
  const namespace = textOf(at(record, 'k8s_namespace'));
  addOnce(alert.hosts, workload === null || namespace === null ? workload : `${namespace}/${workload}`);
}

/** Whoever opened the connection is its source: `INGRESS` and an inbound connection come from the remote end. */
function setNetwork(alert: NormalisedAlert, record: JsonObject): void {
  const ip = (side: string) =>
    ipOf(at(record, `netconn_${side}_ip`)) ??
    ipOf(at(record, `netconn_${side}_ipv4`)) ??
    ipOf(at(record, `netconn_${side}_ipv6`));
  const own = { ip: ip('local'), port: portOf(at(record, 'netconn_local_port')) };
  const remote = { ip: ip('remote'), port: portOf(at(record, 'netconn_remote_port')) };
  const isInbound = textOf(at(record, 'connection_type')) === 'INGRESS' || at(record, 'netconn_inbound') === true;
  const [from, to] = isInbound ? [remote, own] : [own, remote];
  alert.sourceIp = from.ip ?? (isInbound ? null : ipOf(at(record, 'device_internal_ip')));
  alert.sourcePort = from.port;
  alert.destinationIp = to.ip;
  alert.destinationPort = to.port;
  addOnce(alert.domains, domainOf(at(record, 'netconn_remote_domain')));
}

/** Hits of a watchlist write the user, and both hashes of the process, as lists. */
function addEntities(alert: NormalisedAlert, record: JsonObject): void {
  for (const user of textsOf(at(record, 'process_username'))) addOnce(alert.users, user);
  addOnce(alert.users, textOf(at(record, 'device_username')));
  for (const key of HASHES) addHash(alert.hashes, at(record, key));
  for (const hash of textsOf(at(record, 'process_hash'))) addHash(alert.hashes, hash);
  for (const indicator of children(record, 'threat_indicators')) addHash(alert.hashes, at(indicator, 'sha256'));
  const { process } = alert;
  process.executable =
    textOf(at(record, 'process_path'), LENGTH_LIMITS.url) ??
    textOf(at(record, 'process_name'), LENGTH_LIMITS.url) ??
    textOf(at(record, 'threat_cause_actor_name'), LENGTH_LIMITS.url);
  process.commandLine = textOf(at(record, 'process_cmdline'), LENGTH_LIMITS.commandLine);
  process.parentExecutable =
    textOf(at(record, 'parent_path'), LENGTH_LIMITS.url) ?? textOf(at(record, 'parent_name'), LENGTH_LIMITS.url);
}

/** What the sensor saw, by its own names: `MITRE_T1059_001_POWERSHELL`, `POLICY_TERMINATE`. */
function addBehaviour(alert: NormalisedAlert, record: JsonObject): void {
  addTactics(alert.tactics, textsOf(at(record, 'attack_tactic')));
  const ttps = textsOf(at(record, 'ttps'));
  for (const indicator of children(record, 'threat_indicators')) addTexts(ttps, at(indicator, 'ttps'));
  addTechniques(alert.techniques, [...textsOf(at(record, 'attack_technique')), ...ttps]);
  for (const tag of [...textsOf(at(record, 'tags')), ...ttps]) addOnce(alert.tags, tag);
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
  const type = textOf(at(record, 'type')) ?? '';
  if (type.startsWith('endpoint.event')) return { kind: 'skip', why: `a Carbon Black ${type}, which is telemetry` };
  const alert = emptyAlert('carbon black');
  const warnings: ReadWarning[] = [];
  const problem = setTime(
    alert,
    warnings,
    TIMES.map((key) => [key, at(record, key)]),
  );
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id'));
  alert.stableId = id ?? recordDigest('carbon black', record);
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  const reason = textOf(at(record, 'reason'), LENGTH_LIMITS.description);
  alert.title =
    textOf(reason ?? undefined, LENGTH_LIMITS.title) ??
    textOf(at(record, 'report_name')) ??
    textOf(at(record, 'reason_code'), LENGTH_LIMITS.title) ??
    '';
  alert.description = textOf(at(record, 'report_description'), LENGTH_LIMITS.description) ?? reason ?? '';
  setSeverityScore(alert, tenfold(at(record, 'severity')) ?? undefined);
  setRule(alert, record);
  addBehaviour(alert, record);
  addHosts(alert, record);
  setNetwork(alert, record);
  addEntities(alert, record);
  setState(alert, record);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** What only its alerts have: those of clusters name no machine, those of the data forwarder no address of the console. */
const OWN_KEYS = ['device_name', 'alert_url', 'k8s_cluster', 'threat_id'];

/** VMware Carbon Black Cloud alerts, as the data forwarder and the programming interface write them. */
export const carbonBlack: AlertFormat = {
  name: 'carbon-black',
  label: 'Carbon Black Cloud',
  recognises(record) {
    if (!Object.hasOwn(record, 'org_key')) return 0;
    const type = at(record, 'type');
    if (typeof type === 'string' && type.startsWith('endpoint.event')) return 1;
    if (!Object.hasOwn(record, 'severity') || !TIMES.some((key) => Object.hasOwn(record, key))) return 0;
    return OWN_KEYS.some((key) => Object.hasOwn(record, key)) ? 1 : 0;
  },
  read,
  taken: { fields: takenBut() },
};

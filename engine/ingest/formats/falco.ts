import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setTime } from './draft.ts';
import { addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf, textsOf } from './values.ts';

/** Falco's priorities are those of syslog, lower case or not; old releases shorten them. */
const PRIORITY_SCORES: ReadonlyMap<string, number> = new Map([
  ['emergency', 100],
  ['alert', 95],
  ['critical', 95],
  ['error', 80],
  ['warning', 55],
  ['notice', 25],
  ['informational', 5],
  ['info', 5],
  ['debug', 5],
]);
/** The score that our words give, where the bins of a number would say otherwise. */
const INFORMATIONAL_SCORE = 5;

function setSeverity(alert: NormalisedAlert, record: JsonObject): void {
  const score = PRIORITY_SCORES.get(textOf(at(record, 'priority'))?.toLowerCase() ?? '');
  if (score === undefined) return;
  setSeverityScore(alert, score);
  if (score === INFORMATIONAL_SCORE) alert.severity = 'informational';
}

/** `mitre_privilege_escalation` and `T1059` stand among the tags. */
function addTags(alert: NormalisedAlert, record: JsonObject): void {
  for (const tag of textsOf(at(record, 'tags'))) {
    addOnce(alert.tags, tag);
    if (/^mitre_/i.test(tag)) addTactics(alert.tactics, [tag.slice(6).replaceAll('_', ' ')]);
    addTechniques(alert.techniques, [tag]);
  }
}

/** Of Kubernetes the pod, of a container its name: the id of a container changes with each start. */
function addHosts(alert: NormalisedAlert, record: JsonObject, fields: JsonObject): void {
  const pod = textOf(at(fields, 'k8s.pod.name'));
  const namespace = textOf(at(fields, 'k8s.ns.name'));
  if (pod !== null) addOnce(alert.hosts, namespace === null ? pod : `${namespace}/${pod}`);
  else if (at(fields, 'container.id') !== 'host') addOnce(alert.hosts, textOf(at(fields, 'container.name')));
  addOnce(alert.hosts, textOf(at(record, 'hostname')));
}

/** `10.0.0.1:40000->203.0.113.9:443`, as `fd.name` has it where the single ends are not written. */
const CONNECTION = /^\[?([0-9a-fA-F.:]{2,45})\]?:(\d{1,5})->\[?([0-9a-fA-F.:]{2,45})\]?:(\d{1,5})$/;

function setEnds(alert: NormalisedAlert, fields: JsonObject): void {
  const [, client, clientPort, server, serverPort] = CONNECTION.exec(textOf(at(fields, 'fd.name')) ?? '') ?? [];
  alert.sourceIp = firstIp(
    at(fields, 'fd.cip'),
    client,
    at(fields, 'ct.srcip'),
    textsOf(at(fields, 'ka.sourceips'))[0],
  );
  alert.sourcePort = portOf(at(fields, 'fd.cport') ?? clientPort);
  alert.destinationIp = firstIp(at(fields, 'fd.sip'), server, at(fields, 'fd.rip'));
  alert.destinationPort = portOf(at(fields, 'fd.sport') ?? serverPort ?? at(fields, 'fd.rport'));
}

function firstIp(...values: (Json | undefined)[]): string | null {
  return values.map(ipOf).find((ip) => ip !== null) ?? null;
}

/** Of system calls, of the audit log of Kubernetes, and of AWS CloudTrail: who did it. */
const USER_KEYS = ['user.name', 'user.loginname', 'ka.user.name', 'ct.user'];

function addFields(alert: NormalisedAlert, fields: JsonObject): void {
  const users = USER_KEYS.map((key) => textOf(at(fields, key))).filter((user) => user !== null && user !== '<NA>');
  addOnce(alert.users, users[0] ?? null);
  alert.process.executable = textOf(at(fields, 'proc.exepath'), LENGTH_LIMITS.url) ?? textOf(at(fields, 'proc.name'));
  alert.process.commandLine = textOf(at(fields, 'proc.cmdline'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable =
    textOf(at(fields, 'proc.pexepath'), LENGTH_LIMITS.url) ?? textOf(at(fields, 'proc.pname'));
  setEnds(alert, fields);
  addOnce(alert.domains, domainOf(at(fields, 'fd.sip.name')));
  const image = textOf(at(fields, 'container.image.repository'), LENGTH_LIMITS.url);
  if (image !== null) addOnce(alert.tags, `image:${image}`);
}

function read(record: JsonObject): FormatResult {
  const rule = textOf(at(record, 'rule'), LENGTH_LIMITS.ruleId);
  if (rule?.startsWith('Falco internal:')) return { kind: 'skip', why: 'what Falco says about its own health' };
  const alert = emptyAlert('falco');
  const warnings: ReadWarning[] = [];
  const fields = child(record, 'output_fields');
  const problem = setTime(alert, warnings, [
    ['time', at(record, 'time')],
    ['output_fields.evt.time', at(fields, 'evt.time')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const output = textOf(at(record, 'output'), LENGTH_LIMITS.description);
  const parts = [at(record, 'time'), rule, output, at(record, 'hostname')];
  alert.stableId = digest(`falco|${JSON.stringify(parts)}`);
  alert.dedupeAtMs = alert.observedAtMs;
  alert.title = rule ?? textOf(output, LENGTH_LIMITS.title) ?? '';
  alert.description = output ?? '';
  alert.ruleId = rule ?? '';
  alert.category = textOf(at(record, 'source'));
  setSeverity(alert, record);
  addTags(alert, record);
  addHosts(alert, record, fields);
  addFields(alert, fields);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** Falco with `json_output`, straight or through Falcosidekick. */
export const falco: AlertFormat = {
  name: 'falco',
  label: 'Falco',
  recognises(record) {
    const isFalco = typeof at(record, 'rule') === 'string' && typeof at(record, 'priority') === 'string';
    if (!isFalco || !Object.hasOwn(record, 'output')) return 0;
    return Object.hasOwn(record, 'output_fields') ? 1 : 0.7;
  },
  read,
  taken: { fields: takenBut(), words: ['|image:'] },
};

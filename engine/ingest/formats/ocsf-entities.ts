import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import { addCves } from './attack.ts';
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

function addUser(alert: NormalisedAlert, user: JsonObject): void {
  const name = textOf(at(user, 'name')) ?? textOf(at(user, 'email_addr'));
  const domain = textOf(at(user, 'domain'));
  if (name !== null) addOnce(alert.users, domain === null || /[\\@]/.test(name) ? name : `${domain}\\${name}`);
}

function addFile(alert: NormalisedAlert, file: JsonObject): void {
  for (const hash of children(file, 'hashes')) addHash(alert.hashes, at(hash, 'value'));
}

function addProcess(alert: NormalisedAlert, process: JsonObject): void {
  const into = alert.process;
  into.executable ??= textOf(at(child(process, 'file'), 'path'), LENGTH_LIMITS.url) ?? textOf(at(process, 'name'));
  into.commandLine ??= textOf(at(process, 'cmd_line'), LENGTH_LIMITS.commandLine);
  const parent = child(process, 'parent_process');
  into.parentExecutable ??= textOf(at(child(parent, 'file'), 'path'), LENGTH_LIMITS.url) ?? textOf(at(parent, 'name'));
  addFile(alert, child(process, 'file'));
  addUser(alert, child(process, 'user'));
}

/** A machine by its name, or by its address where it has none. */
function addDevice(alert: NormalisedAlert, device: JsonObject): void {
  addOnce(alert.hosts, textOf(at(device, 'hostname')) ?? textOf(at(device, 'name')) ?? ipOf(at(device, 'ip')));
}

function addUrl(alert: NormalisedAlert, url: JsonObject): void {
  const text = textOf(at(url, 'url_string'), LENGTH_LIMITS.url);
  addOnce(alert.urls, text);
  addOnce(alert.domains, domainOf(at(url, 'hostname')) ?? domainOf(text));
}

/** Who did it, where, with what: the members that an evidence and the finding itself share. */
function addEvidence(alert: NormalisedAlert, evidence: JsonObject): void {
  const source = child(evidence, 'src_endpoint');
  const destination = child(evidence, 'dst_endpoint');
  if (alert.sourceIp === null) {
    alert.sourceIp = ipOf(at(source, 'ip'));
    alert.sourcePort = portOf(at(source, 'port'));
  }
  if (alert.destinationIp === null) {
    alert.destinationIp = ipOf(at(destination, 'ip'));
    alert.destinationPort = portOf(at(destination, 'port'));
  }
  addDevice(alert, child(evidence, 'device'));
  addUser(alert, child(child(evidence, 'actor'), 'user'));
  addUser(alert, child(evidence, 'user'));
  addProcess(alert, child(evidence, 'process'));
  addProcess(alert, child(child(evidence, 'actor'), 'process'));
  addFile(alert, child(evidence, 'file'));
  addUrl(alert, child(evidence, 'url'));
  addOnce(alert.domains, domainOf(at(child(evidence, 'query'), 'hostname')));
}

/** Observables repeat what is elsewhere in the finding; some products write nothing but them. */
function addObservable(alert: NormalisedAlert, type: number | null, observable: JsonObject): void {
  const value = at(observable, 'value');
  if (type === 1) addOnce(alert.hosts, textOf(value));
  else if (type === 2) alert.sourceIp ??= ipOf(value);
  else if (type === 4 || type === 5) addOnce(alert.users, textOf(value));
  else if (type === 6) addUrl(alert, { url_string: value ?? null });
  else if (type === 8) addHash(alert.hashes, value);
  else if (type === 18) addCves(alert.cves, textOf(value));
}

/** Cloud resources stand among the hosts: identifier first, since names such as "default" repeat. */
function addResources(alert: NormalisedAlert, record: JsonObject): void {
  for (const resource of [...children(record, 'resources'), ...children(record, 'resource')]) {
    addOnce(alert.hosts, textOf(at(resource, 'uid'), LENGTH_LIMITS.ruleId));
    addOnce(alert.hosts, textOf(at(resource, 'name')));
  }
}

export function addOcsfEntities(alert: NormalisedAlert, record: JsonObject): void {
  addEvidence(alert, record);
  for (const evidence of [...children(record, 'evidences'), ...children(record, 'evidence')])
    addEvidence(alert, evidence);
  addResources(alert, record);
  for (const observable of children(record, 'observables')) {
    addObservable(alert, numberOf(at(observable, 'type_id')), observable);
  }
}

import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import { addHash, addHashesOf, addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf } from './values.ts';

/** A path out of folder and name; folders come with and without the last separator. */
export function joinPath(folder: string | null, name: string | null): string | null {
  if (folder === null || name === null) return name ?? folder;
  if (/[\\/]$/.test(folder)) return folder + name;
  return folder.includes('/') && !folder.includes('\\') ? `${folder}/${name}` : `${folder}\\${name}`;
}

/** `name@domain` where the product gives one, else `DOMAIN\name`. */
export function accountName(
  principal: Json | undefined,
  name: Json | undefined,
  domain: Json | undefined,
): string | null {
  const upn = textOf(principal);
  if (upn !== null) return upn;
  const plain = textOf(name);
  const prefix = textOf(domain);
  return plain === null || prefix === null || /[\\@]/.test(plain) ? plain : `${prefix}\\${plain}`;
}

function addAccount(alert: NormalisedAlert, account: JsonObject): void {
  addOnce(
    alert.users,
    accountName(at(account, 'userPrincipalName'), at(account, 'accountName'), at(account, 'domainName')),
  );
}

function addFile(alert: NormalisedAlert, file: JsonObject): void {
  addHashesOf(alert.hashes, file);
}

function pathOf(file: JsonObject): string | null {
  return joinPath(textOf(at(file, 'filePath'), LENGTH_LIMITS.url), textOf(at(file, 'fileName')));
}

function addProcess(alert: NormalisedAlert, evidence: JsonObject): void {
  const image = child(evidence, 'imageFile');
  addFile(alert, image);
  addAccount(alert, child(evidence, 'userAccount'));
  // The first process is the one that the alert is about; later ones are its relatives.
  if (alert.process.commandLine !== null || alert.process.executable !== null) return;
  alert.process.executable = pathOf(image);
  alert.process.commandLine = textOf(at(evidence, 'processCommandLine'), LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable = pathOf(child(evidence, 'parentProcessImageFile'));
}

function addMessage(alert: NormalisedAlert, message: JsonObject): void {
  addOnce(alert.users, textOf(at(message, 'recipientEmailAddress')));
  alert.sourceIp ??= ipOf(at(message, 'senderIp'));
  const sender = child(message, 'p2Sender');
  addOnce(alert.domains, domainOf(at(sender, 'domainName')));
}

/** One piece of evidence, by its `@odata.type`: exports that have no room for such a key write `at_sign_odata_type`. */
export function addMicrosoftEvidence(alert: NormalisedAlert, evidence: JsonObject): void {
  const type =
    textOf(at(evidence, '@odata.type') ?? at(evidence, 'at_sign_odata_type'))
      ?.split('.')
      .at(-1) ?? '';
  if (type === 'deviceEvidence') {
    addOnce(alert.hosts, textOf(at(evidence, 'deviceDnsName')) ?? textOf(at(evidence, 'hostName')));
  } else if (type === 'userEvidence') addAccount(alert, child(evidence, 'userAccount'));
  else if (type === 'ipEvidence') alert.sourceIp ??= ipOf(at(evidence, 'ipAddress'));
  else if (type === 'fileEvidence') addFile(alert, child(evidence, 'fileDetails'));
  else if (type === 'fileHashEvidence') addHash(alert.hashes, at(evidence, 'value'));
  else if (type === 'processEvidence') addProcess(alert, evidence);
  else if (type === 'urlEvidence') {
    addOnce(alert.urls, textOf(at(evidence, 'url'), LENGTH_LIMITS.url));
    addOnce(alert.domains, domainOf(at(evidence, 'url')));
  } else if (type === 'mailboxEvidence') {
    addOnce(alert.users, textOf(at(evidence, 'primaryAddress')));
    addAccount(alert, child(evidence, 'userAccount'));
  } else if (type === 'analyzedMessageEvidence') addMessage(alert, evidence);
  else if (type === 'azureResourceEvidence' || type === 'amazonResourceEvidence') {
    addOnce(
      alert.hosts,
      textOf(at(evidence, 'resourceName')) ?? textOf(at(evidence, 'resourceId'), LENGTH_LIMITS.ruleId),
    );
  } else if (!addNetworkEvidence(alert, type, evidence) && !addThingEvidence(alert, type, evidence)) {
    addApplication(alert, type, evidence);
  }
}

/** Evidence of traffic. Tells whether it was one. */
function addNetworkEvidence(alert: NormalisedAlert, type: string, evidence: JsonObject): boolean {
  if (type === 'networkConnectionEvidence') {
    alert.sourceIp ??= ipOf(at(child(evidence, 'sourceAddress'), 'ipAddress'));
    alert.sourcePort ??= portOf(at(evidence, 'sourcePort'));
    alert.destinationIp ??= ipOf(at(child(evidence, 'destinationAddress'), 'ipAddress'));
    alert.destinationPort ??= portOf(at(evidence, 'destinationPort'));
  } else if (type === 'dnsEvidence') {
    addOnce(alert.domains, domainOf(at(evidence, 'domainName')));
    alert.sourceIp ??= ipOf(at(child(evidence, 'hostIpAddress'), 'ipAddress'));
  } else if (type === 'submissionMailEvidence') {
    addOnce(alert.users, textOf(at(evidence, 'recipient')));
    alert.sourceIp ??= ipOf(at(evidence, 'senderIp'));
  } else return false;
  return true;
}

/** Evidence of sessions, devices and workloads. Tells whether it was one. */
function addThingEvidence(alert: NormalisedAlert, type: string, evidence: JsonObject): boolean {
  if (type === 'hostLogonSessionEvidence' || type === 'cloudLogonSessionEvidence') {
    addAccount(alert, child(child(evidence, 'account'), 'userAccount'));
    const host = child(evidence, 'host');
    addOnce(alert.hosts, textOf(at(host, 'deviceDnsName')) ?? textOf(at(host, 'hostName')));
  } else if (type === 'iotDeviceEvidence') {
    addOnce(alert.hosts, textOf(at(evidence, 'deviceName')));
    alert.sourceIp ??= ipOf(at(child(evidence, 'ipAddress'), 'ipAddress'));
  } else if (type === 'kubernetesPodEvidence') {
    const [pod, namespace] = [textOf(at(evidence, 'name')), textOf(at(child(evidence, 'namespace'), 'name'))];
    addOnce(alert.hosts, pod === null || namespace === null ? pod : `${namespace}/${pod}`);
  } else if (type === 'googleCloudResourceEvidence') {
    addOnce(
      alert.hosts,
      textOf(at(evidence, 'resourceName')) ?? textOf(at(evidence, 'fullResourceName'), LENGTH_LIMITS.ruleId),
    );
  } else if (type === 'malwareEvidence') {
    const name = textOf(at(evidence, 'name'));
    if (name !== null) addOnce(alert.tags, `malware:${name}`);
  } else return false;
  return true;
}

function addApplication(alert: NormalisedAlert, type: string, evidence: JsonObject): void {
  if (type === 'cloudApplicationEvidence' || type === 'oauthApplicationEvidence') {
    const app = textOf(at(evidence, 'displayName'));
    if (app !== null) addOnce(alert.tags, `app:${app}`);
  }
}

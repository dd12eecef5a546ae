import type { NormalisedAlert } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { accountName, joinPath } from './microsoft-evidence.ts';
import { addHash, addOnce, at, child, children, domainOf, ipOf, LENGTH_LIMITS, textOf } from './values.ts';

const DEPTH_LIMIT = 20;

/** A cell that holds JSON as a text, or the value itself where the export wrote it as it is. */
export function parsedCell(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    // A cell that was cut off, or plain text: it says nothing then.
    return undefined;
  }
}

/** Entities refer to each other by `$id` and `$ref`, also below one another. */
class EntityGraph {
  readonly #byId = new Map<string, JsonObject>();

  constructor(entities: JsonObject[]) {
    for (const entity of entities) this.#learn(entity, DEPTH_LIMIT);
  }

  #learn(value: Json, depth: number): void {
    if (depth === 0) return;
    if (Array.isArray(value)) for (const element of value) this.#learn(element, depth - 1);
    if (!isJsonObject(value)) return;
    const id = textOf(at(value, '$id'));
    if (id !== null) this.#byId.set(id, value);
    for (const below of Object.values(value)) this.#learn(below, depth - 1);
  }

  /** The entity under a key, followed once where it is only a reference. */
  under(entity: JsonObject, key: string): JsonObject {
    const value = child(entity, key);
    const reference = textOf(at(value, '$ref'));
    return reference === null ? value : (this.#byId.get(reference) ?? {});
  }
}

function filePath(file: JsonObject): string | null {
  return joinPath(textOf(at(file, 'Directory'), LENGTH_LIMITS.url), textOf(at(file, 'Name')));
}

function accountOf(account: JsonObject): string | null {
  const name = textOf(at(account, 'Name'));
  const suffix = textOf(at(account, 'UPNSuffix') ?? at(account, 'UpnSuffix'));
  const principal = name !== null && suffix !== null ? `${name}@${suffix}` : null;
  return accountName(principal, name, at(account, 'NTDomain') ?? at(account, 'NtDomain') ?? at(account, 'DnsDomain'));
}

function addProcess(alert: NormalisedAlert, process: JsonObject, graph: EntityGraph): void {
  alert.process.commandLine ??= textOf(at(process, 'CommandLine'), LENGTH_LIMITS.commandLine);
  alert.process.executable ??= filePath(graph.under(process, 'ImageFile'));
  alert.process.parentExecutable ??= filePath(graph.under(graph.under(process, 'ParentProcess'), 'ImageFile'));
}

function addFile(alert: NormalisedAlert, file: JsonObject): void {
  for (const hash of children(file, 'FileHashes')) addHash(alert.hashes, at(hash, 'Value'));
}

function addEntity(alert: NormalisedAlert, entity: JsonObject): void {
  const kind = textOf(at(entity, 'Type'))?.toLowerCase() ?? '';
  if (kind === 'host') addOnce(alert.hosts, textOf(at(entity, 'HostName')) ?? textOf(at(entity, 'NetBiosName')));
  else if (kind === 'account') addOnce(alert.users, accountOf(entity));
  else if (kind === 'ip') alert.sourceIp ??= ipOf(at(entity, 'Address'));
  else if (kind === 'file') addFile(alert, entity);
  else if (kind === 'filehash') addHash(alert.hashes, at(entity, 'Value'));
  else if (kind === 'url') {
    addOnce(alert.urls, textOf(at(entity, 'Url'), LENGTH_LIMITS.url));
    addOnce(alert.domains, domainOf(at(entity, 'Url')));
  } else if (kind === 'dns') addOnce(alert.domains, domainOf(at(entity, 'DomainName')));
  else if (kind === 'mailbox') addOnce(alert.users, textOf(at(entity, 'MailboxPrimaryAddress')));
  else if (kind === 'azure-resource') addOnce(alert.hosts, textOf(at(entity, 'ResourceId'), LENGTH_LIMITS.ruleId));
}

/** Fills people, machines, addresses and the process from the entities; a process that has a parent is the one meant. */
export function addSentinelEntities(alert: NormalisedAlert, cell: Json | undefined): void {
  const value = parsedCell(cell);
  const entities = Array.isArray(value) ? value.filter(isJsonObject) : [];
  const graph = new EntityGraph(entities);
  for (const entity of entities) addEntity(alert, entity);
  const processes = entities.filter((entity) => textOf(at(entity, 'Type'))?.toLowerCase() === 'process');
  const main = processes.find((process) => Object.hasOwn(process, 'ParentProcess')) ?? processes[0];
  if (main !== undefined) addProcess(alert, main, graph);
}

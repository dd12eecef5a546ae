import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Scalar } from './raw-path.ts';

/**
 * What an event of Windows calls the thing that the Elastic Common Schema has under this name (Sysmon and security
 * pipelines of Winlogbeat). Documents that no such pipeline has read keep the event's own names.
 */
const EVENT_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['process.parent.command_line', ['ParentCommandLine']],
  ['process.working_directory', ['CurrentDirectory']],
  ['process.pid', ['ProcessId']],
  ['process.parent.pid', ['ParentProcessId']],
  ['process.entity_id', ['ProcessGuid']],
  ['process.parent.entity_id', ['ParentProcessGuid']],
  ['process.pe.original_file_name', ['OriginalFileName']],
  ['process.pe.company', ['Company']],
  ['process.pe.description', ['Description']],
  ['process.pe.product', ['Product']],
  ['process.pe.file_version', ['FileVersion']],
  ['dll.path', ['ImageLoaded']],
  ['dll.pe.original_file_name', ['OriginalFileName']],
  ['dll.pe.company', ['Company']],
  ['dll.pe.description', ['Description']],
  ['dll.pe.product', ['Product']],
  ['dll.pe.file_version', ['FileVersion']],
  ['file.path', ['TargetFilename']],
  ['file.name', ['PipeName']],
  ['registry.path', ['TargetObject']],
  ['registry.data.strings', ['Details']],
  ['source.domain', ['SourceHostname', 'WorkstationName']],
  ['network.transport', ['Protocol']],
  ['powershell.file.script_block_text', ['ScriptBlockText']],
]);
/** Of the frame around every event, by their names in the documents of Wazuh. */
const SYSTEM_NAMES: ReadonlyMap<string, string> = new Map([
  ['event.code', 'eventID'],
  ['event.provider', 'providerName'],
  ['winlog.channel', 'channel'],
]);
const PLAIN_NAME = /^[A-Za-z]\w{0,80}$/;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
  ['&#39;', "'"],
  ['&amp;', '&'],
]);

/** Undoes what Wazuh's Windows decoder does to values: backslashes doubled, quotes escaped, XML entities left in. */
export function unescapeWindows(text: string): string {
  let plain = text;
  if (plain.includes('\\')) plain = plain.replace(/\\(["\\])/g, '$1');
  if (plain.includes('&'))
    plain = plain.replace(/&(?:lt|gt|quot|apos|amp|#39);/g, (entity) => ENTITIES.get(entity) ?? entity);
  return plain;
}

function objectAt(holder: JsonObject, key: string): JsonObject | null {
  const value = Object.hasOwn(holder, key) ? holder[key] : undefined;
  return isJsonObject(value) ? value : null;
}

function scalarOf(holder: JsonObject | null, key: string): Scalar[] {
  const value: Json | undefined = holder !== null && Object.hasOwn(holder, key) ? holder[key] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [value] : [];
}

interface Holders {
  wazuh: JsonObject | null;
  beat: JsonObject | null;
}

function holdersIn(document: JsonObject): Holders | null {
  const data = objectAt(document, 'data');
  const wazuh = data === null ? null : objectAt(data, 'win');
  const beat = wazuh === null ? objectAt(document, 'winlog') : null;
  return wazuh === null && beat === null ? null : { wazuh, beat };
}

export function holdsWindowsEvent(document: JsonObject): boolean {
  return holdersIn(document) !== null;
}

/** Whether `windowsEventValues` can find anything under this name at all. */
export function isNameOfWindowsEvents(path: string): boolean {
  return EVENT_NAMES.has(path) || SYSTEM_NAMES.has(path) || PLAIN_NAME.test(path);
}

/**
 * What the Windows event within a document of Wazuh (`data.win`) or of Winlogbeat (`winlog.event_data`) says under this
 * ECS name, or under its own (`TargetUserName`). Empty for documents that hold no such event.
 */
export function windowsEventValues(document: JsonObject, path: string): readonly Scalar[] {
  const holders = holdersIn(document);
  if (holders === null) return [];
  const { wazuh, beat } = holders;
  const names = EVENT_NAMES.get(path) ?? (PLAIN_NAME.test(path) ? [path] : []);
  for (const name of names) {
    const found =
      wazuh === null
        ? scalarOf(objectAt(beat ?? {}, 'event_data'), name)
        : scalarOf(objectAt(wazuh, 'eventdata'), name.charAt(0).toLowerCase() + name.slice(1)).map(plain);
    if (found.length > 0) return found;
  }
  const system = SYSTEM_NAMES.get(path);
  return system === undefined || wazuh === null ? [] : scalarOf(objectAt(wazuh, 'system'), system);
}

function plain(value: Scalar): Scalar {
  return typeof value === 'string' ? unescapeWindows(value) : value;
}

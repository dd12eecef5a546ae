import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { parseRecord } from './json-text.ts';
import { textRecord } from './text-record.ts';

/** Proofpoint answers with four lists at once, and only the list says whether a message or click was stopped. */
export const PROOFPOINT_LISTS = ['messagesDelivered', 'messagesBlocked', 'clicksPermitted', 'clicksBlocked'] as const;

/** A record within an answer: where it starts there, its value, and its bytes as they are kept. */
export interface InnerRecord {
  at: number;
  value: JsonObject;
  bytes: Buffer;
}

/**
 * The records within one object that is an answer about many: Proofpoint's four lists, each element under the name of
 * its list, CrowdStrike's `resources`, the alerts of an incident of Defender, and logs that others keep as texts. Null when
 * the object is a record itself.
 */
export function recordsWithin(value: JsonObject, bytes: Buffer, maxDepth: number): InnerRecord[] | null {
  if (Object.hasOwn(value, 'queryEndTime')) {
    const lists = PROOFPOINT_LISTS.filter((name) => Array.isArray(value[name]));
    return lists.length === 0 ? null : lists.flatMap((name) => elementsUnder(name, `{"${name}":`, bytes, maxDepth));
  }
  // EventBridge has `resources` as well, of its own kind: CrowdStrike's answers begin with `meta`.
  if (Object.hasOwn(value, 'meta') && isApiAnswer(value)) {
    return elementsUnder('resources', '', bytes, maxDepth);
  }
  if (isIncident(value)) return elementsUnder('alerts', '', bytes, maxDepth);
  const wrapped = wrappedText(value);
  if (wrapped !== null) {
    const inner = recordOfText(wrapped, maxDepth);
    return inner === null ? null : [inner];
  }
  const entries = Object.hasOwn(value, 'raw_logs') && isJsonObject(value.raw_logs) ? value.raw_logs.entries : null;
  if (!Array.isArray(entries)) return null;
  const found = entries.map((entry) => (isJsonObject(entry) ? recordOfText(entry.data, maxDepth) : null));
  // A log that is no alert in any form here shows the whole answer as one that could not be read.
  return found.every((record) => record !== null) ? found : null;
}

/** Incidents of Microsoft's interfaces carry their alerts, which are what people work on. */
function isIncident(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'alerts') || !Object.hasOwn(value, 'status')) return false;
  const { alerts } = value;
  if (!Array.isArray(alerts) || alerts.length === 0 || !alerts.every(isJsonObject)) return false;
  return ['incidentName', 'incidentWebUrl', 'redirectIncidentId'].some((key) => Object.hasOwn(value, key));
}

/**
 * The record as a text within the record of who carried it: a notification of AWS SNS, a line of a container's log, a
 * result that Splunk exports, an event that Filebeat has not taken apart. Null when nobody carried it.
 */
function wrappedText(value: JsonObject): string | null {
  if (typeof value.Message === 'string' && Object.hasOwn(value, 'TopicArn')) return value.Message;
  if (typeof value.log === 'string' && typeof value.stream === 'string') return value.log;
  if (Object.hasOwn(value, 'result') && isJsonObject(value.result) && typeof value.result._raw === 'string') {
    return value.result._raw;
  }
  if (typeof value.message !== 'string' || !value.message.startsWith('{')) return null;
  return Object.hasOwn(value, 'agent') && isJsonObject(value.agent) && value.agent.type === 'filebeat'
    ? value.message
    : null;
}

function isApiAnswer(value: JsonObject): boolean {
  const { meta, resources } = value;
  const isThin = Object.keys(value).length <= 4;
  return isThin && isJsonObject(meta) && Array.isArray(resources) && resources.every(isJsonObject);
}

/** A log as text; Chronicle's own interface writes it in base64. */
function recordOfText(data: unknown, maxDepth: number): InnerRecord | null {
  if (typeof data !== 'string') return null;
  const isBase64 = /^[A-Za-z0-9+/\s]{8,}={0,2}\s*$/.test(data.slice(0, 4096)) && !data.includes('{');
  const bytes = Buffer.from(data.trim(), isBase64 ? 'base64' : 'utf8');
  const parsed = parseRecord(bytes, 0, bytes.length, maxDepth, false);
  const value = 'value' in parsed ? parsed.value : textRecord(bytes, maxDepth);
  return value === null ? null : { at: 0, value, bytes };
}

/** The elements of the list under a top-level key, cut out of the text byte by byte, so that no digit of them changes. */
function elementsUnder(name: string, wrapping: string, bytes: Buffer, maxDepth: number): InnerRecord[] {
  const found: InnerRecord[] = [];
  const head = Buffer.from(wrapping);
  const tail = Buffer.from(wrapping === '' ? '' : '}');
  for (const [from, to] of rangesUnder(name, bytes)) {
    const whole = Buffer.concat([head, bytes.subarray(from, to), tail]);
    const parsed = parseRecord(whole, 0, whole.length, maxDepth + 1, false);
    if ('value' in parsed) found.push({ at: from, value: parsed.value, bytes: whole });
  }
  return found;
}

function rangesUnder(name: string, bytes: Buffer): [number, number][] {
  const ranges: [number, number][] = [];
  let depth = 0;
  let isKey = false;
  let isInList = false;
  let start = -1;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    if (byte === 34) {
      const end = endOfString(bytes, index);
      if (depth === 1) isKey = bytes.toString('utf8', index + 1, end) === name;
      index = end;
    } else if (byte === 123 || byte === 91) {
      if (depth === 1) isInList = isKey && byte === 91;
      else if (depth === 2 && isInList) start = index;
      depth++;
    } else if (byte === 125 || byte === 93) {
      depth--;
      if (depth === 2 && isInList && start >= 0) ranges.push([start, index + 1]);
      if (depth === 2) start = -1;
    }
  }
  return ranges;
}

function endOfString(bytes: Buffer, from: number): number {
  let index = from + 1;
  while (index < bytes.length && bytes[index] !== 34) index += bytes[index] === 92 ? 2 : 1;
  return index;
}

import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { isCollectorEvent, rowsOfTables, wrappedText } from './carrier.ts';
import { innerListOf, listKeyOf } from './envelope.ts';
import { elementsUnder, type InnerRecord, objectUnder, recordOfText } from './inner-record.ts';

export type { InnerRecord } from './inner-record.ts';

/** Proofpoint answers with four lists at once, and only the list says whether a message or click was stopped. */
export const PROOFPOINT_LISTS = ['messagesDelivered', 'messagesBlocked', 'clicksPermitted', 'clicksBlocked'] as const;

/**
 * The records within one object that is an answer about many: Proofpoint's four lists, each element under the name of
 * its list, CrowdStrike's `resources`, the alerts of an incident of Defender, and logs that others keep as texts. Null when
 * the object is a record itself.
 */
export function recordsWithin(
  value: JsonObject,
  bytes: Buffer,
  maxDepth: number,
  isInList = false,
): InnerRecord[] | null {
  if (Object.hasOwn(value, 'queryEndTime')) {
    const lists = PROOFPOINT_LISTS.filter((name) => Array.isArray(value[name]));
    return lists.length === 0 ? null : lists.flatMap((name) => elementsUnder(name, `{"${name}":`, bytes, maxDepth));
  }
  // EventBridge has `resources` as well, of its own kind: CrowdStrike's answers begin with `meta`.
  if (Object.hasOwn(value, 'meta') && isApiAnswer(value)) {
    return elementsUnder('resources', '', bytes, maxDepth);
  }
  if (isIncident(value)) return elementsUnder('alerts', '', bytes, maxDepth);
  if (isInList) {
    const elements = elementsOfEnvelope(value, bytes, maxDepth);
    if (elements !== null) return elements;
  }
  const rows = rowsOfTables(value);
  if (rows !== null) return rows;
  if (isCollectorEvent(value)) return [objectUnder('event', bytes, maxDepth)].filter((record) => record !== null);
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

/** The records of an envelope within a list of envelopes; one that stands alone has been gone into already. */
function elementsOfEnvelope(value: JsonObject, bytes: Buffer, maxDepth: number): InnerRecord[] | null {
  const list = listKeyOf(value);
  if (list !== null) return elementsUnder(list, '', bytes, maxDepth);
  const inner = innerListOf(value);
  const holder = inner === null ? null : objectUnder(inner.outer, bytes, maxDepth);
  return inner === null || holder === null ? null : elementsUnder(inner.list, '', holder.bytes, maxDepth);
}

/** Incidents of Microsoft's interfaces carry their alerts, which are what people work on. */
function isIncident(value: JsonObject): boolean {
  if (!Object.hasOwn(value, 'alerts') || !Object.hasOwn(value, 'status')) return false;
  const { alerts } = value;
  if (!Array.isArray(alerts) || alerts.length === 0 || !alerts.every(isJsonObject)) return false;
  return ['incidentName', 'incidentWebUrl', 'redirectIncidentId'].some((key) => Object.hasOwn(value, key));
}

function isApiAnswer(value: JsonObject): boolean {
  const { meta, resources } = value;
  const isThin = Object.keys(value).length <= 4;
  return isThin && isJsonObject(meta) && Array.isArray(resources) && resources.every(isJsonObject);
}

import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';

/** Lists that programming interfaces wrap their records in: AWS, Microsoft Graph, Azure's Event Hub, SentinelOne, Carbon Black. */
const LIST_KEYS = ['Findings', 'findings', 'value', 'Records', 'records', 'data', 'results', 'alerts', 'events'];
/** Lists one level down: Elasticsearch's hits, and the findings that an EventBridge event of Security Hub carries. */
const INNER_LISTS: ReadonlyMap<string, string> = new Map([
  ['hits', 'hits'],
  ['detail', 'findings'],
]);
/** What an alert has and an envelope has not. */
const ALERT_KEYS = ['timestamp', '@timestamp', 'time', '_source', 'class_uid', 'event_type'];
/** An envelope is thin; a record with more members is a record that happens to hold such a list. */
const ENVELOPE_KEYS_MAX = 8;

function isRecordList(value: unknown): boolean {
  return Array.isArray(value) && (value.length === 0 || isJsonObject(value[0]));
}

function holdsInnerList(value: JsonObject, outer: string): boolean {
  const holder = value[outer];
  return isJsonObject(holder) && isRecordList(holder[INNER_LISTS.get(outer) ?? '']);
}

/** The list that an envelope holds at its own level; null when it holds none there, or is none. */
export function listKeyOf(value: JsonObject): string | null {
  return isEnvelope(value)
    ? (LIST_KEYS.find((key) => Object.hasOwn(value, key) && isRecordList(value[key])) ?? null)
    : null;
}

/** The list one level down that an envelope holds; null when it holds none. */
export function innerListOf(value: JsonObject): { outer: string; list: string } | null {
  for (const [outer, list] of INNER_LISTS) {
    if (Object.hasOwn(value, outer)) return holdsInnerList(value, outer) ? { outer, list } : null;
  }
  return null;
}

/** True when the object is no record itself but holds records: `hits.hits[]`, `detail.findings[]`, `Findings[]`, `value[]`. */
export function isEnvelope(value: JsonObject): boolean {
  if (Object.hasOwn(value, 'hits')) return holdsInnerList(value, 'hits');
  if (Object.hasOwn(value, 'detail')) return holdsInnerList(value, 'detail');
  for (const key of LIST_KEYS) {
    if (!Object.hasOwn(value, key) || !isRecordList(value[key])) continue;
    return Object.keys(value).length <= ENVELOPE_KEYS_MAX && !ALERT_KEYS.some((known) => Object.hasOwn(value, known));
  }
  return false;
}

/** Where the list starts: the offset behind its `[`, and the containers that are open around it. */
export interface EnvelopeList {
  at: number;
  open: readonly number[];
}

const OBJECT = 123;

/** The key in front of the `:` in front of `at`, when it has no escapes. */
function keyBefore(bytes: Uint8Array, from: number, at: number): string {
  let end = at - 1;
  while (end > from && (bytes[end] ?? 0) <= 32) end--;
  if (bytes[end] !== 58) return '';
  end--;
  while (end > from && (bytes[end] ?? 0) <= 32) end--;
  if (bytes[end] !== 34) return '';
  let start = end - 1;
  while (start > from && bytes[start] !== 34) start--;
  return String.fromCharCode(...bytes.subarray(start + 1, Math.min(end, start + 20)));
}

/** Finds the list within the (perhaps unfinished) text of an envelope; null when there is none so far. */
export function findEnvelopeList(bytes: Uint8Array, from: number, to: number): EnvelopeList | null {
  let depth = 0;
  let inString = false;
  let innerKey: string | undefined;
  for (let index = from; index < to; index++) {
    const byte = bytes[index] ?? 0;
    if (inString) {
      if (byte === 92) index++;
      else if (byte === 34) inString = false;
    } else if (byte === 34) inString = true;
    else if (byte === 123) {
      if (depth === 1) innerKey = INNER_LISTS.get(keyBefore(bytes, from, index));
      depth++;
    } else if (byte === 91) {
      if (depth === 1 && LIST_KEYS.includes(keyBefore(bytes, from, index))) return { at: index + 1, open: [OBJECT] };
      if (depth === 2 && innerKey !== undefined && keyBefore(bytes, from, index) === innerKey) {
        return { at: index + 1, open: [OBJECT, OBJECT] };
      }
      depth++;
    } else if (byte === 125 || byte === 93) depth--;
  }
  return null;
}

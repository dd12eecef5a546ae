import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { InnerRecord } from './inner-record.ts';

/**
 * The record as a text within the record of who carried it: a notification of AWS SNS, a line of a container's log, a
 * result that Splunk exports, an event that Filebeat has not taken apart. Null when nobody carried it.
 */
export function wrappedText(value: JsonObject): string | null {
  if (typeof value.Message === 'string' && Object.hasOwn(value, 'TopicArn')) return value.Message;
  if (typeof value.body === 'string' && value.eventSource === 'aws:sqs') return value.body;
  if (typeof value.event === 'string' && typeof value.sourcetype === 'string') return value.event;
  if (typeof value.log === 'string' && typeof value.stream === 'string') return value.log;
  if (Object.hasOwn(value, 'result') && isJsonObject(value.result) && typeof value.result._raw === 'string') {
    return value.result._raw;
  }
  if (typeof value.message !== 'string' || !value.message.startsWith('{')) return null;
  const isOfFilebeat = isJsonObject(value.agent) && value.agent.type === 'filebeat';
  return isOfFilebeat || Object.keys(value).every((key) => LOGSTASH_KEYS.has(key)) ? value.message : null;
}

/** What Logstash and its like put around a line that they have not taken apart. */
const LOGSTASH_KEYS: ReadonlySet<string> = new Set([
  '@timestamp',
  '@version',
  'message',
  'host',
  'path',
  'tags',
  'type',
]);

/** An event as it is pushed to Splunk's HTTP Event Collector, when somebody saved it in a file. */
export function isCollectorEvent(value: JsonObject): boolean {
  return isJsonObject(value.event) && typeof value.sourcetype === 'string' && !Object.hasOwn(value, 'metadata');
}

/** The rows of the answer of Log Analytics, which names the columns once; as records with their own text. */
export function rowsOfTables(value: JsonObject): InnerRecord[] | null {
  const { tables } = value;
  if (!Array.isArray(tables) || tables.length === 0 || Object.keys(value).length > 4) return null;
  const found: InnerRecord[] = [];
  for (const table of tables) {
    if (!isJsonObject(table) || !Array.isArray(table.columns) || !Array.isArray(table.rows)) return null;
    const names = table.columns.map((column) =>
      isJsonObject(column) && typeof column.name === 'string' ? column.name : '',
    );
    for (const row of table.rows) {
      if (!Array.isArray(row)) return null;
      const pairs = names.map((name, index): [string, Json] => [name, row[index] ?? null]);
      const record = Object.fromEntries(pairs.filter(([name, cell]) => name !== '' && cell !== null && cell !== ''));
      found.push({ at: 0, value: record, bytes: Buffer.from(JSON.stringify(record)) });
    }
  }
  return found;
}

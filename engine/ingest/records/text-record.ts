import type { JsonObject } from '../../../shared/model/json.ts';
import { parseRecord } from './json-text.ts';
import { DEFAULT_MAX_DEPTH } from './raw-record.ts';
import { SYSLOG_HEADER_MAX, startsAsSyslog } from './syslog.ts';

/** CEF and LEEF, behind whatever a relay wrote in front; Suricata's and Snort's one-line alerts. */
const TEXT_ALERT = /(?:CEF|LEEF):\s?\d+(?:\.\d+)?\||\[\*\*\] \[\d+:\d+:\d+\] /;

/** A JSON object that came by syslog stands behind the header and ends the line. */
function jsonInSyslog(bytes: Buffer, head: string, maxDepth: number): JsonObject | null {
  const from = bytes.indexOf(123);
  if (from < 0 || from > SYSLOG_HEADER_MAX || bytes[bytes.length - 1] !== 125 || !startsAsSyslog(head)) return null;
  const parsed = parseRecord(bytes, from, bytes.length, maxDepth, false);
  return 'value' in parsed ? parsed.value : null;
}

/**
 * The record that a line of text is: `{ line }` when it holds an alert in a text format, the JSON object behind a syslog
 * header, or null when it is neither. The same bytes give the same record at any time.
 */
export function textRecord(bytes: Buffer, maxDepth: number = DEFAULT_MAX_DEPTH): JsonObject | null {
  const head = bytes.toString('utf8', 0, Math.min(bytes.length, SYSLOG_HEADER_MAX * 4)).slice(0, SYSLOG_HEADER_MAX);
  if (TEXT_ALERT.test(head)) return { line: bytes.toString('utf8') };
  return jsonInSyslog(bytes, head, maxDepth);
}

/** What stands in front of a message that came by syslog: RFC 5424, RFC 3164, or something like them. */
export interface SyslogHeader {
  /** As it is written: RFC 3164 has neither year nor zone. */
  time: string | null;
  host: string | null;
}

const NO_HEADER: SyslogHeader = { time: null, host: null };
/** A header is no longer than this, in characters. */
export const SYSLOG_HEADER_MAX = 300;

/** Behind the priority Cisco counts its messages, and marks a clock that is not set. */
const PRIORITY = String.raw`(?:<\d{1,3}> {0,2})?(?:1 |\d{1,10}: )?[*.]?`;
const ISO_TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\s]{0,16}`;
const NAMED_TIME = String.raw`[A-Z][a-z]{2} {1,2}\d{1,2}(?: \d{4})? \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: UTC| GMT)?`;
/** With the year in front, or behind the clock, as RFC 3164 shows it among what relays have to expect. */
const YEAR_TIME = String.raw`(?:19|20)\d\d [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})?|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [A-Z]{3,5})? (?:19|20)\d\d(?= )`;
const HEADER = new RegExp(
  String.raw`^${PRIORITY}(${ISO_TIME}|${YEAR_TIME}|${NAMED_TIME}|-)(?:\s+([^\s:]{1,255}))?(?=[\s:]|$)`,
);

/** Reads the header at the start of a text; all null when there is none. */
export function syslogHeader(text: string): SyslogHeader {
  const match = HEADER.exec(text.slice(0, SYSLOG_HEADER_MAX));
  if (match === null) return NO_HEADER;
  return { time: match[1] === '-' ? null : (match[1] ?? null), host: match[2] === '-' ? null : (match[2] ?? null) };
}

/** Whether a line starts as syslog does: with a priority, or with a time and a host. */
export function startsAsSyslog(text: string): boolean {
  return /^<\d{1,3}>/.test(text) || syslogHeader(text).host !== null;
}

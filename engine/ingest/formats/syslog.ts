import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { syslogHeader } from '../records/syslog.ts';
import { addCves } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish } from './draft.ts';
import { setLineTime, textLine } from './text-line.ts';
import { addOnce, ipOf, LENGTH_LIMITS, textOf } from './values.ts';

/** Longer is no message for people: what is behind it stays in the original. */
const LINE_MAX = 64_000;

/** RFC 5424, section 6.2.1. */
const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug'];
const FACILITIES = (
  'kernel user mail daemon auth syslog printer news uucp clock authpriv ftp ntp audit alert clock2 ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ');

interface Message {
  app: string | null;
  process: string | null;
  /** Of RFC 5424: what kind of message it is. */
  kind: string | null;
  text: string;
}

/** RFC 5424: version, time, host, program, process, kind, structured data, text. A dash stands for nothing. */
const NEW = /^1 \S{1,64} \S{1,255} (\S{1,48}) (\S{1,128}) (\S{1,32}) /;
/** RFC 3164: behind time and host a program, perhaps its process in brackets, and a colon. */
const OLD = /^([^\s:[\]]{1,64})(?:\[([^\]\s]{1,64})\])?:\s?/;

function given(text: string | undefined): string | null {
  return text === undefined || text === '-' ? null : text;
}

/** The offset behind structured data: a dash, or brackets with quoted values in which a backslash escapes. */
function afterStructuredData(text: string): number {
  if (!text.startsWith('[')) return text.startsWith('-') ? 1 : 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const mark = text[at];
    if (isQuoted && mark === '\\') at += 1;
    else if (mark === '"') isQuoted = !isQuoted;
    else if (!isQuoted && mark === ']' && text[at + 1] !== '[') return at + 1;
  }
  return 0;
}

function newMessage(text: string, head: RegExpExecArray): Message {
  const rest = text.slice(head[0].length);
  return {
    app: given(head[1]),
    process: given(head[2]),
    kind: given(head[3]),
    text: rest.slice(afterStructuredData(rest)).replace(/^\s*\ufeff?/, ''),
  };
}

function oldMessage(text: string, time: string | null, host: string | null): Message {
  const from = time === null ? 0 : text.indexOf(time) + time.length;
  const behindTime = text.slice(from).trimStart();
  const behindHost = (
    host !== null && behindTime.startsWith(host) ? behindTime.slice(host.length) : behindTime
  ).replace(/^[\s:]+/, '');
  const head = OLD.exec(behindHost);
  if (head === null) return { app: null, process: null, kind: null, text: behindHost };
  return { app: head[1] ?? null, process: head[2] ?? null, kind: null, text: behindHost.slice(head[0].length) };
}

/** Facility and severity of the transport are kept as tags: what a program writes at `err` is no severity of an alert. */
function tagPriority(alert: NormalisedAlert, priority: string | undefined): void {
  if (priority === undefined || Number(priority) > 191) return;
  alert.tags.push(`syslog-severity:${SEVERITIES[Number(priority) % 8]}`);
  alert.tags.push(`syslog-facility:${FACILITIES[Math.floor(Number(priority) / 8)]}`);
}

function read(record: JsonObject, nearMs?: number): FormatResult {
  const line = textLine(record, /^/);
  if (line === null) return { kind: 'reject', why: 'it is no line of text: name the format of the record, or auto' };
  const whole = line.text.slice(0, LINE_MAX);
  const header = syslogHeader(whole);
  const priority = /^<(\d{1,3})>/.exec(whole);
  const text = whole.slice(priority?.[0].length ?? 0);
  const head = NEW.exec(text);
  const message = head === null ? oldMessage(text, header.time, header.host) : newMessage(text, head);
  const alert = emptyAlert('syslog');
  const warnings: ReadWarning[] = [];
  const timed = setLineTime(alert, warnings, [], { ...line, header }, nearMs);
  if (typeof timed === 'string') return { kind: 'reject', why: timed };
  if (timed) alert.dedupeAtMs = alert.observedAtMs;
  alert.stableId = digest(`syslog|${line.text.trim()}`);
  alert.title = textOf(message.text.split('\n', 1)[0], LENGTH_LIMITS.title) ?? '';
  if (alert.title === '') return { kind: 'reject', why: 'there is no message behind the header' };
  alert.description = textOf(message.text, LENGTH_LIMITS.description) ?? '';
  alert.ruleId =
    textOf([message.app, message.kind].filter((part) => part !== null).join(' '), LENGTH_LIMITS.ruleId) ?? '';
  alert.ruleName = alert.ruleId;
  alert.process.executable = textOf(message.app ?? undefined);
  const address = ipOf(header.host ?? undefined);
  if (address === null) addOnce(alert.hosts, textOf(header.host ?? undefined));
  else alert.sourceIp = address;
  tagPriority(alert, priority?.[1]);
  addCves(alert.cves, message.text);
  return finish(alert, warnings);
}

/**
 * Any message of syslog as an alert (RFC 5424, RFC 3164), for a source of which somebody says that each of its messages
 * is one. It claims no record by itself: most of what syslog carries is no alert.
 */
export const syslog: AlertFormat = {
  name: 'syslog',
  label: 'Syslog message',
  recognisedBy: 'content',
  recognises: () => 0,
  read,
  taken: { fields: takenBut('ruleId', 'ruleName', 'tags') },
};

/** Whether whoever named this format wants every line of text as a record. */
export function takesAnyLine(formatName: string): boolean {
  return formatName === syslog.name;
}

import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord } from './draft.ts';
import { setLineTime, textLine } from './text-line.ts';
import { ipOf, LENGTH_LIMITS, portOf, textOf } from './values.ts';

const MARK = /\[\*\*\] \[\d+:\d+:\d+\] /;
const PRIORITY_WORDS = ['high', 'medium', 'low'];
const TIME = /\d\d\/\d\d(?:\/\d{4})?-\d\d:\d\d:\d\d(?:\.\d{1,9})?/;
/** Longer than any rule's text: what is behind it is no alert of Suricata. */
const LINE_MAX = 16_000;

/** The address and the port behind its last colon; of ICMP there stand type and code, which are no ports. */
function endOf(text: string, protocol: string): { ip: string | null; port: number | null } {
  const colon = text.lastIndexOf(':');
  const withPort = colon > 0 ? ipOf(text.slice(0, colon).replace(/^\[(.*)\]$/, '$1')) : null;
  if (withPort === null) return { ip: ipOf(text), port: null };
  return { ip: withPort, port: /icmp/i.test(protocol) ? null : portOf(text.slice(colon + 1)) };
}

/** `[Classification: …] [Priority: 3] {TCP} a:1 -> b:2`, each part of it optional. */
function setRest(alert: ReturnType<typeof emptyAlert>, rest: string): void {
  alert.category = textOf(/\[Classification: ([^\]]{1,255})\]/.exec(rest)?.[1]);
  alert.description = alert.category ?? '';
  const priority = /\[Priority: (\d{1,3})\]/.exec(rest)?.[1];
  if (priority !== undefined && Number(priority) > 0) {
    setSeverityWord(alert, PRIORITY_WORDS[Number(priority) - 1] ?? 'informational');
  }
  const flow = /\{([^}]{1,40})\} (\S{1,64}) -> (\S{1,64})/.exec(rest);
  if (flow === null) return;
  const source = endOf(flow[2] ?? '', flow[1] ?? '');
  const destination = endOf(flow[3] ?? '', flow[1] ?? '');
  alert.sourceIp = source.ip;
  alert.sourcePort = source.port;
  alert.destinationIp = destination.ip;
  alert.destinationPort = destination.port;
}

function read(record: JsonObject, nearMs?: number): FormatResult {
  const line = textLine(record, MARK);
  if (line === null) return { kind: 'reject', why: 'it holds no [**] and no rule id' };
  const text = line.text.slice(line.start + '[**] '.length, line.start + LINE_MAX);
  const close = text.indexOf('] ');
  const next = text.indexOf(' [**]', close);
  if (next < 0) return { kind: 'reject', why: 'the second [**] is missing: the line was cut off' };
  const alert = emptyAlert('suricata');
  const warnings: ReadWarning[] = [];
  const before = line.text.slice(0, line.start);
  const timed = setLineTime(alert, warnings, [['time', TIME.exec(before)?.[0]]], line, nearMs);
  if (typeof timed === 'string') return { kind: 'reject', why: timed };
  alert.stableId = digest(`suricata-fast|${line.text.trim()}`);
  if (timed) alert.dedupeAtMs = alert.observedAtMs;
  alert.ruleId = text.slice(1, close);
  const signature = textOf(text.slice(close + 2, next), LENGTH_LIMITS.title);
  alert.title = signature ?? `Suricata rule ${alert.ruleId}`;
  if (signature === null) {
    warnings.push({ field: 'title', message: 'the alert has no signature text; its rule id stands in' });
  }
  if (/\[(?:w?Drop|Reject)\]/i.test(before)) alert.sourceAction = 'blocked';
  setRest(alert, text.slice(next + 5));
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

/** The one-line alerts of Suricata's fast.log, which Snort writes, too. */
export const suricataFast: AlertFormat = {
  name: 'suricata-fast',
  label: 'Suricata fast.log',
  recognisedBy: 'content',
  recognises(record) {
    const line = textLine(record, MARK);
    if (line === null) return 0;
    return Object.hasOwn(record, 'line') ? 1 : 0.9;
  },
  read,
  taken: { fields: takenBut(), words: ['|Suricata rule '] },
};

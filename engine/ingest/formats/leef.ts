import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimePattern, readTimePattern } from '../../../shared/domain/time/time-pattern.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord } from './draft.ts';
import { actionOf } from './suricata-parts.ts';
import { isAboutNobody, productName, setLineTime, spacedPairs, splitHeader, textLine } from './text-line.ts';
import { addHash, addOnce, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf } from './values.ts';

const MARK = /LEEF:\s?\d+(?:\.\d+)?\|/;

/** `^`, `0x5E` or `x5E`; nothing stands for a tab. Null when the part is no delimiter but already an attribute. */
function delimiterOf(part: string): string | null {
  if (part === '') return '\t';
  const code = /^0?x([0-9a-fA-F]{1,4})$/.exec(part)?.[1];
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  return [...part].length === 1 ? part : null;
}

/** Version 1 says tabs; devices also write blanks, or `|`. */
function attributes(text: string, delimiter: string | null): Map<string, string> {
  const mark = delimiter ?? ['\t', '|'].find((one) => text.includes(one)) ?? null;
  if (mark === null) return spacedPairs(text, () => true);
  const pairs = new Map<string, string>();
  for (const part of text.split(mark)) {
    const equals = part.indexOf('=');
    const key = part.slice(0, equals).trim();
    if (equals > 0 && !pairs.has(key)) pairs.set(key, part.slice(equals + 1).trim());
  }
  return pairs;
}

interface Parts {
  vendor: string;
  product: string;
  eventId: string;
  values: Map<string, string>;
}

/** Some devices leave out a part of the header: then the attributes have run into the part that should be the id. */
function repaired(parts: Parts, version: string): Parts {
  const [first = '', ...rest] = parts.eventId.split('\t');
  if (rest.length === 0 && !/^\w{1,40}=/.test(first)) return parts;
  const isAttribute = /^\w{1,40}=/.test(first);
  const text = (isAttribute ? [first, ...rest] : rest).join('\t');
  const values = new Map([...attributes(text, '\t'), ...parts.values]);
  return { ...parts, eventId: isAttribute ? version : first, values };
}

function partsOf(text: string): Parts | null {
  const isSecond = /^LEEF:\s?2/.test(text);
  const parts = splitHeader(text, isSecond ? 7 : 6);
  const [, vendor = '', product = '', version = '', eventId = '', sixth = '', seventh] = parts;
  if (parts.length < 5) return null;
  const read = (values: Map<string, string>) => repaired({ vendor, product, eventId, values }, version);
  const delimiter = isSecond && seventh !== undefined ? delimiterOf(sixth) : null;
  if (seventh === undefined) return read(attributes(sixth, null));
  const rest = delimiter === null ? `${sixth}|${seventh}` : seventh;
  return read(attributes(rest, delimiter));
}

/** 1 to 10; vendors' own examples run the next attribute into the number ("5cat=anomaly"), so its digits count. */
function setSeverity(alert: NormalisedAlert, said: string | undefined): void {
  if (said === undefined || setSeverityWord(alert, said)) return;
  const number = /^\d{1,3}(?:\.\d+)?/.exec(said)?.[0];
  if (number !== undefined) setSeverityScore(alert, Number(number) * 10);
}

const NAME_KEYS = ['name', 'eventName', 'threatName', 'signature', 'policyName', 'msg', 'message'];

function setTexts(alert: NormalisedAlert, { vendor, product, eventId, values }: Parts): void {
  const names = NAME_KEYS.map((key) => textOf(values.get(key), LENGTH_LIMITS.title));
  const named = names.find((one) => one !== null) ?? null;
  alert.category = textOf(values.get('cat'));
  const event = textOf(`${vendor} ${product} event ${eventId}`, LENGTH_LIMITS.title);
  alert.title = named ?? (alert.category === null ? (event ?? '') : `${event}: ${alert.category}`);
  alert.description = textOf(values.get('msg') ?? values.get('message'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId = textOf(eventId, LENGTH_LIMITS.ruleId) ?? '';
  alert.ruleName = named ?? event ?? '';
}

function addEntities(alert: NormalisedAlert, values: Map<string, string>): void {
  // Beside the keys of the format stand those of CEF, which devices that write both mix up.
  alert.sourceIp = ipOf(values.get('src')) ?? ipOf(values.get('identSrc'));
  alert.sourcePort = portOf(values.get('srcPort') ?? values.get('spt'));
  alert.destinationIp = ipOf(values.get('dst'));
  alert.destinationPort = portOf(values.get('dstPort') ?? values.get('dpt'));
  for (const key of ['usrName', 'accountName', 'identUserName', 'suser', 'duser'])
    addOnce(alert.users, textOf(values.get(key)));
  for (const key of ['identHostName', 'dstHostName', 'srcHostName', 'resource']) {
    addOnce(alert.hosts, textOf(values.get(key)));
  }
  addOnce(alert.urls, textOf(values.get('url'), LENGTH_LIMITS.url));
  if (values.get('url')?.includes('://')) addOnce(alert.domains, domainOf(values.get('url')));
  for (const key of ['fileHash', 'sha256', 'sha1', 'md5', 'hash']) addHash(alert.hashes, values.get(key));
  alert.sourceAction = actionOf(textOf(values.get('action') ?? values.get('act')));
}

/** `devTimeFormat` says in the letters of Java how `devTime` is written; where it does not fit, the text speaks for itself. */
function deviceTime(values: Map<string, string>): string | undefined {
  const text = values.get('devTime');
  const form = values.get('devTimeFormat');
  const pattern = form === undefined ? '' : parseTimePattern(form);
  const atMs = text === undefined || typeof pattern === 'string' ? null : readTimePattern(pattern, text);
  return atMs === null ? text : new Date(atMs).toISOString();
}

function read(record: JsonObject, nearMs?: number): FormatResult {
  const line = textLine(record, MARK);
  const parts = line === null ? null : partsOf(line.text.slice(line.start));
  if (line === null || parts === null) return { kind: 'reject', why: 'its LEEF header has less than 5 parts' };
  const alert = emptyAlert(productName(parts.vendor, parts.product) || 'leef');
  const warnings: ReadWarning[] = [];
  const own = [['devTime', deviceTime(parts.values)]] as const;
  const timed = setLineTime(alert, warnings, own, line, nearMs);
  if (typeof timed === 'string') return { kind: 'reject', why: timed };
  alert.stableId = digest(`leef|${line.text}`);
  if (timed) alert.dedupeAtMs = alert.observedAtMs;
  setTexts(alert, parts);
  setSeverity(alert, parts.values.get('sev') ?? parts.values.get('severity'));
  addEntities(alert, parts.values);
  if (isAboutNobody(alert)) addOnce(alert.hosts, textOf(line.header.host ?? undefined));
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** IBM's Log Event Extended Format, 1.0 and 2.0. */
export const leef: AlertFormat = {
  name: 'leef',
  label: 'LEEF',
  recognisedBy: 'content',
  recognises(record) {
    const line = textLine(record, MARK);
    if (line === null) return 0;
    return Object.hasOwn(record, 'line') ? 1 : 0.9;
  },
  read,
  taken: { fields: takenBut('title', 'ruleName') },
};

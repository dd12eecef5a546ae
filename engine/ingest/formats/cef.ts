import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimestamp, zoneMinutes } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord } from './draft.ts';
import { accountName } from './microsoft-evidence.ts';
import { actionOf } from './suricata-parts.ts';
import {
  isAboutNobody,
  productName,
  setLineTime,
  spacedPairs,
  splitHeader,
  type TextLine,
  textLine,
} from './text-line.ts';
import { addHash, addOnce, domainOf, ipOf, isPlaceholder, LENGTH_LIMITS, numberOf, portOf, textOf } from './values.ts';

const MARK = /CEF:\s?\d+(?:\.\d+)?\|/;
const HEADER_PARTS = 8;

/** The keys of the specification: within free text only these end the value, since devices write `uid=0` there unescaped. */
const KNOWN_KEYS: ReadonlySet<string> = new Set(
  (
    'act app art at agt ahost aid amac av atz cat catdt cnt deviceAction deviceCustomDate1 deviceCustomDate1Label ' +
    'deviceCustomDate2 deviceCustomDate2Label deviceDirection deviceDnsDomain deviceExternalId deviceFacility ' +
    'deviceInboundInterface deviceNtDomain deviceOutboundInterface devicePayloadId deviceProcessName ' +
    'deviceTranslatedAddress destinationDnsDomain destinationServiceName destinationTranslatedAddress ' +
    'destinationTranslatedPort destinationZoneURI deviceZoneURI sourceZoneURI dhost dlat dlong dmac dntdom dpid ' +
    'dpriv dproc dpt dst dtz duid duser dvc dvchost dvcmac dvcpid end externalId fileCreateTime fileHash fileId ' +
    'fileModificationTime filePath filePermission fileType fname fsize in msg oldFileCreateTime oldFileHash ' +
    'oldFileId oldFilePath oldFileName oldFileSize out outcome proto reason request requestClientApplication ' +
    'requestContext requestCookies requestMethod rt shost slat slong smac sntdom sourceDnsDomain sourceServiceName ' +
    'sourceTranslatedAddress sourceTranslatedPort spid spriv sproc spt src start suid suser type'
  ).split(' '),
);
const CUSTOM_KEY = /^(?:cs|cn|cfp|c6a|flexString|flexNumber|flexDate)\d(?:Label)?$/;
const FREE_TEXT: ReadonlySet<string> = new Set(['msg', 'reason', 'request', 'requestContext', 'cs3']);

/** `TrendMicroDsFileMD5`: a device's own key, which nobody writes in a sentence. */
const VENDOR_KEY = /^(?:[A-Z][a-z]+){3,8}[A-Z0-9]*$/;
/** The end of the name of a key that holds a hash, whatever the device calls it. */
const HASH_KEY = /(?:md5|sha-?1|sha-?256)$/i;

function isKey(word: string, current: string | null): boolean {
  if (current === null || !FREE_TEXT.has(current) || KNOWN_KEYS.has(word) || CUSTOM_KEY.test(word)) return true;
  return word.length < 64 && (VENDOR_KEY.test(word) || HASH_KEY.test(word));
}

function unescaped(value: string): string {
  if (!value.includes('\\')) return value;
  const marks: Record<string, string> = { n: '\n', r: '\r' };
  return value.replace(/\\([=\\|nr])/g, (_all, mark: string) => marks[mark] ?? mark);
}

/** The extension by its keys. Custom values (`cs1`) come under the name that their label gives. */
class Extension {
  readonly #pairs: Map<string, string>;

  constructor(text: string) {
    this.#pairs = spacedPairs(text, isKey);
  }

  text(key: string, limit: number = LENGTH_LIMITS.name): string | null {
    const value = this.#pairs.get(key);
    // Two characters may become one; a megabyte of backslashes is not worth unescaping for what is cut anyway.
    return value === undefined ? null : textOf(unescaped(value.slice(0, limit * 2 + 2)), limit);
  }

  first(limit: number, ...keys: readonly string[]): string | null {
    for (const key of keys) {
      const text = this.text(key, limit);
      if (text !== null) return text;
    }
    return null;
  }

  /** The values of all keys that say by their name that they hold a hash. */
  hashes(): string[] {
    return [...this.#pairs].filter(([key]) => HASH_KEY.test(key)).map(([, value]) => value.trim());
  }

  /** Label and value of everything that the device named itself. */
  custom(): { label: string; value: string }[] {
    const found: { label: string; value: string }[] = [];
    for (const key of this.#pairs.keys()) {
      const value = /^(?:cs\d|flexString\d)$/.test(key) ? this.text(key, LENGTH_LIMITS.url) : null;
      if (value !== null) found.push({ label: this.text(`${key}Label`) ?? key, value });
    }
    return found;
  }
}

const SEVERITY_WORDS: ReadonlyMap<string, string> = new Map([
  ['very-high', 'critical'],
  ['very high', 'critical'],
]);

/** 0 to 3 low, 4 to 6 medium, 7 and 8 high, 9 and 10 very high; or those words. "Unknown" and "None" say nothing. */
function setSeverity(alert: NormalisedAlert, text: string): void {
  const word = text.trim().toLowerCase();
  if (setSeverityWord(alert, SEVERITY_WORDS.get(word) ?? word)) return;
  const number = numberOf(word);
  if (number === null || number < 0) return;
  setSeverityScore(alert, number * 10);
  if (alert.severity === 'informational') alert.severity = 'low';
}

function addNetwork(alert: NormalisedAlert, extension: Extension): void {
  const ip = (...keys: string[]) =>
    keys.map((key) => ipOf(extension.text(key) ?? undefined)).find((one) => one !== null);
  alert.sourceIp = ip('src', 'c6a2') ?? null;
  alert.sourcePort = portOf(extension.text('spt') ?? undefined);
  alert.destinationIp = ip('dst', 'c6a3') ?? null;
  alert.destinationPort = portOf(extension.text('dpt') ?? undefined);
  const request = extension.text('request', LENGTH_LIMITS.url);
  addOnce(alert.urls, request);
  if (request?.includes('://')) addOnce(alert.domains, domainOf(request));
  addOnce(alert.domains, domainOf(extension.text('destinationDnsDomain') ?? undefined));
}

/** The end that is ours comes first: of outbound traffic the source, of all other the destination. */
function addHosts(alert: NormalisedAlert, extension: Extension): void {
  const isOutbound = /^(?:1|outbound|egress)$/i.test(extension.text('deviceDirection') ?? '');
  for (const key of isOutbound ? ['shost', 'dhost'] : ['dhost', 'shost']) {
    const host = extension.text(key);
    if (host !== null && ipOf(host) === null) addOnce(alert.hosts, host);
  }
}

function addDetails(alert: NormalisedAlert, extension: Extension): void {
  for (const [key, domain] of [
    ['suser', 'sntdom'],
    ['duser', 'dntdom'],
  ] as const) {
    addOnce(alert.users, accountName(undefined, extension.text(key) ?? undefined, extension.text(domain) ?? undefined));
  }
  for (const hash of extension.hashes()) addHash(alert.hashes, hash);
  for (const key of ['fileHash', 'oldFileHash']) addHash(alert.hashes, extension.text(key) ?? undefined);
  const custom = extension.custom();
  for (const { label, value } of custom) {
    addHash(alert.hashes, value);
    addCves(alert.cves, value);
    if (/technique|mitre/i.test(label)) addTechniques(alert.techniques, [value]);
    if (/tactic/i.test(label)) addTactics(alert.tactics, [value]);
  }
  const { url } = LENGTH_LIMITS;
  alert.process.executable = extension.first(url, 'sproc', 'dproc', 'filePath');
  const lines = custom.map(({ label, value }) => `${label}: ${value}`);
  const said = extension.first(LENGTH_LIMITS.description, 'msg', 'message', 'reason');
  alert.description = textOf([said, ...lines].filter(Boolean).join('\n'), LENGTH_LIMITS.description) ?? '';
  const action = extension.text('act');
  alert.sourceAction = action !== null && /^not[ _-]?block/i.test(action) ? 'allowed' : actionOf(action);
}

/** The device's own id of the event; a session number repeats, so rule and time stand beside it. */
function setId(alert: NormalisedAlert, line: TextLine, extension: Extension, rule: string): void {
  const id = extension.first(LENGTH_LIMITS.name, 'externalId', 'eventId');
  const isId = id !== null && !/^0*$/.test(id);
  const time = extension.first(LENGTH_LIMITS.name, 'rt', 'start', 'end') ?? line.header.time;
  alert.stableId = digest(isId ? `cef|${alert.product}|${rule}|${id}|${time}` : `cef|${line.text}`);
}

/** `dtz` names the zone of the device for times that have none themselves; a name of the tz database tells nothing here. */
function ownTime(extension: Extension, key: string): string | undefined {
  const text = extension.text(key);
  const zone = extension.text('dtz');
  if (text === null || zone === null || zoneMinutes(zone) === null) return text ?? undefined;
  const zoned = `${text} ${zone}`;
  return /\d:\d\d(?:[.,]\d+)?$/.test(text) && parseTimestamp(zoned) !== null ? zoned : text;
}

function read(record: JsonObject, nearMs?: number): FormatResult {
  const line = textLine(record, MARK);
  if (line === null) return { kind: 'reject', why: 'it holds no CEF header' };
  const parts = splitHeader(line.text.slice(line.start), HEADER_PARTS);
  if (parts.length < HEADER_PARTS - 1) {
    return {
      kind: 'reject',
      why: `its CEF header has ${parts.length} of 7 parts: it was cut off, or a | in it is not escaped`,
    };
  }
  const [, vendor = '', product = '', , rule = '', name = '', severity = '', rest = ''] = parts;
  const extension = new Extension(rest);
  const alert = emptyAlert(productName(vendor, product) || 'cef');
  const warnings: ReadWarning[] = [];
  const own = ['rt', 'start', 'end'].map((key) => [key, ownTime(extension, key)] as const);
  const timed = setLineTime(alert, warnings, own, line, nearMs);
  if (typeof timed === 'string') return { kind: 'reject', why: timed };
  setId(alert, line, extension, rule);
  if (timed) alert.dedupeAtMs = alert.observedAtMs;
  alert.title = textOf(name, LENGTH_LIMITS.title) ?? extension.text('msg', LENGTH_LIMITS.title) ?? '';
  alert.ruleId = isPlaceholder(rule) ? '' : (textOf(rule, LENGTH_LIMITS.ruleId) ?? '');
  alert.category = extension.text('cat');
  setSeverity(alert, severity);
  addNetwork(alert, extension);
  addHosts(alert, extension);
  addDetails(alert, extension);
  const device = extension.first(LENGTH_LIMITS.name, 'dvchost', 'dvc') ?? textOf(line.header.host ?? undefined);
  if (isAboutNobody(alert)) addOnce(alert.hosts, device);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** ArcSight's Common Event Format, with or without a syslog header, also within the message of a JSON record. */
export const cef: AlertFormat = {
  name: 'cef',
  label: 'CEF',
  recognisedBy: 'content',
  recognises(record) {
    const line = textLine(record, MARK);
    if (line === null) return 0;
    return Object.hasOwn(record, 'line') ? 1 : 0.9;
  },
  read,
  taken: { fields: takenBut() },
};

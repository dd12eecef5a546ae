import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { PROOFPOINT_LISTS } from '../records/answer.ts';
import { addCves } from './attack.ts';
import { digest, recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { addHash, addOnce, at, children, domainOf, ipOf, LENGTH_LIMITS, numberOf, textOf, textsOf } from './values.ts';

const SCORES = ['phishScore', 'malwareScore', 'spamScore', 'impostorScore'];
/** Proofpoint has taken back what it said, or a person there has. */
const OVER: ReadonlySet<string> = new Set(['cleared', 'falsepositive']);

function highestScore(message: JsonObject): number | null {
  const scores = SCORES.map((key) => numberOf(at(message, key))).filter((score) => score !== null);
  return scores.length === 0 ? null : Math.max(...scores);
}

/** A click says no score: what stands behind the link is known to be bad. */
function setSeverity(alert: NormalisedAlert, record: JsonObject, isClick: boolean): void {
  if (!setSeverityScore(alert, highestScore(record) ?? undefined) && isClick) setSeverityWord(alert, 'high');
}

function addThreat(alert: NormalisedAlert, threat: JsonObject): void {
  const text = textOf(at(threat, 'threat'), LENGTH_LIMITS.url);
  if (at(threat, 'threatType') === 'url') {
    addOnce(alert.urls, text);
    addOnce(alert.domains, domainOf(text));
  } else {
    addHash(alert.hashes, at(threat, 'threat'));
  }
  const campaign = textOf(at(threat, 'campaignID')) ?? textOf(at(threat, 'campaignId'));
  if (campaign !== null) addOnce(alert.tags, `campaign:${campaign}`);
}

function addPeople(alert: NormalisedAlert, record: JsonObject): void {
  for (const recipient of textsOf(at(record, 'recipient'))) addOnce(alert.users, recipient);
  for (const recipient of textsOf(at(record, 'toAddresses'))) addOnce(alert.users, recipient);
  const sender = textOf(at(record, 'sender'));
  if (sender?.includes('@')) addOnce(alert.domains, domainOf(sender));
}

function kindsOf(record: JsonObject, threats: JsonObject[]): string[] {
  const kinds: string[] = [];
  for (const threat of [record, ...threats]) {
    addOnce(kinds, textOf(at(threat, 'classification'))?.toLowerCase() ?? null);
  }
  if (kinds.length > 0) return kinds;
  const highest = highestScore(record);
  const named = SCORES.filter((key) => highest !== null && numberOf(at(record, key)) === highest);
  return named.map((key) => key.replace('Score', ''));
}

function setTexts(alert: NormalisedAlert, record: JsonObject, threats: JsonObject[], isClick: boolean): void {
  const kinds = kindsOf(record, threats).sort();
  const subject = textOf(at(record, 'subject'), LENGTH_LIMITS.title);
  const what = `${kinds.length === 0 ? 'Threat' : kinds.join(' and ')} in a mail`;
  const about = isClick ? textOf(at(record, 'url'), LENGTH_LIMITS.url) : subject;
  const lead = isClick ? `Click on a link: ${kinds.join(' and ') || 'threat'}` : what;
  const sentence = about === null ? lead : `${lead}: ${about}`;
  alert.title = textOf(sentence.charAt(0).toUpperCase() + sentence.slice(1), LENGTH_LIMITS.title) ?? '';
  alert.ruleId = `${isClick ? 'click' : 'mail'}:${kinds.join('+') || 'threat'}`.slice(0, LENGTH_LIMITS.ruleId);
  alert.ruleName = `Proofpoint ${lead.toLowerCase()}`;
  alert.category = kinds[0] ?? null;
  const sender = textOf(at(record, 'sender'));
  const named = threats.map((threat) => textOf(at(threat, 'threat'), LENGTH_LIMITS.url)).filter((one) => one !== null);
  const lines = [sender === null ? null : `From ${sender}`, named.length === 0 ? null : `Threats: ${named.join(', ')}`];
  alert.description = textOf(lines.filter((line) => line !== null).join('\n'), LENGTH_LIMITS.description) ?? '';
}

/** When nothing is left of the threats, there is nothing left to do. */
function setState(alert: NormalisedAlert, record: JsonObject, threats: JsonObject[]): void {
  const states = [record, ...threats].map((threat) => textOf(at(threat, 'threatStatus'))?.toLowerCase());
  const known = states.filter((state) => state !== undefined);
  alert.closedAtSource = known.length > 0 && known.every((state) => OVER.has(state));
  if (alert.closedAtSource) alert.sourceVerdict = known.join(', ');
  if (textOf(at(record, 'quarantineFolder')) !== null) alert.sourceAction = 'blocked';
}

/** The same mail is reported again when a further threat is found in it: that is news, and has an id of its own. */
function idOf(record: JsonObject, threats: JsonObject[], isClick: boolean): string {
  const click = isClick ? textOf(at(record, 'id')) : null;
  if (click !== null) return click;
  const message = textOf(at(record, 'messageID'), LENGTH_LIMITS.url) ?? textOf(at(record, 'GUID'));
  if (message === null) return recordDigest('proofpoint', record);
  const ids = threats.map((threat) => textOf(at(threat, 'threatID')) ?? textOf(at(threat, 'threat')) ?? '');
  return digest(JSON.stringify([message, isClick ? at(record, 'clickTime') : ids.sort()]));
}

/** An element of an answer comes under the name of its list, which alone says whether the message or click was stopped. */
function elementOf(record: JsonObject): { element: JsonObject; action: NormalisedAlert['sourceAction'] } | null {
  const list = PROOFPOINT_LISTS.find((name) => Object.hasOwn(record, name));
  const element = list === undefined ? undefined : at(record, list);
  if (list === undefined || !isJsonObject(element)) return null;
  return { element, action: /Blocked$/.test(list) ? 'blocked' : 'allowed' };
}

function read(record: JsonObject): FormatResult {
  const inner = elementOf(record);
  if (inner === null) return readElement(record, null);
  return readElement(inner.element, inner.action);
}

function readElement(record: JsonObject, listAction: NormalisedAlert['sourceAction']): FormatResult {
  if (Object.hasOwn(record, 'queryEndTime')) return { kind: 'skip', why: 'an answer of Proofpoint without any list' };
  const isClick = Object.hasOwn(record, 'clickTime');
  const threats = children(record, 'threatsInfoMap');
  if (!isClick && threats.length === 0 && highestScore(record) === 0) {
    return { kind: 'skip', why: 'a mail in which Proofpoint found nothing' };
  }
  const alert = emptyAlert('proofpoint');
  const warnings: ReadWarning[] = [];
  const times = ['clickTime', 'messageTime', 'threatTime'] as const;
  const problem = setTime(
    alert,
    warnings,
    times.filter((key) => isClick || key !== 'clickTime').map((key) => [key, at(record, key)] as const),
  );
  if (problem !== null) return { kind: 'reject', why: problem };
  alert.stableId = idOf(record, threats, isClick);
  alert.dedupeAtMs = alert.observedAtMs;
  setTexts(alert, record, threats, isClick);
  setSeverity(alert, record, isClick);
  addPeople(alert, record);
  alert.sourceIp = ipOf(at(record, 'senderIP'));
  if (isClick) {
    alert.sourceIp = ipOf(at(record, 'clickIP')) ?? alert.sourceIp;
    addOnce(alert.urls, textOf(at(record, 'url'), LENGTH_LIMITS.url));
    addOnce(alert.domains, domainOf(at(record, 'url')));
  }
  for (const threat of threats) addThreat(alert, threat);
  for (const part of children(record, 'messageParts')) {
    addHash(alert.hashes, at(part, 'sha256'));
    addHash(alert.hashes, at(part, 'md5'));
  }
  setState(alert, record, threats);
  if (listAction !== null) alert.sourceAction = listAction;
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

/** Proofpoint Targeted Attack Protection: messages and clicks of its SIEM interface. */
export const proofpoint: AlertFormat = {
  name: 'proofpoint',
  label: 'Proofpoint TAP',
  recognises(record) {
    if (Object.hasOwn(record, 'queryEndTime') || elementOf(record) !== null) return 1;
    if (Object.hasOwn(record, 'clickTime') && Object.hasOwn(record, 'threatID')) return 1;
    const isMessage = Object.hasOwn(record, 'messageTime') && SCORES.some((key) => Object.hasOwn(record, key));
    return isMessage || (Object.hasOwn(record, 'threatsInfoMap') && Object.hasOwn(record, 'recipient')) ? 1 : 0;
  },
  read,
  taken: { fields: takenBut('title', 'description', 'ruleId', 'ruleName', 'category'), words: ['|campaign:'] },
};

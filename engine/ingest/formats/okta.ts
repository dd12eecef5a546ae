import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import { SEVERITY_WORD_SCORE, type Severity } from '../../../shared/model/vocabulary.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { addOnce, at, atAnyCase, child, children, domainOf, ipOf, LENGTH_LIMITS, textOf } from './values.ts';

/** The events of the audit log that speak of an attack, or that give away control over others. */
const ALERT_EVENTS: ReadonlySet<string> = new Set([
  'security.threat.detected',
  'security.breached_credential.detected',
  'security.attack.start',
  'user.account.report_suspicious_activity_by_enduser',
  'user.account.lock',
  'user.account.privilege.grant',
  'user.mfa.attempt_bypass',
  'user.mfa.factor.reset_all',
  'user.mfa.factor.suspend',
  'user.risk.change',
  'user.risk.detect',
  'user.session.impersonation.grant',
  'user.session.impersonation.initiate',
  'group.privilege.grant',
  'system.api_token.create',
  'system.idp.lifecycle.create',
  'system.mfa.factor.deactivate',
  'app.generic.unauth_app_access_attempt',
  'app.oauth2.token.detect_reuse',
  'app.oauth2.as.token.detect_reuse',
  'application.user_membership.show_password',
]);
/** Whoever tries many passwords or calls runs into the limits: warnings of them are alerts like the limits themselves. */
const RATE_LIMIT = 'system.org.rate_limit.';
/** Events that are alerts when Okta itself saw a risk in them. */
const RISK_LEVELS: ReadonlySet<string> = new Set(['medium', 'high', 'critical']);
/** Password resets that Okta's own staff does. */
const OKTA_STAFF = 'system@okta.com';

/** Okta's own levels speak of the event's kind and not of a threat. */
const LEVELS: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['debug', 'informational'],
  ['info', 'informational'],
  ['warn', 'low'],
  ['error', 'medium'],
]);

function childAnyCase(record: JsonObject, key: string): JsonObject {
  const value = atAnyCase(record, key);
  return isJsonObject(value) ? value : {};
}

function debugData(record: JsonObject): JsonObject {
  return childAnyCase(childAnyCase(record, 'debugContext'), 'debugData');
}

/** Text, or the object that a shipper has already read out of it, as text. */
function debugText(debug: JsonObject, key: string): string | null {
  const value = at(debug, key);
  if (typeof value === 'string' || value === undefined) return textOf(value, LENGTH_LIMITS.description);
  return JSON.stringify(value).slice(0, LENGTH_LIMITS.description);
}

/** `{level=HIGH, reasons=Anomalous Location}`, or the word alone. */
function riskLevel(debug: JsonObject): string | null {
  const risk = debugText(debug, 'risk') ?? debugText(debug, 'logOnlySecurityData');
  if (risk === null) return null;
  return (/"?level"?\s*[=:]\s*"?([A-Za-z]+)/.exec(risk)?.[1] ?? risk).toLowerCase();
}

/** Okta saw a device and an address that are new for somebody who wants to administer it. */
function isNewAdministrator(type: string, record: JsonObject, debug: JsonObject): boolean {
  if (type !== 'policy.evaluate_sign_on' && type !== 'user.session.access_admin_app') return false;
  const said = `${debugText(debug, 'behaviors')} ${debugText(debug, 'logOnlySecurityData')}`;
  const isNew = (what: string) => new RegExp(`${what}"?\\s*[=:]\\s*"?POSITIVE`).test(said);
  const isConsole = children(record, 'target').some((target) => at(target, 'displayName') === 'Okta Admin Console');
  return isConsole && isNew('New Device') && isNew('New IP');
}

function isAlert(type: string, record: JsonObject, debug: JsonObject): boolean {
  if (isNewAdministrator(type, record, debug)) return true;
  const reason = textOf(at(child(record, 'outcome'), 'reason')) ?? '';
  if (/phishing/i.test(reason)) return true;
  if (ALERT_EVENTS.has(type) || type.startsWith(RATE_LIMIT)) return true;
  if (type === 'user.account.reset_password') {
    return textOf(at(child(record, 'actor'), 'alternateId'))?.toLowerCase() === OKTA_STAFF;
  }
  return textOf(at(debug, 'threatSuspected'))?.toLowerCase() === 'true' || RISK_LEVELS.has(riskLevel(debug) ?? '');
}

/** The risk that Okta computed; then its suspicion; its level only where it says nothing of a threat. */
function setSeverity(alert: NormalisedAlert, record: JsonObject, debug: JsonObject): void {
  if (setSeverityWord(alert, riskLevel(debug) ?? undefined)) return;
  const isSuspected = textOf(at(debug, 'threatSuspected'))?.toLowerCase() === 'true';
  const level = textOf(at(record, 'severity'))?.toLowerCase() ?? '';
  const word = isSuspected ? 'high' : LEVELS.get(level);
  if (word === undefined) {
    setSeverityWord(alert, level);
    return;
  }
  alert.severity = word;
  alert.severityScore = SEVERITY_WORD_SCORE[word];
}

/** "unknown" is what Okta writes where it knows no name. */
function nameOf(person: JsonObject): string | null {
  const name = textOf(at(person, 'alternateId'));
  return name === 'unknown' ? null : name;
}

function addPeople(alert: NormalisedAlert, record: JsonObject): void {
  addOnce(alert.users, nameOf(child(record, 'actor')));
  for (const target of children(record, 'target')) {
    if (at(target, 'type') === 'User') addOnce(alert.users, nameOf(target));
    else if (at(target, 'type') === 'AppInstance') {
      const app = textOf(at(target, 'displayName'));
      if (app !== null) addOnce(alert.tags, `app:${app}`);
    }
  }
}

function read(record: JsonObject): FormatResult {
  const type = textOf(atAnyCase(record, 'eventType')) ?? 'untyped';
  const debug = debugData(record);
  if (!isAlert(type, record, debug)) return { kind: 'skip', why: `an Okta ${type} event, which is no alert` };
  const alert = emptyAlert('okta');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [['published', at(record, 'published')]]);
  if (problem !== null) return { kind: 'reject', why: problem };
  alert.stableId = textOf(at(record, 'uuid')) ?? recordDigest('okta', record);
  alert.dedupeAtMs = alert.observedAtMs;
  const message = textOf(atAnyCase(record, 'displayMessage'), LENGTH_LIMITS.title);
  alert.title = message ?? `Okta event ${type}`;
  if (message === null)
    warnings.push({ field: 'title', message: 'there is no displayMessage; the event type stands in' });
  const outcome = child(record, 'outcome');
  const result = textOf(at(outcome, 'result'));
  alert.description = textOf(at(outcome, 'reason'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId = type;
  alert.category = type.split('.', 1)[0] ?? null;
  setSeverity(alert, record, debug);
  addPeople(alert, record);
  alert.sourceIp = ipOf(at(child(record, 'client'), 'ipAddress'));
  addOnce(alert.domains, domainOf(at(childAnyCase(record, 'securityContext'), 'domain')));
  if (result !== null) addOnce(alert.tags, `outcome:${result}`);
  if (result === 'DENY') alert.sourceAction = 'blocked';
  else if (result === 'ALLOW' || result === 'SUCCESS') alert.sourceAction = 'allowed';
  return finish(alert, warnings);
}

const OWN_KEYS = ['legacyEventType', 'debugContext'];

/** Okta's System Log: an audit log of which few events are alerts. */
export const okta: AlertFormat = {
  name: 'okta',
  label: 'Okta System Log',
  recognises(record) {
    const type = atAnyCase(record, 'eventType');
    if (typeof type !== 'string' || !/^[a-z_]{1,40}(?:\.[a-z0-9_]{1,60}){1,6}$/.test(type)) return 0;
    if (OWN_KEYS.some((key) => atAnyCase(record, key) !== undefined)) return 1;
    return Object.hasOwn(child(record, 'actor'), 'alternateId') ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|app:', '|outcome:', '|untyped|', '|Okta event '] },
};

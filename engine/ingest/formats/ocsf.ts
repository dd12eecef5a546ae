import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { addOcsfEntities } from './ocsf-entities.ts';
import { addOnce, at, child, children, LENGTH_LIMITS, numberOf, textOf, textsOf } from './values.ts';

/** Detection Finding, and Security Finding, which it replaced in OCSF 1.1. */
const ALERT_CLASSES: ReadonlySet<number> = new Set([2004, 2001]);
const OTHER_CLASSES: ReadonlyMap<number, string> = new Map([
  [2002, 'vulnerability finding'],
  [2003, 'compliance finding'],
  [2005, 'incident finding'],
  [2006, 'data security finding'],
  [2007, 'application security posture finding'],
]);

/** OCSF severity_id; 0 is unknown and 99 means "see the text". */
const SEVERITY_WORDS = [null, 'informational', 'low', 'medium', 'high', 'critical', 'fatal'];
const RISK_LEVELS = ['informational', 'low', 'medium', 'high', 'critical'];
const FATAL_SCORE = 100;
const FATAL = 6;

function setSeverity(alert: NormalisedAlert, record: JsonObject): void {
  const id = numberOf(at(record, 'severity_id'));
  const word = id === null ? null : (SEVERITY_WORDS[id] ?? null);
  if (setSeverityWord(alert, word ?? at(record, 'severity'))) {
    if (id === FATAL) alert.severityScore = FATAL_SCORE;
    return;
  }
  // A score of risk has the scale of its product; the level beside it has that of OCSF.
  const level = numberOf(at(record, 'risk_level_id'));
  if (setSeverityWord(alert, level === null ? at(record, 'risk_level') : RISK_LEVELS[level])) return;
  setSeverityScore(alert, at(record, 'risk_score'));
}

/** Closed, suppressed, resolved, archived or deleted there before we saw it. */
const CLOSED_STATUSES: ReadonlySet<number> = new Set([3, 4, 5, 6]);
const ACTIVITY_CLOSE = 3;
const VERDICTS: ReadonlyMap<number, string> = new Map([
  [1, 'False Positive'],
  [2, 'True Positive'],
  [3, 'Disregard'],
  [4, 'Suspicious'],
  [5, 'Benign'],
  [6, 'Test'],
  [7, 'Insufficient Data'],
  [8, 'Security Risk'],
  [10, 'Duplicate'],
]);

/** Prowler reports the checks that passed, too: those say that there is nothing to do. */
function setState(alert: NormalisedAlert, record: JsonObject): void {
  const isPassedCheck =
    (alert.product === 'prowler' && at(record, 'status_code') === 'PASS') ||
    /^pass(?:ed)?$/i.test(textOf(at(child(record, 'compliance'), 'status')) ?? '');
  // Security Finding, the older class, has a state in place of a status.
  const status = numberOf(at(record, 'status_id')) ?? numberOf(at(record, 'state_id'));
  alert.closedAtSource =
    isPassedCheck ||
    numberOf(at(record, 'activity_id')) === ACTIVITY_CLOSE ||
    (status !== null && CLOSED_STATUSES.has(status));
  const verdict = numberOf(at(record, 'verdict_id'));
  alert.sourceVerdict =
    textOf(at(record, 'verdict')) ?? VERDICTS.get(verdict ?? 0) ?? (isPassedCheck ? 'check passed' : null);
  const action = numberOf(at(record, 'action_id'));
  const disposition = numberOf(at(record, 'disposition_id'));
  if (action === 2 || disposition === 2) alert.sourceAction = 'blocked';
  else if (action === 1 || disposition === 1) alert.sourceAction = 'allowed';
}

function addAttacks(alert: NormalisedAlert, holder: JsonObject): void {
  for (const attack of children(holder, 'attacks')) {
    addTechniques(alert.techniques, textsOf(at(child(attack, 'technique'), 'uid')));
    addTechniques(alert.techniques, textsOf(at(child(attack, 'sub_technique'), 'uid')));
    const tactics = [...children(attack, 'tactics'), ...children(attack, 'tactic')];
    for (const tactic of tactics) {
      const uid = textsOf(at(tactic, 'uid'));
      addTactics(alert.tactics, uid.length > 0 ? uid : textsOf(at(tactic, 'name')));
    }
  }
}

function setTexts(alert: NormalisedAlert, record: JsonObject, finding: JsonObject): void {
  const message = textOf(at(record, 'message'), LENGTH_LIMITS.description);
  alert.title = textOf(at(finding, 'title'), LENGTH_LIMITS.title) ?? textOf(message, LENGTH_LIMITS.title) ?? '';
  const description = textOf(at(finding, 'desc'), LENGTH_LIMITS.description);
  alert.description = (description === alert.title ? null : description) ?? message ?? description ?? '';
  const own = at(finding, 'analytic');
  const analytic = isJsonObject(own) ? own : child(record, 'analytic');
  const code = textOf(at(child(record, 'metadata'), 'event_code'), LENGTH_LIMITS.ruleId);
  alert.ruleId = textOf(at(analytic, 'uid'), LENGTH_LIMITS.ruleId) ?? code ?? textOf(at(analytic, 'name')) ?? '';
  alert.ruleName = textOf(at(analytic, 'name'), LENGTH_LIMITS.title) ?? '';
  const types = textsOf(at(finding, 'types'));
  alert.category = types[0] ?? textOf(at(record, 'category_name'));
  for (const tag of types) addOnce(alert.tags, tag);
  for (const malware of children(record, 'malware')) {
    const name = textOf(at(malware, 'name'));
    if (name !== null) addOnce(alert.tags, `malware:${name}`);
  }
  for (const tag of textsOf(at(child(record, 'metadata'), 'labels'))) addOnce(alert.tags, tag);
}

function productOf(record: JsonObject): string {
  const product = child(child(record, 'metadata'), 'product');
  const name = textOf(at(product, 'name')) ?? textOf(at(product, 'vendor_name')) ?? 'ocsf';
  return name.toLowerCase();
}

function classProblem(record: JsonObject): FormatResult | null {
  const classId = numberOf(at(record, 'class_uid'));
  if (classId === null)
    return { kind: 'reject', why: 'it has no class_uid, so nothing says what kind of OCSF event it is' };
  if (at(record, 'is_alert') === false) return { kind: 'skip', why: 'an OCSF event with is_alert false' };
  if (ALERT_CLASSES.has(classId) || at(record, 'is_alert') === true) return null;
  return { kind: 'skip', why: `an OCSF ${OTHER_CLASSES.get(classId) ?? `event of class ${classId}`}` };
}

function read(record: JsonObject): FormatResult {
  const refused = classProblem(record);
  if (refused !== null) return refused;
  const alert = emptyAlert(productOf(record));
  const warnings: ReadWarning[] = [];
  const info = at(record, 'finding_info');
  const finding = isJsonObject(info) ? info : child(record, 'finding');
  const problem = setTime(alert, warnings, [
    ['time', at(record, 'time')],
    ['time_dt', at(record, 'time_dt')],
    ['finding_info.last_seen_time', at(finding, 'last_seen_time')],
    ['finding_info.created_time', at(finding, 'created_time')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const uid = textOf(at(finding, 'uid'), LENGTH_LIMITS.ruleId) ?? textOf(at(child(record, 'metadata'), 'uid'));
  alert.stableId = uid ?? recordDigest(alert.product, record);
  // A finding that is seen again keeps its uid and gets new times; only a digest pins the time that is part of it.
  if (uid === null) {
    alert.dedupeAtMs = alert.observedAtMs;
    warnings.push({
      field: 'stableId',
      message: 'finding_info.uid is missing or a template; a digest of the record stands in',
    });
  }
  setTexts(alert, record, finding);
  setSeverity(alert, record);
  addAttacks(alert, finding);
  addAttacks(alert, record);
  addOcsfEntities(alert, record);
  for (const vulnerability of [...children(record, 'vulnerabilities'), ...children(finding, 'vulnerabilities')]) {
    addCves(alert.cves, textOf(at(child(vulnerability, 'cve'), 'uid')));
  }
  addCves(alert.cves, alert.title);
  setState(alert, record);
  return finish(alert, warnings);
}

/** OCSF Detection Finding (class 2004) of any product. */
export const ocsf: AlertFormat = {
  name: 'ocsf',
  label: 'OCSF',
  recognises(record) {
    if (numberOf(at(record, 'class_uid')) === null) return 0;
    return isJsonObject(at(record, 'metadata')) || Object.hasOwn(record, 'finding_info') ? 1 : 0.6;
  },
  read,
  taken: { fields: takenBut(), words: ['|malware:'] },
};

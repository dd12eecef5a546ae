import { TACTIC_SLUGS, tacticSlug } from '../../../shared/domain/alert/tactics.ts';
import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import { parseTimestamp } from '../../../shared/domain/time/timestamp.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { addMicrosoftEvidence } from './microsoft-evidence.ts';
import { addOnce, at, children, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

const KNOWN_TACTICS: ReadonlySet<string> = new Set(Object.values(TACTIC_SLUGS));

/** A category is a tactic or a word of Microsoft's own (`AnonymousLogin`, `Malware`), which is none. */
export function setMicrosoftCategory(alert: NormalisedAlert, category: string | null): void {
  alert.category = category;
  for (const word of category?.split(/[,;]/) ?? []) {
    const slug = tacticSlug(word);
    if (slug !== null && KNOWN_TACTICS.has(slug)) addOnce(alert.tactics, slug);
  }
}

/** What people did with it there: the words are those of all interfaces of Defender. */
export function setMicrosoftState(alert: NormalisedAlert, record: JsonObject): void {
  alert.closedAtSource = textOf(at(record, 'status'))?.toLowerCase() === 'resolved';
  const said = [at(record, 'classification'), at(record, 'determination')].map((value) => textOf(value));
  const words = said.filter((word) => word !== null && word.toLowerCase() !== 'unknown');
  alert.sourceVerdict = words.length > 0 ? words.join(', ') : alert.closedAtSource ? 'resolved' : null;
}

function setTexts(alert: NormalisedAlert, record: JsonObject): void {
  alert.title = textOf(at(record, 'title'), LENGTH_LIMITS.title) ?? '';
  alert.description = textOf(at(record, 'description'), LENGTH_LIMITS.description) ?? '';
  alert.ruleId =
    textOf(at(record, 'alertPolicyId')) ?? textOf(at(record, 'detectorId'), LENGTH_LIMITS.ruleId) ?? alert.title;
  for (const source of [at(record, 'serviceSource'), at(record, 'detectionSource')])
    addOnce(alert.tags, textOf(source));
  const incident = textOf(at(record, 'incidentId'));
  if (incident !== null) addOnce(alert.tags, `incident:${incident}`);
  const threat = textOf(at(record, 'threatDisplayName'));
  if (threat !== null) addOnce(alert.tags, `malware:${threat}`);
}

/** Its alerts are records of their own; of an incident without them there is nothing to say what was found on whom. */
function isIncident(record: JsonObject): boolean {
  const type = textOf(at(record, '@odata.type') ?? at(record, 'at_sign_odata_type')) ?? '';
  return type.endsWith('.security.incident') || Object.hasOwn(record, 'incidentName');
}

function read(record: JsonObject): FormatResult {
  if (isIncident(record))
    return { kind: 'skip', why: 'an incident of Defender, whose alerts come in records of their own' };
  const alert = emptyAlert('microsoft defender');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['lastActivityDateTime', at(record, 'lastActivityDateTime')],
    ['createdDateTime', at(record, 'createdDateTime')],
    ['firstActivityDateTime', at(record, 'firstActivityDateTime')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id'), LENGTH_LIMITS.ruleId);
  alert.stableId = id ?? recordDigest('microsoft graph', record);
  const created = at(record, 'createdDateTime');
  if (id === null) alert.dedupeAtMs = alert.observedAtMs;
  else if (typeof created === 'string') alert.dedupeAtMs = parseTimestamp(created)?.atMs ?? 0;
  setTexts(alert, record);
  setSeverityWord(alert, at(record, 'severity'));
  setMicrosoftCategory(alert, textOf(at(record, 'category')));
  addTechniques(alert.techniques, textsOf(at(record, 'mitreTechniques')));
  for (const evidence of children(record, 'evidence')) addMicrosoftEvidence(alert, evidence);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  setMicrosoftState(alert, record);
  return finish(alert, warnings);
}

const OWN_KEYS = ['serviceSource', 'detectionSource', 'detectorId', 'providerAlertId', 'evidence'];

/** Microsoft Graph security alerts, second version: Defender, Entra ID Protection, Purview and Sentinel through one interface. */
export const microsoftGraph: AlertFormat = {
  name: 'microsoft-graph',
  label: 'Microsoft Graph alerts_v2',
  recognises(record) {
    if (isIncident(record)) return Object.hasOwn(record, 'incidentId') || Object.hasOwn(record, 'displayName') ? 1 : 0;
    if (!Object.hasOwn(record, 'createdDateTime') || !Object.hasOwn(record, 'severity')) return 0;
    return Object.hasOwn(record, 'title') && OWN_KEYS.some((key) => Object.hasOwn(record, key)) ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|incident:', '|malware:', '|app:'] },
};

import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { setMicrosoftCategory } from './microsoft-graph.ts';
import { addHash, addOnce, at, child, ipOf, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

const TABLE_PREFIX = 'AdvancedHunting-';

function tableOf(record: JsonObject): string | null {
  const category = at(record, 'category');
  return typeof category === 'string' && category.startsWith(TABLE_PREFIX) ? category.slice(TABLE_PREFIX.length) : null;
}

/** What evidence says about its own identity: one alert names a thing once, however often it is sent. */
const EVIDENCE_KEYS = [
  'EntityType',
  'DeviceId',
  'DeviceName',
  'AccountObjectId',
  'AccountUpn',
  'AccountName',
  'RemoteIP',
];

/**
 * AlertInfo says what was found, AlertEvidence on whom: two records that nothing joins but their AlertId. Evidence of a
 * machine or account that was hit is an alert about that thing, with the same title and rule, and a tag names the alert
 * that it belongs to. As a further content of the same alert, each piece of evidence would hide the one before it.
 */
function skipped(table: string | null, properties: JsonObject): FormatResult | null {
  if (table === 'AlertInfo') return null;
  if (table !== 'AlertEvidence') {
    return { kind: 'skip', why: `a Defender ${textOf(table) ?? 'untyped'} event, which is telemetry and no alert` };
  }
  const isHit = /^impacted$/i.test(textOf(at(properties, 'EvidenceRole')) ?? '');
  const isThing = /^(?:machine|user|mailbox)$/i.test(textOf(at(properties, 'EntityType')) ?? '');
  if (isHit && isThing && textOf(at(properties, 'Title')) !== null) return null;
  const id = textOf(at(properties, 'AlertId')) ?? 'unknown';
  return { kind: 'skip', why: `evidence of the Defender alert ${id} that names no machine or account which was hit` };
}

function addEvidence(alert: NormalisedAlert, properties: JsonObject, alertId: string): void {
  const identity = EVIDENCE_KEYS.map((key) => textOf(at(properties, key)));
  alert.stableId = digest(JSON.stringify([alertId, ...identity]));
  addOnce(alert.hosts, textOf(at(properties, 'DeviceName')));
  const name = textOf(at(properties, 'AccountName'));
  const domain = textOf(at(properties, 'AccountDomain'));
  const account = name === null || domain === null ? name : `${domain}\\${name}`;
  addOnce(alert.users, textOf(at(properties, 'AccountUpn')) ?? account);
  alert.sourceIp = ipOf(at(properties, 'LocalIP'));
  alert.destinationIp = ipOf(at(properties, 'RemoteIP'));
  addOnce(alert.urls, textOf(at(properties, 'RemoteUrl'), LENGTH_LIMITS.url));
  for (const key of ['SHA256', 'SHA1']) addHash(alert.hashes, at(properties, key));
  alert.process.commandLine = textOf(at(properties, 'ProcessCommandLine'), LENGTH_LIMITS.commandLine);
  addOnce(alert.tags, 'evidence');
}

/** A text that holds a list: `["Execution"]`. */
function firstCategory(value: Json | undefined): string | null {
  return /[A-Za-z]{3,40}/.exec(textOf(value) ?? '')?.[0] ?? null;
}

function read(record: JsonObject): FormatResult {
  const properties = child(record, 'properties');
  const refused = skipped(tableOf(record), properties);
  if (refused !== null) return refused;
  const id = textOf(at(properties, 'AlertId'));
  if (id === null) return { kind: 'reject', why: 'it has no properties.AlertId, so nothing says which alert it is' };
  const alert = emptyAlert('microsoft defender');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['properties.Timestamp', at(properties, 'Timestamp')],
    ['time', at(record, 'time')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  alert.stableId = id;
  alert.title = textOf(at(properties, 'Title'), LENGTH_LIMITS.title) ?? '';
  alert.ruleId = textOf(at(properties, 'DetectorId'), LENGTH_LIMITS.ruleId) ?? alert.title;
  setSeverityWord(alert, at(properties, 'Severity'));
  setMicrosoftCategory(alert, textOf(at(properties, 'Category')));
  // A text that holds a list: `["User Execution (T1204)","Rundll32 (T1218.011)"]`; the ids in it are all that is wanted.
  addTechniques(alert.techniques, textsOf(at(properties, 'AttackTechniques'), LENGTH_LIMITS.description));
  if (tableOf(record) === 'AlertEvidence') {
    addEvidence(alert, properties, id);
    setMicrosoftCategory(alert, firstCategory(at(properties, 'Categories')));
  }
  addOnce(alert.tags, `alert:${id}`);
  addOnce(alert.tags, textOf(at(properties, 'ServiceSource')));
  addOnce(alert.tags, textOf(at(properties, 'DetectionSource')));
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

/** Microsoft Defender XDR as it streams its hunting tables to an Event Hub. */
export const defenderXdr: AlertFormat = {
  name: 'defender-xdr',
  label: 'Microsoft Defender XDR stream',
  recognisedBy: 'content',
  recognises(record) {
    return tableOf(record) !== null && Object.hasOwn(record, 'properties') ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|alert:', '|evidence|'] },
};

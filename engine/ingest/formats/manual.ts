import type { ReadWarning } from '../../../shared/model/alert.ts';
import type { Json, JsonObject } from '../../../shared/model/json.ts';
import type { Severity } from '../../../shared/model/vocabulary.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { addHash, addOnce, at, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf, textsOf } from './values.ts';

const KIND = 'evenwatch.alert';

export interface ManualEntry {
  /** Given by the caller, so that the same entry sent twice is one alert. */
  id: string;
  title: string;
  description: string;
  severity: Severity;
  observedAtMs: number;
  host: string | null;
  user: string | null;
  sourceIp: string | null;
  reportedBy: string | null;
}

/** The record of an alert that a person entered, kept as its original like every other. */
export function manualRecord(entry: ManualEntry): JsonObject {
  return {
    kind: KIND,
    id: entry.id,
    title: entry.title,
    description: entry.description,
    severity: entry.severity,
    observedAtMs: entry.observedAtMs,
    host: entry.host,
    user: entry.user,
    sourceIp: entry.sourceIp,
    reportedBy: entry.reportedBy,
  };
}

/** One word or several under either name. */
function both(record: JsonObject, singular: string, plural: string): Json[] {
  return [at(record, singular) ?? null, at(record, plural) ?? null];
}

function read(record: JsonObject): FormatResult {
  const alert = emptyAlert('manual');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [
    ['observedAtMs', at(record, 'observedAtMs')],
    ['observedAt', at(record, 'observedAt')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const id = textOf(at(record, 'id'));
  alert.stableId = id ?? recordDigest('manual', record);
  alert.dedupeAtMs = id === null ? alert.observedAtMs : 0;
  alert.title = textOf(at(record, 'title'), LENGTH_LIMITS.title) ?? '';
  alert.description = textOf(at(record, 'description'), LENGTH_LIMITS.description) ?? '';
  if (!setSeverityWord(alert, at(record, 'severity'))) setSeverityScore(alert, at(record, 'severity'));
  alert.ruleId = textOf(at(record, 'rule'), LENGTH_LIMITS.ruleId) ?? '';
  alert.category = textOf(at(record, 'category')) ?? 'reported by a person';
  for (const value of both(record, 'host', 'hosts')) for (const host of textsOf(value)) addOnce(alert.hosts, host);
  for (const value of both(record, 'user', 'users')) for (const user of textsOf(value)) addOnce(alert.users, user);
  alert.sourceIp = ipOf(at(record, 'sourceIp'));
  alert.sourcePort = portOf(at(record, 'sourcePort'));
  alert.destinationIp = ipOf(at(record, 'destinationIp'));
  alert.destinationPort = portOf(at(record, 'destinationPort'));
  if (alert.sourceIp === null && textOf(at(record, 'sourceIp')) !== null) {
    warnings.push({ field: 'sourceIp', message: 'it is no IP address and was left empty' });
  }
  for (const url of textsOf(at(record, 'urls'), LENGTH_LIMITS.url)) {
    addOnce(alert.urls, url);
    addOnce(alert.domains, domainOf(url));
  }
  for (const value of textsOf(at(record, 'hashes'))) addHash(alert.hashes, value);
  addTechniques(alert.techniques, textsOf(at(record, 'techniques')));
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  alert.tags = textsOf(at(record, 'tags'));
  return finish(alert, warnings);
}

/** Alerts entered by hand ("a user phoned"), and the plainest JSON that a script can send. */
export const manual: AlertFormat = {
  name: 'manual',
  label: 'Entered by hand',
  recognises(record) {
    if (at(record, 'kind') === KIND) return 1;
    const isPlain = Object.hasOwn(record, 'title') && Object.hasOwn(record, 'severity');
    return isPlain && (Object.hasOwn(record, 'observedAt') || Object.hasOwn(record, 'observedAtMs')) ? 0.5 : 0;
  },
  read,
};

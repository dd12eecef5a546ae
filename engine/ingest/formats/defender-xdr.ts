import type { ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTechniques } from './attack.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { setMicrosoftCategory } from './microsoft-graph.ts';
import { addOnce, at, child, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

const TABLE_PREFIX = 'AdvancedHunting-';

function tableOf(record: JsonObject): string | null {
  const category = at(record, 'category');
  return typeof category === 'string' && category.startsWith(TABLE_PREFIX) ? category.slice(TABLE_PREFIX.length) : null;
}

function skipped(table: string | null, properties: JsonObject): FormatResult | null {
  if (table === 'AlertInfo') return null;
  if (table !== 'AlertEvidence') {
    return { kind: 'skip', why: `a Defender ${textOf(table) ?? 'untyped'} event, which is telemetry and no alert` };
  }
  const id = textOf(at(properties, 'AlertId')) ?? 'unknown';
  return { kind: 'skip', why: `evidence of the Defender alert ${id}, which comes in a record of its own` };
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
};

import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { addSentinelEntities, parsedCell } from './sentinel-entities.ts';
import { addOnce, at, child, ipOf, LENGTH_LIMITS, textOf, textsOf } from './values.ts';

/** `["InitialAccess"]`, or words with commas between. */
function listOf(cell: Json | undefined): string[] {
  const parsed = typeof cell === 'string' && cell.trimStart().startsWith('[') ? parsedCell(cell) : cell;
  if (Array.isArray(parsed)) return textsOf(parsed);
  return (
    textOf(parsed, LENGTH_LIMITS.description)
      ?.split(/\s*[,;]\s*/)
      .filter((word) => word !== '') ?? []
  );
}

/** Each product that reports here writes the same facts under names of its own, in any case of letters. */
class Properties {
  readonly #values = new Map<string, Json>();

  constructor(cell: Json | undefined) {
    const value = parsedCell(cell);
    if (!isJsonObject(value)) return;
    for (const [key, one] of Object.entries(value)) this.#values.set(key.toLowerCase(), one);
  }

  text(limit: number, ...names: readonly string[]): string | null {
    for (const name of names) {
      const text = textOf(this.#values.get(name), limit);
      if (text !== null) return text;
    }
    return null;
  }
}

function addProperties(alert: NormalisedAlert, properties: Properties): void {
  const { process } = alert;
  const { url, commandLine, name } = LENGTH_LIMITS;
  process.executable = properties.text(url, 'suspicious process', 'process name', 'processname');
  process.commandLine = properties.text(commandLine, 'suspicious command line', 'command line', 'commandline');
  process.parentExecutable = properties.text(url, 'parent process');
  alert.sourceIp = ipOf(properties.text(name, 'attacker ip', 'client ip address', 'source ip') ?? undefined);
  alert.destinationIp = ipOf(properties.text(name, 'victim ip') ?? undefined);
  if (properties.text(name, 'actiontaken')?.toLowerCase() === 'blocked') alert.sourceAction = 'blocked';
}

/** Closed there, or taken back: words of the alert table and of the incident table. */
function setState(alert: NormalisedAlert, record: JsonObject): void {
  const status = textOf(at(record, 'Status'))?.toLowerCase() ?? '';
  alert.closedAtSource = status === 'resolved' || status === 'dismissed' || status === 'closed';
  const verdict = textOf(at(record, 'Classification'));
  alert.sourceVerdict = verdict ?? (alert.closedAtSource ? status : null);
}

/** The portal's export writes ` [UTC]` behind each of them. */
const TIMES = [
  'StartTimeUtc',
  'StartTime',
  'FirstActivityTime',
  'FirstActivityTimeUtc',
  'CreatedTime',
  'CreatedTimeUtc',
  'TimeGenerated',
  'TimeGeneratedUtc',
] as const;

function start(product: string, record: JsonObject, warnings: ReadWarning[]): NormalisedAlert | string {
  const alert = emptyAlert(product);
  const names = TIMES.flatMap((name) => [name, `${name} [UTC]`]);
  const candidates = names.map((name) => [name, at(record, name)] as const).filter(([, value]) => value !== undefined);
  const problem = setTime(alert, warnings, candidates);
  if (problem !== null) return candidates.length === 0 ? 'it has no StartTime or TimeGenerated' : problem;
  setSeverityWord(alert, at(record, 'AlertSeverity') ?? at(record, 'Severity'));
  addTactics(alert.tactics, listOf(at(record, 'Tactics')));
  addTechniques(alert.techniques, [...listOf(at(record, 'Techniques')), ...listOf(at(record, 'SubTechniques'))]);
  alert.description = textOf(at(record, 'Description'), LENGTH_LIMITS.description) ?? '';
  setState(alert, record);
  return alert;
}

/** `systemAlertId` of the management interface is `SystemAlertId` of the table. */
function tableKeys(value: Json, depth = 10): Json {
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((one) => tableKeys(one, depth - 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.charAt(0).toUpperCase() + key.slice(1), tableKeys(one, depth - 1)]),
  );
}

/**
 * The row that an alert or incident of the management interface (Sentinel, and Defender for Cloud, which shares its
 * form) would be in the table; the record itself when it is a row already.
 */
function rowOf(record: JsonObject): JsonObject {
  const properties = at(record, 'properties');
  if (!isJsonObject(properties)) return record;
  const row = tableKeys(properties);
  if (!isJsonObject(row)) return record;
  const intent = at(row, 'Intent');
  const tactics = at(row, 'Tactics') ?? at(child(row, 'AdditionalData'), 'Tactics') ?? intent ?? null;
  const flat: JsonObject = { ...row, Tactics: tactics };
  return Object.hasOwn(row, 'IncidentNumber') ? { ...flat, IncidentName: at(record, 'name') ?? null } : flat;
}

function isOfInterface(record: JsonObject): boolean {
  const properties = child(record, 'properties');
  if (Object.hasOwn(properties, 'systemAlertId')) return true;
  return Object.hasOwn(properties, 'incidentNumber') && Object.hasOwn(properties, 'title');
}

function readIncident(record: JsonObject): FormatResult {
  const warnings: ReadWarning[] = [];
  const alert = start('sentinel', record, warnings);
  if (typeof alert === 'string') return { kind: 'reject', why: alert };
  alert.stableId = textOf(at(record, 'IncidentName')) ?? '';
  alert.title = textOf(at(record, 'Title'), LENGTH_LIMITS.title) ?? '';
  alert.ruleId = listOf(at(record, 'RelatedAnalyticRuleIds'))[0] ?? alert.title;
  alert.category = 'incident';
  for (const id of listOf(at(record, 'AlertIds'))) addOnce(alert.tags, `alert:${id}`);
  return finish(alert, warnings);
}

function read(given: JsonObject): FormatResult {
  const record = isOfInterface(given) ? rowOf(given) : given;
  if (Object.hasOwn(record, 'IncidentName')) return readIncident(record);
  if (textOf(at(record, 'IsIncident'))?.toLowerCase() === 'true' || at(record, 'IsIncident') === true) {
    return { kind: 'skip', why: 'an incident of Sentinel, whose alerts come in records of their own' };
  }
  const id = textOf(at(record, 'SystemAlertId'));
  if (id === null) return { kind: 'reject', why: 'it has no SystemAlertId, which every alert of Sentinel has' };
  const warnings: ReadWarning[] = [];
  const alert = start('sentinel', record, warnings);
  if (typeof alert === 'string') return { kind: 'reject', why: alert };
  alert.stableId = id;
  const names = ['DisplayName', 'AlertDisplayName', 'AlertName'].map((key) =>
    textOf(at(record, key), LENGTH_LIMITS.title),
  );
  alert.title = names.find((name) => name !== null) ?? '';
  alert.ruleId = textOf(at(record, 'AlertType'), LENGTH_LIMITS.ruleId) ?? alert.title;
  alert.ruleName = textOf(at(record, 'AlertName'), LENGTH_LIMITS.title) ?? '';
  alert.category = textOf(at(record, 'ProductName')) ?? textOf(at(record, 'ProviderName'));
  addProperties(alert, new Properties(at(record, 'ExtendedProperties')));
  addOnce(alert.hosts, textOf(at(record, 'CompromisedEntity')));
  addSentinelEntities(alert, at(record, 'Entities'));
  if (alert.hosts.length === 0) addOnce(alert.hosts, textOf(at(record, 'ResourceId'), LENGTH_LIMITS.ruleId));
  if (/test alert/i.test(alert.title)) alert.tags.push('sample');
  addCves(alert.cves, `${alert.title} ${alert.description}`);
  return finish(alert, warnings);
}

/** Microsoft Sentinel's SecurityAlert and SecurityIncident tables, as CSV or as JSON, and as the management interface gives them. */
export const sentinel: AlertFormat = {
  name: 'sentinel',
  label: 'Microsoft Sentinel',
  recognises(record) {
    if (Object.hasOwn(record, 'SystemAlertId') || isOfInterface(record)) return 1;
    return Object.hasOwn(record, 'IncidentName') && Object.hasOwn(record, 'IncidentNumber') ? 1 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|incident|', '|alert:', '|sample|'] },
};

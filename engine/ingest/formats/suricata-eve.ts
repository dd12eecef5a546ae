import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves } from './attack.ts';
import { digest } from './digest.ts';
import { emptyAlert, finish, setSeverityWord, setTime } from './draft.ts';
import { actionOf, addRuleMetadata, addSuricataTraffic } from './suricata-parts.ts';
import { at, child, ipOf, LENGTH_LIMITS, numberOf, portOf, textOf } from './values.ts';

/** Suricata's priority is upside down: 1 is the most urgent. */
const PRIORITY_WORDS = ['high', 'medium', 'low'];

/** Emerging Threats' own word for how bad it is, which ranks better than the priority of the rule's class. */
function setSeverity(alert: NormalisedAlert, finding: JsonObject, metadata: JsonObject): void {
  const words = at(metadata, 'signature_severity');
  if (setSeverityWord(alert, Array.isArray(words) ? words[0] : words)) return;
  const priority = numberOf(at(finding, 'severity'));
  if (priority === null || priority < 1) return;
  setSeverityWord(alert, PRIORITY_WORDS[priority - 1] ?? 'informational');
}

/** Rules may name attacker and victim (`target:`); without that the two ends are those of the packet. */
function setEnds(alert: NormalisedAlert, record: JsonObject, finding: JsonObject): void {
  const source = ipOf(at(child(finding, 'source'), 'ip'));
  const target = ipOf(at(child(finding, 'target'), 'ip'));
  if (source !== null && target !== null) {
    alert.sourceIp = source;
    alert.sourcePort = portOf(at(child(finding, 'source'), 'port'));
    alert.destinationIp = target;
    alert.destinationPort = portOf(at(child(finding, 'target'), 'port'));
    return;
  }
  alert.sourceIp = ipOf(at(record, 'src_ip'));
  alert.sourcePort = portOf(at(record, 'src_port'));
  alert.destinationIp = ipOf(at(record, 'dest_ip'));
  alert.destinationPort = portOf(at(record, 'dest_port'));
}

/** Missing parts stay in place, so that two different gaps never make one id. */
function part(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function read(record: JsonObject): FormatResult {
  const type = at(record, 'event_type');
  const finding = at(record, 'alert');
  if (type === 'drop' && isJsonObject(finding)) return readDrop(record, finding);
  if (type !== 'alert') return { kind: 'skip', why: `a Suricata ${textOf(type) ?? 'untyped'} event` };
  if (!isJsonObject(finding)) return { kind: 'reject', why: 'event_type is "alert" but there is no alert object' };
  return readFinding(record, finding);
}

/**
 * A packet that a rule dropped. Mostly an alert event with the same time, flow, rule and transaction stands beside it,
 * which says more; a sensor may be set to write the drops alone.
 */
function readDrop(record: JsonObject, finding: JsonObject): FormatResult {
  const result = readFinding(record, finding);
  return result.kind === 'alert' ? { ...result, isStandIn: true } : result;
}

function readFinding(record: JsonObject, finding: JsonObject): FormatResult {
  const alert = emptyAlert('suricata');
  const warnings: ReadWarning[] = [];
  const problem = setTime(alert, warnings, [['timestamp', at(record, 'timestamp')]]);
  if (problem !== null) return { kind: 'reject', why: problem };
  const ids = `${part(at(finding, 'gid'))}:${part(at(finding, 'signature_id'))}:${part(at(finding, 'rev'))}`;
  alert.stableId = digest(
    `suricata|${part(at(record, 'timestamp'))}|${part(at(record, 'flow_id'))}|${ids}|${part(at(record, 'tx_id'))}`,
  );
  alert.dedupeAtMs = alert.observedAtMs;
  setTitle(alert, warnings, finding, ids);
  alert.category = textOf(at(finding, 'category'));
  alert.description = alert.category ?? '';
  const metadata = child(finding, 'metadata');
  setSeverity(alert, finding, metadata);
  setEnds(alert, record, finding);
  alert.sourceAction = actionOf(textOf(at(finding, 'action')));
  if (Object.hasOwn(finding, 'metadata')) addRuleMetadata(alert, metadata);
  addCves(alert.cves, alert.title);
  addSuricataTraffic(alert, record);
  return finish(alert, warnings);
}

function setTitle(alert: NormalisedAlert, warnings: ReadWarning[], finding: JsonObject, ids: string): void {
  const hasId = numberOf(at(finding, 'signature_id')) !== null;
  if (hasId) alert.ruleId = textOf(ids, LENGTH_LIMITS.ruleId) ?? '';
  const signature = textOf(at(finding, 'signature'), LENGTH_LIMITS.title);
  if (signature !== null) {
    alert.title = signature;
  } else if (hasId) {
    alert.title = `Suricata rule ${alert.ruleId}`;
    warnings.push({ field: 'title', message: 'the alert has no signature text; its rule id stands in' });
  }
}

/** Suricata's EVE log. The `host` in it is the sensor, so it is no host of the alert. */
export const suricataEve: AlertFormat = {
  name: 'suricata-eve',
  label: 'Suricata EVE',
  recognises(record) {
    const type = at(record, 'event_type');
    if (typeof type !== 'string' || !Object.hasOwn(record, 'timestamp')) return 0;
    const isEve = Object.hasOwn(record, 'flow_id') || Object.hasOwn(record, 'stats') || Object.hasOwn(record, 'engine');
    if (isEve || isJsonObject(at(record, 'alert'))) return 1;
    return Object.hasOwn(record, 'src_ip') || isJsonObject(at(record, type)) ? 0.7 : 0;
  },
  read,
  taken: { fields: takenBut('ruleId'), words: ['|http:', '|Suricata rule '] },
};

import { scalarsAt } from '../../../shared/domain/alert/raw-path.ts';
import { takenBut } from '../../../shared/domain/alert/taken-texts.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from './attack.ts';
import { recordDigest } from './digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from './draft.ts';
import { actionOf } from './suricata-parts.ts';
import { addHash, addOnce, at, child, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf, textsOf } from './values.ts';

/** An archive of an index, one document after another: `{"type":"doc","value":{"id":…,"index":…,"source":{…}}}`. */
function archived(record: JsonObject): JsonObject | null {
  const value = at(record, 'value');
  if (!isJsonObject(value) || typeof at(record, 'type') !== 'string') return null;
  return Object.hasOwn(value, 'index') || Object.hasOwn(value, 'data_stream') ? value : null;
}

/** The document of a hit: `_source`, or `fields`, where every value is in an array; or that of an archive. */
function documentOf(record: JsonObject): JsonObject {
  const source = at(record, '_source');
  if (isJsonObject(source)) return source;
  const archive = archived(record);
  if (archive !== null) return child(archive, 'source');
  const fields = at(record, 'fields');
  return isJsonObject(fields) && Object.hasOwn(record, '_id') ? fields : record;
}

/** Reads by ECS name, wherever the dots of the name are dots of the document and wherever they are objects. */
class EcsReader {
  private readonly document: JsonObject;

  constructor(document: JsonObject) {
    this.document = document;
  }

  all(path: string): Json[] {
    return scalarsAt(this.document, path);
  }

  /** The first of several names that has a value. */
  first(...paths: readonly string[]): Json | undefined {
    for (const path of paths) {
      const value = this.all(path)[0];
      if (value !== undefined) return value;
    }
    return undefined;
  }

  text(limit: number, ...paths: readonly string[]): string | null {
    for (const path of paths) {
      const text = textOf(this.first(path), limit);
      if (text !== null) return text;
    }
    return null;
  }

  texts(path: string): string[] {
    return textsOf(this.all(path));
  }
}

/** Threats hang at the alert's rule (8.x), at its parameters, at the signal's rule (7.x), or at the event itself. */
const THREATS = ['kibana.alert.rule.threat', 'kibana.alert.rule.parameters.threat', 'signal.rule.threat', 'threat'];

function addThreats(alert: NormalisedAlert, ecs: EcsReader): void {
  for (const threat of THREATS) {
    addTechniques(alert.techniques, ecs.texts(`${threat}.technique.id`));
    addTechniques(alert.techniques, ecs.texts(`${threat}.technique.subtechnique.id`));
    const ids = ecs.texts(`${threat}.tactic.id`);
    addTactics(alert.tactics, ids.length > 0 ? ids : ecs.texts(`${threat}.tactic.name`));
  }
}

function addEntities(alert: NormalisedAlert, ecs: EcsReader): void {
  for (const host of [...ecs.texts('host.name'), ...ecs.texts('host.hostname')]) {
    if (!alert.hosts.some((known) => known.toLowerCase() === host.toLowerCase())) addOnce(alert.hosts, host);
  }
  const domain = ecs.text(LENGTH_LIMITS.name, 'user.domain');
  for (const user of ecs.texts('user.name')) {
    addOnce(alert.users, domain === null || /[\\@]/.test(user) ? user : `${domain}\\${user}`);
  }
  alert.sourceIp = firstIp(ecs.all('source.ip'));
  alert.sourcePort = portOf(ecs.first('source.port'));
  alert.destinationIp = firstIp(ecs.all('destination.ip'));
  alert.destinationPort = portOf(ecs.first('destination.port'));
  for (const path of ['process.hash', 'file.hash', 'dll.hash']) {
    for (const kind of ['md5', 'sha1', 'sha256']) {
      for (const value of ecs.all(`${path}.${kind}`)) addHash(alert.hashes, value);
    }
  }
  for (const path of ['url.full', 'url.original']) {
    for (const url of textsOf(ecs.all(path), LENGTH_LIMITS.url)) addOnce(alert.urls, url);
  }
  for (const path of ['url.domain', 'dns.question.name', 'destination.domain', 'url.full']) {
    for (const value of ecs.all(path)) addOnce(alert.domains, domainOf(value));
  }
  alert.process.executable = ecs.text(LENGTH_LIMITS.url, 'process.executable', 'process.name');
  alert.process.commandLine = ecs.text(LENGTH_LIMITS.commandLine, 'process.command_line');
  alert.process.parentExecutable = ecs.text(LENGTH_LIMITS.url, 'process.parent.executable', 'process.parent.name');
}

function firstIp(values: Json[]): string | null {
  for (const value of values) {
    const address = ipOf(value);
    if (address !== null) return address;
  }
  return null;
}

function setSeverity(alert: NormalisedAlert, ecs: EcsReader): void {
  const score = ecs.first('kibana.alert.risk_score', 'signal.rule.risk_score', 'kibana.alert.rule.risk_score');
  const hasWord = setSeverityWord(
    alert,
    ecs.first('kibana.alert.severity', 'signal.rule.severity', 'kibana.alert.rule.severity'),
  );
  const word = alert.severity;
  if (setSeverityScore(alert, score) && hasWord) alert.severity = word;
}

/** ECS says what became of it in `event.type`, which holds several words. */
function sourceAction(ecs: EcsReader): NormalisedAlert['sourceAction'] {
  const actions = ecs.texts('event.type').map(actionOf);
  if (actions.includes('blocked')) return 'blocked';
  return actions.includes('allowed') ? 'allowed' : null;
}

/** Kibana hides building blocks, which only serve to make other alerts; so they enter closed, as closed ones do. */
function setState(alert: NormalisedAlert, ecs: EcsReader): void {
  const state = ecs.text(LENGTH_LIMITS.name, 'kibana.alert.workflow_status', 'signal.status');
  const isBlock = ecs.first('kibana.alert.building_block_type', 'signal.rule.building_block_type') !== undefined;
  alert.closedAtSource = state === 'closed' || isBlock;
  if (isBlock) addOnce(alert.tags, 'building_block');
  alert.sourceVerdict = ecs.text(LENGTH_LIMITS.name, 'kibana.alert.workflow_reason');
}

function setRule(alert: NormalisedAlert, ecs: EcsReader): void {
  alert.title = ecs.text(LENGTH_LIMITS.title, 'kibana.alert.rule.name', 'signal.rule.name') ?? '';
  alert.ruleName = alert.title;
  alert.ruleId =
    ecs.text(
      LENGTH_LIMITS.ruleId,
      'kibana.alert.rule.rule_id',
      'kibana.alert.rule.parameters.rule_id',
      'signal.rule.rule_id',
      'kibana.alert.rule.uuid',
      'signal.rule.id',
    ) ?? '';
  alert.description =
    ecs.text(
      LENGTH_LIMITS.description,
      'kibana.alert.reason',
      'signal.reason',
      'kibana.alert.rule.description',
      'signal.rule.description',
      'message',
    ) ?? '';
  alert.category = ecs.text(LENGTH_LIMITS.name, 'event.category', 'kibana.alert.rule.category');
  for (const path of ['kibana.alert.rule.tags', 'signal.rule.tags', 'tags']) {
    for (const tag of ecs.texts(path)) addOnce(alert.tags, tag);
  }
}

function read(record: JsonObject): FormatResult {
  const document = documentOf(record);
  const ecs = new EcsReader(document);
  const alert = emptyAlert('elastic');
  const warnings: ReadWarning[] = [];
  setRule(alert, ecs);
  if (alert.title === '') {
    return { kind: 'skip', why: 'an Elastic document without kibana.alert.rule.name or signal.rule.name: an event' };
  }
  const problem = setTime(alert, warnings, [
    ['kibana.alert.original_time', ecs.first('kibana.alert.original_time')],
    ['signal.original_time', ecs.first('signal.original_time')],
    ['@timestamp', ecs.first('@timestamp')],
  ]);
  if (problem !== null) return { kind: 'reject', why: problem };
  // An alert that its rule suppresses into is sent again with newer times, so no time of it is safe to look it up by.
  alert.stableId =
    ecs.text(LENGTH_LIMITS.ruleId, 'kibana.alert.uuid') ??
    textOf(at(record, '_id')) ??
    textOf(at(archived(record) ?? {}, 'id')) ??
    recordDigest('elastic', document);
  setSeverity(alert, ecs);
  addThreats(alert, ecs);
  addEntities(alert, ecs);
  setState(alert, ecs);
  alert.sourceAction = sourceAction(ecs);
  for (const path of ['vulnerability.id', 'threat.indicator.name', 'tags', 'kibana.alert.rule.tags']) {
    for (const text of ecs.texts(path)) addCves(alert.cves, text);
  }
  addCves(alert.cves, alert.title);
  return finish(alert, warnings);
}

const INDEX = /^\.(?:internal\.)?(?:alerts-security|siem-signals|alerts-)/;

function hasAlertKeys(document: JsonObject): boolean {
  if (isJsonObject(at(child(document, 'kibana'), 'alert')) || isJsonObject(at(document, 'kibana.alert'))) return true;
  if (isJsonObject(at(child(document, 'signal'), 'rule'))) return true;
  return (
    Object.hasOwn(document, 'kibana.alert.rule.name') ||
    Object.hasOwn(document, 'kibana.alert.uuid') ||
    Object.hasOwn(document, 'kibana.alert.rule.uuid') ||
    Object.hasOwn(document, 'signal.rule.name')
  );
}

/** Detection alerts of Elastic Security: `.alerts-security.*` of 8.x and later, `.siem-signals-*` of 7.x. */
export const elastic: AlertFormat = {
  name: 'elastic',
  label: 'Elastic Security',
  recognises(record) {
    const index = at(record, '_index');
    if (typeof index === 'string' && INDEX.test(index)) return 1;
    if (hasAlertKeys(documentOf(record))) return 1;
    if (archived(record) !== null) return 0.6;
    return Object.hasOwn(child(documentOf(record), 'ecs'), 'version') ? 0.3 : 0;
  },
  read,
  taken: { fields: takenBut(), words: ['|building_block|'] },
};

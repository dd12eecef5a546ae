import { scalarsAt } from '../../../shared/domain/alert/raw-path.ts';
import { holds, mayHold, pathsOf, textsAt } from '../../../shared/domain/mapping/evaluate-mapping.ts';
import type { MappedField, MappingDocument } from '../../../shared/domain/mapping/mapping-document.ts';
import type { NormalisedAlert, ReadWarning } from '../../../shared/model/alert.ts';
import type { JsonObject } from '../../../shared/model/json.ts';
import type { AlertFormat, FormatResult } from '../format.ts';
import { addCves, addTactics, addTechniques } from '../formats/attack.ts';
import { digest, recordDigest } from '../formats/digest.ts';
import { emptyAlert, finish, setSeverityScore, setSeverityWord, setTime } from '../formats/draft.ts';
import { actionOf } from '../formats/suricata-parts.ts';
import { addHash, addOnce, domainOf, ipOf, LENGTH_LIMITS, portOf, textOf } from '../formats/values.ts';

/** Of a value that is named in a warning, in characters. */
const QUOTE_MAX = 60;

/** A mapping file as a format like every other: pure, and the same record always gives the same alert. */
export function compileMapping(mapping: MappingDocument): AlertFormat {
  return {
    name: mapping.name,
    label: mapping.label,
    recognisedBy: 'content',
    recognises: (record) => (holds(mapping.recognise, record) ? 1 : 0),
    mayClaim: (record) => mayHold(mapping.recognise, record),
    read: (record, nearMs) => readMapped(mapping, record, nearMs),
  };
}

function readMapped(mapping: MappingDocument, record: JsonObject, nearMs: number | undefined): FormatResult {
  for (const { when, why } of mapping.skip) if (holds(when, record)) return { kind: 'skip', why };
  for (const { when, why } of mapping.reject) if (holds(when, record)) return { kind: 'reject', why };
  const fields = new MappedFields(mapping, record);
  const alert = emptyAlert(productOf(mapping, record));
  const warnings: ReadWarning[] = [];
  const problem = setMappedTime(alert, warnings, fields, nearMs);
  if (problem !== null) return { kind: 'reject', why: problem };
  setId(alert, warnings, mapping, record);
  setTexts(alert, fields);
  setSeverity(alert, warnings, fields);
  addNetwork(alert, warnings, fields);
  addEntities(alert, fields);
  setState(alert, mapping, record, fields);
  if (alert.title === '')
    return { kind: 'reject', why: `it has no title: nothing stands at ${fields.placesOf('title')}` };
  return finish(alert, warnings);
}

function productOf(mapping: MappingDocument, record: JsonObject): string {
  return textOf(textsAt(mapping.product, record)[0])?.toLowerCase() ?? mapping.name;
}

class MappedFields {
  readonly #mapping: MappingDocument;
  readonly #record: JsonObject;

  constructor(mapping: MappingDocument, record: JsonObject) {
    this.#mapping = mapping;
    this.#record = record;
  }

  all(field: MappedField): string[] {
    const value = this.#mapping.fields.get(field);
    return value === undefined ? [] : textsAt(value, this.#record);
  }

  /** The first that is no placeholder (`-`, `N/A`), cut to the limit. */
  text(field: MappedField, limit: number = LENGTH_LIMITS.name): string | null {
    for (const text of this.all(field)) {
      const kept = textOf(text, limit);
      if (kept !== null) return kept;
    }
    return null;
  }

  /** What stands where the field comes from, before anything is made of it; null when nothing does. */
  given(field: MappedField): string | null {
    const value = this.#mapping.fields.get(field);
    const [first] = value === undefined ? [] : pathsOf(value).flatMap((path) => scalarsAt(this.#record, path));
    return first === undefined ? null : textOf(String(first), QUOTE_MAX);
  }

  placesOf(field: MappedField): string {
    const value = this.#mapping.fields.get(field);
    const paths = value === undefined ? [] : pathsOf(value);
    return paths.length === 0 ? `"${field}"` : paths.join(' or ');
  }
}

function setMappedTime(
  alert: NormalisedAlert,
  warnings: ReadWarning[],
  fields: MappedFields,
  nearMs: number | undefined,
): string | null {
  const texts = fields.all('time');
  const place = fields.placesOf('time');
  if (texts.length === 0) {
    const given = fields.given('time');
    const why = given === null ? 'nothing stands at' : `its mapping makes nothing of "${given}" at`;
    return `it has no usable time: ${why} ${place}`;
  }
  return setTime(
    alert,
    warnings,
    texts.slice(0, 5).map((text) => [place, text] as const),
    nearMs ?? null,
  );
}

/** One part is the id itself, so that people find it in their product; of several a digest is made. */
function setId(alert: NormalisedAlert, warnings: ReadWarning[], mapping: MappingDocument, record: JsonObject): void {
  const parts = mapping.id.map((value) => textOf(textsAt(value, record)[0], LENGTH_LIMITS.url));
  const known = parts.filter((part) => part !== null);
  const [only = ''] = known;
  if (known.length > 0 && known.length === parts.length) {
    alert.stableId = known.length === 1 && only.length <= LENGTH_LIMITS.name ? only : digest(JSON.stringify(known));
    return;
  }
  if (parts.length > 0) {
    const missing = mapping.id.filter((_value, at) => parts[at] === null).flatMap(pathsOf);
    warnings.push({
      field: 'stableId',
      message: `nothing stands at ${missing.join(' or ')}: a digest of the record is its id`,
    });
  }
  alert.stableId = recordDigest(mapping.name, record);
  alert.dedupeAtMs = alert.observedAtMs;
}

function setTexts(alert: NormalisedAlert, fields: MappedFields): void {
  alert.title = fields.text('title', LENGTH_LIMITS.title) ?? '';
  alert.description = fields.text('description', LENGTH_LIMITS.description) ?? '';
  alert.ruleId = fields.text('ruleId', LENGTH_LIMITS.ruleId) ?? '';
  alert.ruleName = fields.text('ruleName', LENGTH_LIMITS.title) ?? '';
  alert.category = fields.text('category');
  alert.process.executable = fields.text('executable', LENGTH_LIMITS.url);
  alert.process.commandLine = fields.text('commandLine', LENGTH_LIMITS.commandLine);
  alert.process.parentExecutable = fields.text('parentExecutable', LENGTH_LIMITS.url);
}

/** A word of any product, or a number from 0 to 100. */
function setSeverity(alert: NormalisedAlert, warnings: ReadWarning[], fields: MappedFields): void {
  const said = fields.text('severity');
  if (said !== null && (setSeverityWord(alert, said) || setSeverityScore(alert, said))) return;
  const given = textOf(said ?? undefined, QUOTE_MAX) ?? fields.given('severity');
  if (given === null) return;
  const message = `"${given}" is neither a severity nor a number from 0 to 100; add it to a table of the mapping`;
  warnings.push({ field: fields.placesOf('severity'), message });
}

function addNetwork(alert: NormalisedAlert, warnings: ReadWarning[], fields: MappedFields): void {
  const ip = (field: 'sourceIp' | 'destinationIp'): string | null => {
    const said = fields.all(field);
    const found = said.map((text) => ipOf(text)).find((one) => one !== null) ?? null;
    const given = textOf(said[0], QUOTE_MAX);
    if (found === null && given !== null) {
      warnings.push({ field, message: `"${given}" at ${fields.placesOf(field)} is no address` });
    }
    return found;
  };
  alert.sourceIp = ip('sourceIp');
  alert.destinationIp = ip('destinationIp');
  alert.sourcePort = portOf(fields.all('sourcePort')[0]);
  alert.destinationPort = portOf(fields.all('destinationPort')[0]);
}

function addEntities(alert: NormalisedAlert, fields: MappedFields): void {
  addTechniques(alert.techniques, fields.all('techniques'));
  addTactics(alert.tactics, fields.all('tactics'));
  for (const host of fields.all('hosts')) addOnce(alert.hosts, textOf(host));
  for (const user of fields.all('users')) addOnce(alert.users, textOf(user));
  for (const hash of fields.all('hashes')) addHash(alert.hashes, hash.trim());
  for (const url of fields.all('urls')) addOnce(alert.urls, textOf(url, LENGTH_LIMITS.url));
  for (const domain of fields.all('domains')) addOnce(alert.domains, domainOf(domain));
  for (const cve of fields.all('cves')) addCves(alert.cves, cve);
  for (const tag of fields.all('tags')) addOnce(alert.tags, textOf(tag));
}

function setState(alert: NormalisedAlert, mapping: MappingDocument, record: JsonObject, fields: MappedFields): void {
  alert.sourceAction = actionOf(fields.text('action'));
  alert.sourceVerdict = fields.text('verdict');
  alert.closedAtSource = mapping.closedAtSource !== null && holds(mapping.closedAtSource, record);
  addCves(alert.cves, `${alert.title} ${alert.description}`);
}

import { isMap } from 'yaml';
import type { RuleProblem } from '../rules/rule-problem.ts';
import { readYaml, type YamlSource } from '../rules/yaml-source.ts';
import {
  MAPPED_FIELDS,
  type MappedExclusion,
  type MappedField,
  type MappedValue,
  type MappingDocument,
} from './mapping-document.ts';
import { MappingReader } from './mapping-reader.ts';
import { parseMappedCondition } from './parse-condition.ts';
import { parseValue } from './parse-value.ts';

/** `mapping` is null when a problem is an error. */
export interface ParsedMapping {
  mapping: MappingDocument | null;
  problems: RuleProblem[];
}

/** Names that a mapping may not take: they stand for something else where a format is named. */
const RESERVED: ReadonlySet<string> = new Set(['auto', 'unrecognised']);
const NAME = /^[a-z][a-z0-9-]{1,39}$/;
const KEYS = [
  'name',
  'label',
  'product',
  'description',
  'recognise',
  'skip',
  'reject',
  'id',
  'fields',
  'closedAtSource',
];
const REQUIRED: Readonly<Record<string, string>> = {
  name: 'Add a name in small letters, for example acme-firewall: it is stored with each alert.',
  recognise: 'Add the conditions that tell a record of this product, for example "recognise: { has: acme.rule }".',
  fields: 'Add "fields" with "time" and "title" at least.',
};

/** Reads a mapping file: one YAML document that a stranger may have written. Problems say where and what would be right. */
export function parseMapping(text: string): ParsedMapping {
  const { sources, problems } = readYaml(text, { kind: 'mapping' });
  const [source, second] = sources;
  if (source === undefined) return { mapping: null, problems };
  if (second !== undefined) {
    source.problems.error(second.placeOf(null), 'One mapping stands in one file. Move what follows "---" to another.');
  }
  if (source.problems.hasErrors()) return { mapping: null, problems: source.problems.problems };
  const mapping = parseDocument(source);
  return { mapping: source.problems.hasErrors() ? null : mapping, problems: source.problems.problems };
}

function parseDocument(source: YamlSource): MappingDocument | null {
  const root = source.document.contents;
  const reader = new MappingReader(source);
  if (!isMap(root)) return reader.fail(root, 'A mapping must be a map with "name", "recognise", "fields" and so on.');
  const keys = reader.keys(root, 'A mapping', KEYS);
  for (const [key, hint] of Object.entries(REQUIRED)) {
    if (!keys.has(key)) reader.fail(root, `"${key}" is missing. ${hint}`);
  }
  const at = (key: string): unknown => keys.get(key)?.value;
  const textAt = (key: string): string | null => (keys.has(key) ? reader.text(at(key), `"${key}"`) : null);
  const name = keys.has('name') ? parseName(at('name'), reader) : null;
  const label = textAt('label') ?? name ?? '';
  const product = keys.has('product') ? parseProduct(at('product'), reader) : constant(label.toLowerCase());
  const recognise = keys.has('recognise') ? parseMappedCondition(at('recognise'), reader) : null;
  const closedAtSource = keys.has('closedAtSource') ? parseMappedCondition(at('closedAtSource'), reader) : null;
  const fields = keys.has('fields') ? parseFields(at('fields'), reader) : null;
  const description = textAt('description') ?? '';
  const skip = parseExclusions('skip', at('skip'), reader);
  const reject = parseExclusions('reject', at('reject'), reader);
  const id = keys.has('id') ? reader.list(at('id'), '"id"').map((each) => parseValue(each, reader, 'one')) : [];
  if (name === null || product === null || recognise === null || fields === null) return null;
  const ids = id.filter((value) => value !== null);
  return { name, label, product, description, recognise, skip, reject, id: ids, fields, closedAtSource };
}

function parseName(node: unknown, reader: MappingReader): string | null {
  const name = reader.text(node, '"name"');
  if (name === null) return null;
  if (!NAME.test(name)) {
    return reader.fail(
      node,
      `"${name.slice(0, 60)}" is no name. Use 2 to 40 small letters, digits and "-", a letter first.`,
    );
  }
  return RESERVED.has(name) ? reader.fail(node, `"${name}" means something else. Choose another name.`) : name;
}

function constant(text: string): MappedValue {
  return { from: { kind: 'const', text }, transforms: [], fallback: null };
}

/** A text is the product itself here, since most files are about one. */
function parseProduct(node: unknown, reader: MappingReader): MappedValue | null {
  if (isMap(node)) return parseValue(node, reader, 'one');
  const text = reader.text(node, '"product"');
  return text === null ? null : constant(text);
}

function parseFields(node: unknown, reader: MappingReader): ReadonlyMap<MappedField, MappedValue> | null {
  const names = Object.keys(MAPPED_FIELDS);
  const entries = reader.entries(node, '"fields"');
  if (entries === null) return null;
  const fields = new Map<MappedField, MappedValue>();
  for (const { key, keyNode, value } of entries) {
    if (!isMappedField(key)) {
      reader.unknownKey(keyNode, key, names);
      continue;
    }
    const parsed = parseValue(value, reader, MAPPED_FIELDS[key]);
    if (parsed !== null) fields.set(key, parsed);
  }
  for (const key of ['time', 'title']) {
    if (entries.some((entry) => entry.key === key)) continue;
    reader.fail(
      node,
      `"${key}" is missing: no alert is without. Add, for example, "${key}: ${key === 'time' ? 'timestamp' : 'rule.name'}".`,
    );
  }
  return fields;
}

function isMappedField(key: string): key is MappedField {
  return Object.hasOwn(MAPPED_FIELDS, key);
}

function parseExclusions(name: 'skip' | 'reject', node: unknown, reader: MappingReader): readonly MappedExclusion[] {
  if (node === undefined) return [];
  return reader.list(node, `"${name}"`).flatMap((each) => {
    const keys = reader.keys(each, `An entry of "${name}"`, ['when', 'why']);
    const when = keys.get('when');
    const why = keys.get('why');
    if (when === undefined || why === undefined) {
      reader.fail(
        each,
        `An entry of "${name}" needs "when", a condition, and "why", which is said of each such record.`,
      );
      return [];
    }
    const condition = parseMappedCondition(when.value, reader);
    const reason = reader.text(why.value, '"why"');
    return condition === null || reason === null ? [] : [{ when: condition, why: reason }];
  });
}

import { type FieldAccess, fieldAccess } from './ecs-fields.ts';

const TAKEN_FIELDS = [
  'title',
  'description',
  'ruleId',
  'ruleName',
  'category',
  'hosts',
  'users',
  'sourceIp',
  'destinationIp',
  'urls',
  'domains',
  'hashes',
  'executable',
  'commandLine',
  'parentExecutable',
  'tags',
] as const;

/** A text of an alert that a format may take from the record as it stands there. */
export type TakenField = (typeof TAKEN_FIELDS)[number];

/**
 * What a format promises of its texts: each run of ASCII letters, digits, spaces, dots, hyphens and underscores in one
 * of `fields`, trimmed, stands in one text of the record, whatever its case. So a text may be trimmed, cut, lowered,
 * have its escapes undone and be put together with signs between its parts (`domain\name`, `name: description`), but
 * not be translated, counted out or joined by a space. Addresses may be written in their shortest form.
 */
export interface TakenTexts {
  fields: readonly TakenField[];
  /** What the format says itself in these fields; with a sign such as `|` or `:` at an end to which nothing is joined. */
  words?: readonly string[];
}

/** All of them but these. A field that a format never fills counts: it says nothing that is not in the record. */
export function takenBut(...others: readonly TakenField[]): readonly TakenField[] {
  return TAKEN_FIELDS.filter((field) => !others.includes(field));
}

const OF_NAMES: readonly (readonly [name: string, fields: readonly TakenField[]])[] = [
  ['event.category', ['category']],
  ['event.reason', ['description']],
  ['message', ['title', 'description']],
  ['rule.id', ['ruleId']],
  ['rule.name', ['ruleName']],
  ['source.ip', ['sourceIp']],
  ['destination.ip', ['destinationIp']],
  ['related.ip', ['sourceIp', 'destinationIp']],
  ['host.name', ['hosts']],
  ['user.name', ['users']],
  ['user.domain', ['users']],
  ['process.executable', ['executable']],
  ['process.name', ['executable']],
  ['process.command_line', ['commandLine']],
  ['process.parent.executable', ['parentExecutable']],
  ['process.parent.name', ['parentExecutable']],
  ['file.hash.md5', ['hashes']],
  ['file.hash.sha1', ['hashes']],
  ['file.hash.sha256', ['hashes']],
  ['url.full', ['urls']],
  ['url.domain', ['domains']],
  ['tags', ['tags']],
];

/** By the reading of a field, which its other names share. */
const BY_ACCESS: ReadonlyMap<FieldAccess | null, readonly TakenField[]> = new Map(
  OF_NAMES.map(([name, fields]) => [fieldAccess(name), fields]),
);

/** The texts of the alert that a field of rules is read from; null when it is worked out, or filled by lists. */
export function takenFieldsOf(name: string): readonly TakenField[] | null {
  const access = fieldAccess(name);
  return access === null ? null : (BY_ACCESS.get(access) ?? null);
}

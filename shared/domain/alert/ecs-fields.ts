import type { NormalisedAlert } from '../../model/alert.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Enrichment } from '../../model/lists.ts';
import { splitAccount } from './account-name.ts';
import { type Scalar, scalarsAt } from './raw-path.ts';
import { tacticIdOf } from './tactics.ts';
import { windowsEventValues } from './windows-event.ts';

/** What a rule can ask about: the alert, what the lists know of it, and the record as the product wrote it. */
export interface FieldSubject {
  alert: NormalisedAlert;
  enrichment: Enrichment;
  raw: JsonObject;
}

/**
 * `unknown` is for what somebody should know and nobody does (criticality, tier 0, the severity of a product that
 * gave none): a rule that closes must not take it for "no". `absent` is for what the alert simply does not have.
 */
export type FieldLookup = { state: 'values'; values: readonly Scalar[] } | { state: 'absent' } | { state: 'unknown' };

const ABSENT: FieldLookup = { state: 'absent' };
const UNKNOWN: FieldLookup = { state: 'unknown' };

/**
 * How a field is read, for those who read millions: no object for each answer. An empty text of `one` and an empty
 * list of `many` are absent; null of `known` is unknown.
 */
export type FieldAccess =
  | { kind: 'one' | 'known'; read: (subject: FieldSubject) => Scalar | null }
  | { kind: 'many'; read: (subject: FieldSubject) => readonly Scalar[] };

function one(read: (subject: FieldSubject) => Scalar | null): FieldAccess {
  return { kind: 'one', read };
}

function many(read: (subject: FieldSubject) => readonly Scalar[]): FieldAccess {
  return { kind: 'many', read };
}

function known(read: (subject: FieldSubject) => Scalar | null): FieldAccess {
  return { kind: 'known', read };
}

function present(read: (subject: FieldSubject) => readonly (string | null)[]): FieldAccess {
  return many((subject) => read(subject).filter((value) => value !== null && value !== '') as string[]);
}

/** What a field says of a subject. */
export function lookUp(access: FieldAccess, subject: FieldSubject): FieldLookup {
  if (access.kind === 'many') {
    const values = access.read(subject);
    return values.length === 0 ? ABSENT : { state: 'values', values };
  }
  const value = access.read(subject);
  if (value === null) return access.kind === 'known' ? UNKNOWN : ABSENT;
  return access.kind === 'one' && value === '' ? ABSENT : { state: 'values', values: [value] };
}

/** File name of a Windows or POSIX path. */
function baseName(path: string | null): string | null {
  if (path === null) return null;
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** With the account's name alone beside `DOMAIN\name`, so that a rule may name either. */
function accountForms(users: readonly string[]): readonly string[] {
  if (!users.some((user) => user.includes('\\'))) return users;
  const forms = new Set<string>();
  for (const user of users) {
    forms.add(splitAccount(user).name);
    forms.add(user);
  }
  return [...forms];
}

/** With the technique of each sub-technique: a rule for T1059 means T1059.001 too, and for AML.T0051 AML.T0051.001. */
function withParents(techniques: readonly string[]): readonly string[] {
  if (!techniques.some((technique) => technique.includes('.'))) return techniques;
  const ids = new Set(techniques);
  for (const technique of techniques) ids.add(technique.replace(/(T\d+)\.\d+$/, '$1'));
  return [...ids];
}

interface Field {
  meaning: string;
  access: FieldAccess;
}

const FIELDS: Record<string, Field> = {
  'event.id': { meaning: "The product's own id of the alert", access: one((s) => s.alert.stableId) },
  'event.kind': { meaning: 'Always "alert"', access: one(() => 'alert') },
  'event.severity': {
    meaning: 'Severity as a number from 0 to 100; unknown when the product gave none',
    access: known((s) => s.alert.severityScore),
  },
  'event.severity_name': {
    meaning: 'Severity as a word: informational, low, medium, high, critical; unknown when the product gave none',
    access: known((s) => (s.alert.severity === 'unknown' ? null : s.alert.severity)),
  },
  'event.provider': {
    meaning: 'The product, lower case: suricata, wazuh, elastic',
    access: one((s) => s.alert.product),
  },
  'event.category': { meaning: "The product's class for the alert", access: one((s) => s.alert.category) },
  'event.action': {
    meaning: 'What the product did itself: allowed or blocked',
    access: one((s) => s.alert.sourceAction),
  },
  'event.outcome': {
    meaning: 'success when the product let it pass, failure when it blocked it',
    access: one((s) =>
      s.alert.sourceAction === null ? null : s.alert.sourceAction === 'allowed' ? 'success' : 'failure',
    ),
  },
  'event.reason': { meaning: "The product's description", access: one((s) => s.alert.description) },
  message: { meaning: 'Title and description', access: present((s) => [s.alert.title, s.alert.description]) },
  'rule.id': { meaning: "The product's rule, by its stable id", access: one((s) => s.alert.ruleId) },
  'rule.name': { meaning: "The product's rule, by its name", access: one((s) => s.alert.ruleName) },
  'source.ip': { meaning: 'Address that sent', access: one((s) => s.alert.sourceIp) },
  'source.port': { meaning: 'Port that sent', access: one((s) => s.alert.sourcePort) },
  'destination.ip': { meaning: 'Address that received', access: one((s) => s.alert.destinationIp) },
  'destination.port': { meaning: 'Port that received', access: one((s) => s.alert.destinationPort) },
  'related.ip': { meaning: 'Both addresses', access: present((s) => [s.alert.sourceIp, s.alert.destinationIp]) },
  'host.name': { meaning: 'Hosts and resources that it is about', access: many((s) => s.alert.hosts) },
  'user.name': { meaning: 'Accounts, with and without their domain', access: many((s) => accountForms(s.alert.users)) },
  'user.domain': {
    meaning: 'Domains of the accounts',
    access: present((s) => s.alert.users.map((user) => splitAccount(user).domain)),
  },
  'threat.technique.id': {
    meaning: 'MITRE ATT&CK techniques; a sub-technique names its technique too',
    access: many((s) => withParents(s.alert.techniques)),
  },
  'threat.tactic.name': { meaning: 'ATT&CK tactics as slugs: defense-evasion', access: many((s) => s.alert.tactics) },
  'threat.tactic.id': {
    meaning: 'ATT&CK tactics by id: TA0005',
    access: present((s) => s.alert.tactics.map(tacticIdOf)),
  },
  'process.executable': { meaning: 'Path of the program', access: one((s) => s.alert.process.executable) },
  'process.name': { meaning: 'File name of the program', access: one((s) => baseName(s.alert.process.executable)) },
  'process.command_line': { meaning: 'Full command line', access: one((s) => s.alert.process.commandLine) },
  'process.parent.executable': {
    meaning: 'Path of the program that started it',
    access: one((s) => s.alert.process.parentExecutable),
  },
  'process.parent.name': {
    meaning: 'File name of the program that started it',
    access: one((s) => baseName(s.alert.process.parentExecutable)),
  },
  'file.hash.md5': { meaning: 'MD5 of the file or program', access: many((s) => s.alert.hashes.md5) },
  'file.hash.sha1': { meaning: 'SHA-1 of the file or program', access: many((s) => s.alert.hashes.sha1) },
  'file.hash.sha256': { meaning: 'SHA-256 of the file or program', access: many((s) => s.alert.hashes.sha256) },
  'url.full': { meaning: 'Addresses of pages and downloads', access: many((s) => s.alert.urls) },
  'url.domain': { meaning: 'Host names of URLs, of TLS and of DNS questions', access: many((s) => s.alert.domains) },
  'vulnerability.id': { meaning: 'CVE ids', access: many((s) => s.alert.cves) },
  tags: { meaning: "The product's own tags", access: many((s) => s.alert.tags) },
  'host.criticality': {
    meaning: 'From the asset list: low, medium, high, crown_jewel; unknown when it does not say',
    access: known((s) => s.enrichment.hostCriticality),
  },
  'host.internet_facing': {
    meaning: 'From the asset list; unknown when it does not say',
    access: known((s) => s.enrichment.hostInternetFacing),
  },
  'user.tier0': {
    meaning: 'From the identity list: an account that controls others; unknown when it does not say',
    access: known((s) => s.enrichment.userTier0),
  },
  'user.criticality': {
    meaning: 'From the identity list; unknown when it does not say',
    access: known((s) => s.enrichment.userCriticality),
  },
  'vulnerability.known_exploited': {
    meaning: 'Whether a CVE of the alert is known to be exploited; unknown when it names none',
    access: known((s) => s.enrichment.knownExploited),
  },
};

const ALIASES: Readonly<Record<string, string>> = {
  'event.risk_score': 'event.severity',
  'event.module': 'event.provider',
  'observer.product': 'event.provider',
  'rule.category': 'event.category',
  'host.hostname': 'host.name',
  'related.hosts': 'host.name',
  'related.user': 'user.name',
  'source.address': 'source.ip',
  'destination.address': 'destination.ip',
  'process.hash.md5': 'file.hash.md5',
  'process.hash.sha1': 'file.hash.sha1',
  'process.hash.sha256': 'file.hash.sha256',
  'url.original': 'url.full',
  'dns.question.name': 'url.domain',
  'destination.domain': 'url.domain',
  'threat.technique.subtechnique.id': 'threat.technique.id',
};

/** A Map, so that a field named `constructor` finds nothing. */
const ACCESSES: ReadonlyMap<string, FieldAccess> = new Map([
  ...Object.entries(FIELDS).map(([name, field]): [string, FieldAccess] => [name, field.access]),
  ...Object.entries(ALIASES).flatMap(([alias, name]): [string, FieldAccess][] => {
    const field = FIELDS[name];
    return field === undefined ? [] : [[alias, field.access]];
  }),
]);

/** The fields that a rule can name, with one line each; `raw.<path>` reaches everything else. */
export const ECS_FIELDS: readonly { name: string; meaning: string }[] = [
  ...Object.entries(FIELDS).map(([name, field]) => ({ name, meaning: field.meaning })),
  ...Object.entries(ALIASES).map(([name, of]) => ({ name, meaning: `The same as ${of}` })),
];

/** Fields that the asset, identity and vulnerability lists fill: where they are silent, the answer is "unknown". */
export const ENRICHMENT_FIELDS: readonly string[] = [
  'host.criticality',
  'host.internet_facing',
  'user.tier0',
  'user.criticality',
  'vulnerability.known_exploited',
];

export function isFieldName(name: string): boolean {
  return ACCESSES.has(name) || (name.startsWith('raw.') && name.length > 4);
}

/**
 * An OpenSearch hit wraps the document that people know, so the document is asked first; last the event of Windows in
 * it, which rules of the community ask by names that neither of them has.
 */
function readRaw(raw: JsonObject, path: string): readonly Scalar[] {
  const source = Object.hasOwn(raw, '_source') ? raw._source : undefined;
  if (isJsonObject(source)) {
    const values = scalarsAt(source, path);
    if (values.length > 0) return values;
  }
  const values = scalarsAt(raw, path);
  return values.length > 0 ? values : windowsEventValues(isJsonObject(source) ? source : raw, path);
}

/**
 * How to read the field with this Elastic Common Schema name, or `raw.<path>` (dotted or nested, arrays flattened).
 * Null for a name that no alert has; `isFieldName` tells a typing error from an empty field.
 */
export function fieldAccess(field: string): FieldAccess | null {
  const access = ACCESSES.get(field);
  if (access !== undefined) return access;
  if (!field.startsWith('raw.')) return null;
  const path = field.slice(4);
  return many((subject) => readRaw(subject.raw, path));
}

/** The values of one field of one subject, for who asks once; see `fieldAccess`. */
export function fieldValues(subject: FieldSubject, field: string): FieldLookup {
  const access = fieldAccess(field);
  return access === null ? ABSENT : lookUp(access, subject);
}

const NO_ENRICHMENT: Enrichment = {
  hostCriticality: null,
  hostInternetFacing: null,
  hostOwner: null,
  userTier0: null,
  userCriticality: null,
  knownExploited: null,
};

/** What the alert says, field by field, for display and for search. Fields without a value are left out. */
export function listFields(alert: NormalisedAlert): { name: string; value: string }[] {
  const subject: FieldSubject = { alert, enrichment: NO_ENRICHMENT, raw: {} };
  const fields: { name: string; value: string }[] = [];
  for (const [name, field] of Object.entries(FIELDS)) {
    const lookup = lookUp(field.access, subject);
    if (lookup.state === 'values') fields.push({ name, value: lookup.values.join(', ') });
  }
  return fields;
}

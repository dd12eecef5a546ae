import type { NormalisedAlert } from '../../model/alert.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { Enrichment } from '../../model/lists.ts';
import { splitAccount } from './account-name.ts';
import { type Scalar, scalarsAt } from './raw-path.ts';
import { tacticIdOf } from './tactics.ts';

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

function one(value: Scalar | null): FieldLookup {
  return value === null || value === '' ? ABSENT : { state: 'values', values: [value] };
}

function many(values: readonly Scalar[]): FieldLookup {
  return values.length === 0 ? ABSENT : { state: 'values', values };
}

function known(value: Scalar | null): FieldLookup {
  return value === null ? UNKNOWN : { state: 'values', values: [value] };
}

function present(values: readonly (string | null)[]): FieldLookup {
  return many(values.filter((value) => value !== null && value !== '') as string[]);
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

type Read = (subject: FieldSubject) => FieldLookup;
interface Field {
  meaning: string;
  read: Read;
}

const FIELDS: Record<string, Field> = {
  'event.id': { meaning: "The product's own id of the alert", read: (s) => one(s.alert.stableId) },
  'event.kind': { meaning: 'Always "alert"', read: () => one('alert') },
  'event.severity': {
    meaning: 'Severity as a number from 0 to 100; unknown when the product gave none',
    read: (s) => known(s.alert.severityScore),
  },
  'event.severity_name': {
    meaning: 'Severity as a word: informational, low, medium, high, critical; unknown when the product gave none',
    read: (s) => known(s.alert.severity === 'unknown' ? null : s.alert.severity),
  },
  'event.provider': { meaning: 'The product, lower case: suricata, wazuh, elastic', read: (s) => one(s.alert.product) },
  'event.category': { meaning: "The product's class for the alert", read: (s) => one(s.alert.category) },
  'event.action': {
    meaning: 'What the product did itself: allowed or blocked',
    read: (s) => one(s.alert.sourceAction),
  },
  'event.outcome': {
    meaning: 'success when the product let it pass, failure when it blocked it',
    read: (s) => one(s.alert.sourceAction === null ? null : s.alert.sourceAction === 'allowed' ? 'success' : 'failure'),
  },
  'event.reason': { meaning: "The product's description", read: (s) => one(s.alert.description) },
  message: { meaning: 'Title and description', read: (s) => present([s.alert.title, s.alert.description]) },
  'rule.id': { meaning: "The product's rule, by its stable id", read: (s) => one(s.alert.ruleId) },
  'rule.name': { meaning: "The product's rule, by its name", read: (s) => one(s.alert.ruleName) },
  'source.ip': { meaning: 'Address that sent', read: (s) => one(s.alert.sourceIp) },
  'source.port': { meaning: 'Port that sent', read: (s) => one(s.alert.sourcePort) },
  'destination.ip': { meaning: 'Address that received', read: (s) => one(s.alert.destinationIp) },
  'destination.port': { meaning: 'Port that received', read: (s) => one(s.alert.destinationPort) },
  'related.ip': { meaning: 'Both addresses', read: (s) => present([s.alert.sourceIp, s.alert.destinationIp]) },
  'host.name': { meaning: 'Hosts and resources that it is about', read: (s) => many(s.alert.hosts) },
  'user.name': { meaning: 'Accounts, with and without their domain', read: (s) => many(accountForms(s.alert.users)) },
  'user.domain': {
    meaning: 'Domains of the accounts',
    read: (s) => present(s.alert.users.map((user) => splitAccount(user).domain)),
  },
  'threat.technique.id': {
    meaning: 'MITRE ATT&CK techniques; a sub-technique names its technique too',
    read: (s) => many(withParents(s.alert.techniques)),
  },
  'threat.tactic.name': { meaning: 'ATT&CK tactics as slugs: defense-evasion', read: (s) => many(s.alert.tactics) },
  'threat.tactic.id': {
    meaning: 'ATT&CK tactics by id: TA0005',
    read: (s) => present(s.alert.tactics.map(tacticIdOf)),
  },
  'process.executable': { meaning: 'Path of the program', read: (s) => one(s.alert.process.executable) },
  'process.name': { meaning: 'File name of the program', read: (s) => one(baseName(s.alert.process.executable)) },
  'process.command_line': { meaning: 'Full command line', read: (s) => one(s.alert.process.commandLine) },
  'process.parent.executable': {
    meaning: 'Path of the program that started it',
    read: (s) => one(s.alert.process.parentExecutable),
  },
  'process.parent.name': {
    meaning: 'File name of the program that started it',
    read: (s) => one(baseName(s.alert.process.parentExecutable)),
  },
  'file.hash.md5': { meaning: 'MD5 of the file or program', read: (s) => many(s.alert.hashes.md5) },
  'file.hash.sha1': { meaning: 'SHA-1 of the file or program', read: (s) => many(s.alert.hashes.sha1) },
  'file.hash.sha256': { meaning: 'SHA-256 of the file or program', read: (s) => many(s.alert.hashes.sha256) },
  'url.full': { meaning: 'Addresses of pages and downloads', read: (s) => many(s.alert.urls) },
  'url.domain': { meaning: 'Host names of URLs, of TLS and of DNS questions', read: (s) => many(s.alert.domains) },
  'vulnerability.id': { meaning: 'CVE ids', read: (s) => many(s.alert.cves) },
  tags: { meaning: "The product's own tags", read: (s) => many(s.alert.tags) },
  'host.criticality': {
    meaning: 'From the asset list: low, medium, high, crown_jewel; unknown when it does not say',
    read: (s) => known(s.enrichment.hostCriticality),
  },
  'host.internet_facing': {
    meaning: 'From the asset list; unknown when it does not say',
    read: (s) => known(s.enrichment.hostInternetFacing),
  },
  'user.tier0': {
    meaning: 'From the identity list: an account that controls others; unknown when it does not say',
    read: (s) => known(s.enrichment.userTier0),
  },
  'user.criticality': {
    meaning: 'From the identity list; unknown when it does not say',
    read: (s) => known(s.enrichment.userCriticality),
  },
  'vulnerability.known_exploited': {
    meaning: 'Whether a CVE of the alert is known to be exploited; unknown when it names none',
    read: (s) => known(s.enrichment.knownExploited),
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
const READS: ReadonlyMap<string, Read> = new Map([
  ...Object.entries(FIELDS).map(([name, field]): [string, Read] => [name, field.read]),
  ...Object.entries(ALIASES).flatMap(([alias, name]): [string, Read][] => {
    const field = FIELDS[name];
    return field === undefined ? [] : [[alias, field.read]];
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
  return READS.has(name) || (name.startsWith('raw.') && name.length > 4);
}

/** An OpenSearch hit wraps the document that people know, so the document is asked first. */
function readRaw(raw: JsonObject, path: string): FieldLookup {
  const source = Object.hasOwn(raw, '_source') ? raw._source : undefined;
  if (isJsonObject(source)) {
    const values = scalarsAt(source, path);
    if (values.length > 0) return { state: 'values', values };
  }
  return many(scalarsAt(raw, path));
}

/**
 * The values of one field under its Elastic Common Schema name, or of `raw.<path>` (dotted or nested, arrays
 * flattened). A name that does not exist is absent; `isFieldName` tells a typing error from an empty field.
 */
export function fieldValues(subject: FieldSubject, field: string): FieldLookup {
  const read = READS.get(field);
  if (read !== undefined) return read(subject);
  return field.startsWith('raw.') ? readRaw(subject.raw, field.slice(4)) : ABSENT;
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
    const lookup = field.read(subject);
    if (lookup.state === 'values') fields.push({ name, value: lookup.values.join(', ') });
  }
  return fields;
}

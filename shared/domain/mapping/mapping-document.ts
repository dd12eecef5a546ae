import type { RE2JS } from 're2js';
import type { TimePattern } from '../time/time-pattern.ts';

/** What a mapping can fill, under the names that a mapping file uses, and whether a field holds one value or many. */
export const MAPPED_FIELDS = {
  time: 'one',
  title: 'one',
  description: 'one',
  severity: 'one',
  ruleId: 'one',
  ruleName: 'one',
  category: 'one',
  tactics: 'many',
  techniques: 'many',
  hosts: 'many',
  users: 'many',
  sourceIp: 'one',
  sourcePort: 'one',
  destinationIp: 'one',
  destinationPort: 'one',
  hashes: 'many',
  urls: 'many',
  domains: 'many',
  cves: 'many',
  executable: 'one',
  commandLine: 'one',
  parentExecutable: 'one',
  action: 'one',
  verdict: 'one',
  tags: 'many',
} as const;
export type MappedField = keyof typeof MAPPED_FIELDS;

export type Transform =
  | { kind: 'lower' | 'upper' | 'trim' }
  | { kind: 'split'; at: string }
  | { kind: 'replace'; text: string; by: string }
  /** The first group of the pattern, or all that matched when it has none. What does not match is dropped. */
  | { kind: 'regex'; pattern: RE2JS; group: number }
  /** Keys in lower case. What the table does not hold becomes `other`, or is dropped. */
  | { kind: 'map'; table: ReadonlyMap<string, string>; other: string | null }
  | { kind: 'multiply' | 'add'; by: number }
  /** Becomes ISO 8601 in UTC. */
  | { kind: 'epoch'; perSecond: number }
  | { kind: 'time'; pattern: TimePattern; zoneMinutes: number };

/** Where the values of a field come from. */
export interface MappedValue {
  from:
    | { kind: 'path'; path: string }
    | { kind: 'const'; text: string }
    | { kind: 'firstOf' | 'all'; values: readonly MappedValue[] }
    | { kind: 'join'; values: readonly MappedValue[]; by: string };
  transforms: readonly Transform[];
  /** When nothing else is left. */
  fallback: string | null;
}

/** What is asked of a record. Words are compared without regard to case; of several values one is enough. */
export type MappedCondition =
  | { kind: 'all' | 'any'; conditions: readonly MappedCondition[] }
  | { kind: 'not'; condition: MappedCondition }
  | { kind: 'has'; path: string }
  | { kind: 'equals'; value: MappedValue; words: ReadonlySet<string> }
  | { kind: 'contains' | 'startsWith' | 'endsWith'; value: MappedValue; word: string }
  | { kind: 'matches'; value: MappedValue; pattern: RE2JS }
  | { kind: 'above' | 'below'; value: MappedValue; limit: number };

export interface MappedExclusion {
  when: MappedCondition;
  /** Said of each record that is passed over or refused. */
  why: string;
}

/** One mapping file: how the records of one product become alerts. */
export interface MappingDocument {
  /** Stable: stored with each alert. */
  name: string;
  label: string;
  product: MappedValue;
  description: string;
  recognise: MappedCondition;
  skip: readonly MappedExclusion[];
  reject: readonly MappedExclusion[];
  /** All of them together tell an alert from others; none means a digest of the record. */
  id: readonly MappedValue[];
  fields: ReadonlyMap<MappedField, MappedValue>;
  closedAtSource: MappedCondition | null;
}

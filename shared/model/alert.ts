import type { Severity } from './vocabulary.ts';

/**
 * One finding of one product in the one shape that all stages after normalising use.
 * People who write rules see it under the names of the Elastic Common Schema (domain/alert/ecs-fields.ts).
 * Every string is written by someone who may be the attacker: text, never markup.
 */
export interface NormalisedAlert {
  /** Product family as people know it, lower case: `suricata`, `wazuh`, `elastic`, `prowler`, `manual`. */
  product: string;
  /** The product's own stable id, or a digest of the content where it has none. With `product` it is the dedup key. */
  stableId: string;
  /** Event time, UTC epoch milliseconds. */
  observedAtMs: number;
  /** A time that never changes for this stable id, even when the record is sent again with newer times. 0 when there is none. */
  dedupeAtMs: number;
  title: string;
  description: string;
  severity: Severity;
  /** 0 to 100, null when the product said nothing. */
  severityScore: number | null;
  /** The product's rule, by its stable id. Falls back to the title, so that grouping always has one. */
  ruleId: string;
  ruleName: string;
  category: string | null;
  /** Slugs such as `defense-evasion`. */
  tactics: string[];
  /** ATT&CK ids such as `T1059.001`. */
  techniques: string[];
  hosts: string[];
  users: string[];
  sourceIp: string | null;
  sourcePort: number | null;
  destinationIp: string | null;
  destinationPort: number | null;
  hashes: { md5: string[]; sha1: string[]; sha256: string[] };
  urls: string[];
  domains: string[];
  cves: string[];
  process: { executable: string | null; commandLine: string | null; parentExecutable: string | null };
  /** What the product did about it itself. */
  sourceAction: 'allowed' | 'blocked' | null;
  /** True when the product had closed or suppressed it before we saw it: it enters closed. */
  closedAtSource: boolean;
  /** The product's verdict in its own word: history for backtests, never an input to any score. */
  sourceVerdict: string | null;
  tags: string[];
}

/** A field that a format filled by guess, or left empty although the record had something there. */
export interface ReadWarning {
  field: string;
  message: string;
}

/** What the queue groups by: the thing that this alert is about. */
export interface Entity {
  kind: 'host' | 'ip' | 'user' | 'resource' | 'none';
  value: string;
}

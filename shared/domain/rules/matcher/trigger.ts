import type { Comparison } from '../detection.ts';

/**
 * What a value of a field must at least show before a predicate can be true of it. Texts are in lower case. A field
 * whose value nobody knows shows everything.
 */
export type Sign =
  | { kind: 'equals'; text: string }
  | { kind: 'startsWith'; text: string }
  | { kind: 'endsWith'; text: string }
  | { kind: 'contains'; text: string }
  | { kind: 'network'; bytes: readonly number[]; length: number }
  | { kind: 'compares'; comparison: Comparison; value: number }
  | { kind: 'present' };

/** A sign on a field (null: on any text of the record). */
export interface Trigger {
  field: string | null;
  sign: Sign;
}

/**
 * Triggers of which at least one fires on every subject for which something is not false; null when that cannot be
 * said. No trigger at all means that it is false for every subject.
 */
export interface Requirement {
  triggers: readonly Trigger[];
  /** How often they are thought to fire together, as a share of alerts, and what looking for them costs. */
  weight: number;
}

import { z } from 'zod';
import type { JsonObject } from '../../model/json.ts';
import { type RuleAction, type RuleStatus, ruleActionSchema, ruleStatusSchema } from '../../model/rule.ts';
import type { Detection, Place } from './detection.ts';

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const text = (max: number) => z.string().trim().min(1).max(max);
const date = z.string().regex(DATE, 'must be a date, for example 2027-02-28');

/** Example alerts beside a rule: what it must and must not match. Keys are the field names of rules. */
export const ruleTestsSchema = z.strictObject({
  match: z.array(z.record(z.string(), z.unknown())).max(500).default([]),
  noMatch: z.array(z.record(z.string(), z.unknown())).max(500).default([]),
  /** Lookup lists as the examples take them to be, so that a check needs no workspace. */
  lists: z.record(z.string(), z.array(z.string()).max(1000)).default({}),
});

/** The keys of a rule but for `detection`, which has its own reader. */
export const ruleHeaderSchema = z.strictObject({
  title: text(256),
  id: z.uuid('must be a UUID, for example one that `uuidgen` prints'),
  version: z.number().int().positive().default(1),
  description: z.string().max(65_535).optional(),
  rationale: text(4000),
  owner: text(120),
  status: ruleStatusSchema,
  approvedBy: text(120).optional(),
  secondApprovedBy: text(120).optional(),
  expires: date.optional(),
  tags: z.array(text(100)).max(100).default([]),
  level: z.enum(['informational', 'low', 'medium', 'high', 'critical']).optional(),
  references: z.array(z.string().max(2000)).max(100).default([]),
  author: z.string().max(1000).optional(),
  date: z.string().max(40).optional(),
  modified: z.string().max(40).optional(),
  falsepositives: z.unknown().optional(),
  logsource: z.unknown().optional(),
  detection: z.unknown(),
  actions: z.array(ruleActionSchema).min(1).max(20),
  assurance: z.strictObject({ maxFalseCloseRate: z.number().gt(0).lt(1).optional() }).optional(),
  tests: ruleTestsSchema.optional(),
});

export interface RuleTests {
  match: readonly JsonObject[];
  noMatch: readonly JsonObject[];
  lists: Readonly<Record<string, readonly string[]>>;
}

/** One rule as its author wrote it. */
export interface RuleDocument {
  id: string;
  version: number;
  title: string;
  description: string;
  /** Why it is safe; shown wherever it acts. Empty only in drafts from elsewhere. */
  rationale: string;
  owner: string;
  status: RuleStatus;
  approvedBy: string | null;
  /** A third person, who approved it for high severity too. */
  secondApprovedBy: string | null;
  /** Last day (UTC) on which it acts, `YYYY-MM-DD`. */
  expires: string | null;
  tags: readonly string[];
  level: string | null;
  references: readonly string[];
  author: string | null;
  detection: Detection;
  actions: readonly RuleAction[];
  assurance: {
    maxFalseCloseRate: number | null;
    /** Upper bound on its false-close rate as far as audits show it; left out where nobody asked. */
    bound?: number;
  };
  tests: RuleTests;
  /** The document's own text: what is stored, shown and digested. */
  text: string;
  /** Where the top-level keys stand, for problems that are found later. */
  places: ReadonlyMap<string, Place>;
}

/** Takes an alert out of people's sight: needs an expiry and, to act, a second person's approval. */
export function isClosingAction(action: RuleAction): boolean {
  return 'close' in action || 'suppress' in action;
}

export function isClosingRule(rule: Pick<RuleDocument, 'actions'>): boolean {
  return rule.actions.some(isClosingAction);
}

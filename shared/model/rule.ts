import { z } from 'zod';
import { dispositionSchema, tierSchema } from './vocabulary.ts';

export const RULE_STATUSES = ['draft', 'shadow', 'provisional', 'certified', 'suspended', 'expired'] as const;
export const ruleStatusSchema = z.enum(RULE_STATUSES);
export type RuleStatus = z.infer<typeof ruleStatusSchema>;

export const ruleActionSchema = z.union([
  z.strictObject({ close: dispositionSchema }),
  z.strictObject({
    suppress: z.strictObject({ forMinutes: z.number().int().positive(), by: z.array(z.string()).min(1) }),
  }),
  z.strictObject({ priority: z.enum(['up', 'down']) }),
  z.strictObject({ tag: z.string().min(1).max(64) }),
  z.strictObject({ route: z.strictObject({ tier: tierSchema.optional(), skill: z.string().optional() }) }),
  z.strictObject({ escalate: z.strictObject({ to: tierSchema, question: z.string().min(1) }) }),
  z.strictObject({ playbook: z.string().min(1) }),
]);
export type RuleAction = z.infer<typeof ruleActionSchema>;

/** Which value of which field met which line of a rule. Shown wherever the rule acts. */
export const fieldMatchSchema = z.object({
  selection: z.string(),
  field: z.string(),
  /** The modifier chain and the pattern as the author wrote them, e.g. `cidr 10.20.0.0/24`. */
  pattern: z.string(),
  value: z.string(),
});
export type FieldMatch = z.infer<typeof fieldMatchSchema>;

export const RULE_MODES = ['acted', 'shadow', 'withheld'] as const;
/** What a rule did on a group: acted, only said what it would have done, or was held back by a guard. */
export const groupRuleSchema = z.object({
  ruleId: z.string(),
  ruleVersion: z.number().int(),
  title: z.string(),
  rationale: z.string(),
  owner: z.string(),
  mode: z.enum(RULE_MODES),
  /** The guard's sentence when withheld. */
  why: z.string().nullable(),
  actions: z.array(ruleActionSchema),
  matched: z.array(fieldMatchSchema),
  count: z.number().int(),
});
export type GroupRule = z.infer<typeof groupRuleSchema>;

export const ruleSummarySchema = z.object({
  id: z.string(),
  version: z.number().int(),
  title: z.string(),
  status: ruleStatusSchema,
  owner: z.string(),
  rationale: z.string(),
  expires: z.string().nullable(),
  actions: z.array(ruleActionSchema),
  /** Alerts that it matched, since the version was loaded first. */
  hits: z.number().int(),
  closed: z.number().int(),
  wouldHaveClosed: z.number().int(),
  withheld: z.number().int(),
  lastHitAtMs: z.number().nullable(),
  problems: z.array(z.string()),
});
export type RuleSummary = z.infer<typeof ruleSummarySchema>;

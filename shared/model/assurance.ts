import { z } from 'zod';
import { entitySchema } from './queue.ts';
import { ruleStatusSchema } from './rule.ts';
import { severitySchema } from './vocabulary.ts';

/** A rate with what it rests on; it is never shown without. */
export const measuredRateSchema = z.object({
  /** Null when nothing was audited. */
  value: z.number().nullable(),
  /** Ends of an interval that holds at every look, 95 %. */
  low: z.number(),
  high: z.number(),
  n: z.number().int(),
  misses: z.number().int(),
  /** Value, interval and n in words. */
  sentence: z.string(),
});

export const errorRatesSchema = z.object({
  /** Of what was closed, the share that was truly bad. */
  falseCloseRate: measuredRateSchema,
  /** Of what was truly bad, the share that was closed. */
  missShare: measuredRateSchema,
});

/** `provisional` is on trial; `shadow` and `suspended` close nothing until a person re-arms them. */
export const ASSURANCE_STATES = ['provisional', 'certified', 'shadow', 'suspended'] as const;
export const assuranceStateSchema = z.enum(ASSURANCE_STATES);

export const suspensionSchema = z.object({
  id: z.number().int(),
  ruleId: z.string(),
  ruleVersion: z.number().int(),
  /** `suspended`, or `shadow` for a certificate that was lost. */
  kind: z.enum(['suspended', 'shadow']),
  cause: z.enum(['canary', 'severe_miss', 'cusum', 'sprt', 'bound', 'drift']),
  reason: z.string(),
  atMs: z.number(),
  /** Closures that went back to people, and whether that goes on still. */
  reopened: z.number().int(),
  isReopening: z.boolean(),
  rearmedAtMs: z.number().nullable(),
  rearmedByName: z.string().nullable(),
  rearmReason: z.string().nullable(),
});
export type Suspension = z.infer<typeof suspensionSchema>;

/** One line of the board. */
export const assuredRuleSchema = z.object({
  ruleId: z.string(),
  version: z.number().int(),
  title: z.string(),
  owner: z.string(),
  family: z.string().nullable(),
  /** What its status says; `state` is what is shown of it. */
  status: ruleStatusSchema,
  state: assuranceStateSchema,
  /** Items that this version closed in its present regime. */
  closed: z.number().int(),
  audited: z.number().int(),
  misses: z.number().int(),
  /** Upper bound on its false-close rate, corrected for readers; and whose evidence it rests on. */
  bound: z.number(),
  boundBy: z.enum(['own', 'family']),
  maxFalseCloseRate: z.number(),
  /** In order of time, one point a day on which there was news. */
  history: z.array(
    z.object({ dayMs: z.number(), bound: z.number(), audited: z.number().int(), misses: z.number().int() }),
  ),
  rates: errorRatesSchema,
  /** Share of usual closures that is drawn, and why so many. */
  auditRate: z.number(),
  auditRateWhy: z.string(),
  /** Days until it expires; null without an end, negative when over. */
  daysLeft: z.number().int().nullable(),
  driftSinceMs: z.number().nullable(),
  /** Whether it closes at twice its usual pace; null before four quiet weeks are known. */
  volume: z.object({ hasAlarmed: z.boolean(), usualPerHour: z.number(), hours: z.number().int() }).nullable(),
  reasons: z.array(z.string()),
  missing: z.array(z.string()),
  suspension: suspensionSchema.nullable(),
  /** What people decided on alerts that it would have closed, since it was stopped or began to speak; null while it acts. */
  fresh: z.object({ audited: z.number().int(), misses: z.number().int() }).nullable(),
});
export type AssuredRule = z.infer<typeof assuredRuleSchema>;

export const AUDIT_VERDICTS = ['true_positive', 'benign_true_positive', 'false_positive', 'undetermined'] as const;
export const auditVerdictSchema = z.enum(AUDIT_VERDICTS);
export type AuditVerdict = z.infer<typeof auditVerdictSchema>;

/** What a reader sees of a closure: nothing of who or what closed it, and no id under which it can be found. */
export const maskedAuditSchema = z.object({
  id: z.number().int(),
  /** `aud_…` */
  ref: z.string(),
  title: z.string(),
  product: z.string(),
  severity: severitySchema,
  entity: entitySchema,
  count: z.number().int(),
  firstObservedAtMs: z.number(),
  lastObservedAtMs: z.number(),
  drawnAtMs: z.number(),
  dueAtMs: z.number(),
  /** Up to five of its alerts, under the field names that rule writers use. */
  alerts: z.array(
    z.object({
      observedAtMs: z.number(),
      description: z.string(),
      fields: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  ),
  /** "Review, do not act", with the date. */
  note: z.string(),
});
export type MaskedAudit = z.infer<typeof maskedAuditSchema>;

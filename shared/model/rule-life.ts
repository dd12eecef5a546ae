import { z } from 'zod';
import { fieldMatchSchema, ruleActionSchema, ruleStatusSchema } from './rule.ts';
import { dispositionSchema, severitySchema } from './vocabulary.ts';

/** Where a rule's text comes from: a file of a folder, the app, or a quick mute. */
export const RULE_ORIGINS = ['file', 'app', 'mute'] as const;
export type RuleOrigin = (typeof RULE_ORIGINS)[number];

/** One thing that is wrong, or may be, with its place in the text (1-based). */
export const ruleProblemSchema = z.object({
  level: z.enum(['error', 'warning']),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
});

/** One rule as the list shows it: the version in force, or the newest when none is. */
export const ruleLineSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  isInForce: z.boolean(),
  title: z.string(),
  status: ruleStatusSchema,
  statusSinceMs: z.number(),
  /** Why it has this status: the approval, the suspension, the end of its time. */
  statusReason: z.string().nullable(),
  origin: z.enum(RULE_ORIGINS),
  owner: z.string(),
  expires: z.string().nullable(),
  actions: z.array(ruleActionSchema),
  hits: z.number().int(),
  closed: z.number().int(),
  wouldHaveClosed: z.number().int(),
  withheld: z.number().int(),
  /** Alerts closed in the last seven days. */
  closedThisWeek: z.number().int(),
  /** Minutes that people would have spent on what it closed in the last seven days, at the usual time for each class. */
  minutesThisWeek: z.number(),
  lastHitAtMs: z.number().nullable(),
  /** A version that is newer than the one in force, and what became of it. */
  newer: z.object({ version: z.number().int(), status: ruleStatusSchema }).nullable(),
  openProposalId: z.number().int().nullable(),
});
export type RuleLine = z.infer<typeof ruleLineSchema>;

export const ruleVersionSchema = z.object({
  version: z.number().int(),
  status: ruleStatusSchema,
  statusSinceMs: z.number(),
  statusReason: z.string().nullable(),
  author: z.string().nullable(),
  loadedAtMs: z.number(),
  isInForce: z.boolean(),
  /** It says what it would do, beside the one in force. */
  isBeside: z.boolean(),
  hits: z.number().int(),
  closed: z.number().int(),
});

/** How a version that speaks beside the one in force differs from it, on items that came in since it began. */
export const besideSchema = z.object({
  version: z.number().int(),
  inForceVersion: z.number().int(),
  sinceMs: z.number(),
  both: z.number().int(),
  onlyInForce: z.number().int(),
  onlyBeside: z.number().int(),
  /** Of what only it would close: what people decided without knowing, and how much of that was truly bad. */
  decided: z.number().int(),
  truePositives: z.number().int(),
});
export type Beside = z.infer<typeof besideSchema>;

/** What a version lacks before it may close, suppress or lower high severity on ordinary targets. */
export const highSeveritySchema = z.object({
  /** Each in words, to go on "High severity is only closed by …". Empty when it may. */
  gaps: z.array(z.string()),
  secondApprovedBy: z.string().nullable(),
  /** Why this caller may not give the second approval; empty when they may, or when it is given. */
  blocks: z.array(z.string()),
});

/** An alert that people said is truly bad and that the rule would have closed. Each blocks approval until it is answered. */
export const BACKTEST_ANSWERS = ['label_wrong', 'rule_changed', 'accepted'] as const;
export const backtestHitSchema = z.object({
  groupId: z.number().int(),
  title: z.string(),
  severity: severitySchema,
  entity: z.string(),
  observedAtMs: z.number(),
  disposition: dispositionSchema,
  matched: z.array(fieldMatchSchema),
  answer: z.enum(BACKTEST_ANSWERS).nullable(),
  answerReason: z.string().nullable(),
  answeredBy: z.string().nullable(),
});

export const BACKTEST_STATES = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const;

/** What a rule would have done on all that is stored. */
export const backtestReportSchema = z.object({
  fromMs: z.number(),
  toMs: z.number(),
  alerts: z.number().int(),
  groups: z.number().int(),
  matchedAlerts: z.number().int(),
  matchedGroups: z.number().int(),
  /** Groups that it would have closed: the condition was true and no guard stood in the way. */
  wouldCloseGroups: z.number().int(),
  wouldCloseAlerts: z.number().int(),
  /** Groups that a guard would have kept from it, by guard. */
  withheld: z.array(z.object({ guard: z.string(), groups: z.number().int() })),
  /** Alerts on which the condition was unknown, by the field that was missing. */
  unknown: z.array(z.object({ field: z.string(), alerts: z.number().int() })),
  /** What people had said of the groups that it would have closed. */
  dispositions: z.array(z.object({ disposition: dispositionSchema, groups: z.number().int() })),
  notDecided: z.number().int(),
  /** Minutes of handling that it would have saved, at the usual time for each class. */
  minutesSaved: z.number(),
  /** Rules in force that matched the same groups. */
  overlap: z.array(
    z.object({ ruleId: z.string(), title: z.string(), groups: z.number().int(), contradicts: z.boolean() }),
  ),
  weeks: z.array(
    z.object({
      weekMs: z.number(),
      alerts: z.number().int(),
      wouldCloseGroups: z.number().int(),
      truePositives: z.number().int(),
    }),
  ),
  /** Share of all alerts that it would have closed: more than the policy's is refused. */
  shareOfHistory: z.number(),
  /** What keeps it from approval, in sentences. */
  blocks: z.array(z.string()),
  elapsedMs: z.number(),
});
export type BacktestReport = z.infer<typeof backtestReportSchema>;

export const backtestSchema = z.object({
  id: z.number().int(),
  ruleId: z.string(),
  version: z.number().int(),
  state: z.enum(BACKTEST_STATES),
  startedAtMs: z.number(),
  /** 0 to 1. */
  progress: z.number(),
  problem: z.string().nullable(),
  report: backtestReportSchema.nullable(),
  hits: z.array(backtestHitSchema),
  /** Answers that are still owed. */
  unanswered: z.number().int(),
});
export type Backtest = z.infer<typeof backtestSchema>;

export const PROPOSAL_STATES = ['open', 'approved', 'rejected', 'withdrawn', 'outdated'] as const;
export const proposalSchema = z.object({
  id: z.number().int(),
  ruleId: z.string(),
  version: z.number().int(),
  title: z.string(),
  author: z.string(),
  text: z.string(),
  createdAtMs: z.number(),
  state: z.enum(PROPOSAL_STATES),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.number().nullable(),
  decidedReason: z.string().nullable(),
  backtestId: z.number().int(),
  comments: z.number().int(),
  /** What this caller may not do, and why: empty when they may approve. */
  blocks: z.array(z.string()),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** What a text would do on the newest alerts, while it is being written. */
export const rulePreviewSchema = z.object({
  /** How many of the newest alerts were looked at. */
  alerts: z.number().int(),
  matched: z.number().int(),
  wouldClose: z.number().int(),
  withheld: z.number().int(),
  unknown: z.number().int(),
  truePositives: z.number().int(),
  samples: z.array(
    z.object({
      groupId: z.number().int(),
      title: z.string(),
      severity: severitySchema,
      entity: z.string(),
      observedAtMs: z.number(),
      disposition: dispositionSchema.nullable(),
      matched: z.array(fieldMatchSchema),
    }),
  ),
});
export type RulePreview = z.infer<typeof rulePreviewSchema>;

/** A rule of a product that costs people time and rarely finds anything. No person in it. */
export const noisyRuleSchema = z.object({
  product: z.string(),
  ruleId: z.string(),
  name: z.string(),
  groups: z.number().int(),
  alerts: z.number().int(),
  minutes: z.number(),
  truePositives: z.number().int(),
  decided: z.number().int(),
  /** The newest group of it, to make a rule from. */
  exampleGroupId: z.number().int(),
});

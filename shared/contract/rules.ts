import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { ruleStatusSchema } from '../model/rule.ts';
import {
  BACKTEST_ANSWERS,
  backtestSchema,
  besideSchema,
  highSeveritySchema,
  noisyRuleSchema,
  proposalSchema,
  ruleLineSchema,
  rulePreviewSchema,
  ruleProblemSchema,
  ruleVersionSchema,
} from '../model/rule-life.ts';
import { severityCorrectionSchema } from '../model/severity-correction.ts';
import { severitySchema } from '../model/vocabulary.ts';
import { command, query } from './base.ts';

const ruleIdSchema = z.string().max(200);
const documentSchema = z.string().max(1_000_000);
const reasonSchema = z.string().trim().min(3).max(4_000);
const stated = z.object({ statement: statementSchema });

/** The life of rules: written, tried on history, proposed, approved by a second person, in force, stopped. */
export const rulesContract = {
  list: query()
    .input(z.object({}))
    .output(z.object({ asOfMs: z.number(), rules: z.array(ruleLineSchema) })),
  get: query()
    .input(z.object({ id: ruleIdSchema, version: z.number().int().nullable().default(null) }))
    .output(
      z.object({
        line: ruleLineSchema,
        /** Of `version`, or of the version in force, or of the newest. */
        document: z.string(),
        version: z.number().int(),
        versions: z.array(ruleVersionSchema),
        highSeverity: highSeveritySchema.nullable(),
        beside: besideSchema.nullable(),
      }),
    ),
  /** Grammar, life, lists and examples of a text, as a save would read it. */
  check: query()
    .input(z.object({ document: documentSchema }))
    .output(
      z.object({
        problems: z.array(ruleProblemSchema),
        closes: z.boolean(),
        tests: z.number().int(),
        passed: z.number().int(),
      }),
    ),
  /** What a text would do on the newest alerts. */
  preview: query()
    .input(z.object({ document: documentSchema }))
    .output(rulePreviewSchema.nullable()),
  /** A text to begin with, made from an item of the queue, with the narrowest conditions first. */
  draftFrom: query()
    .input(z.object({ groupId: z.number().int() }))
    .output(z.object({ document: z.string() })),
  /** Keeps a text as a draft: a new rule, or a new version of one. What is in force stays in force. */
  save: command()
    .input(
      stated.extend({
        id: ruleIdSchema.nullable(),
        /** The newest version that the person saw. */
        basedOn: z.number().int().nullable(),
        document: documentSchema,
      }),
    )
    .output(decisionResultSchema.extend({ id: z.string(), version: z.number().int() })),
  /** Lets a version speak (shadow), takes it back (draft), or stops what is in force (suspended). */
  setStatus: command()
    .input(
      stated.extend({
        id: ruleIdSchema,
        version: z.number().int(),
        to: ruleStatusSchema.extract(['draft', 'shadow', 'suspended']),
        reason: reasonSchema,
      }),
    )
    .output(decisionResultSchema),
  /** Tries a version on all that is stored. Runs beside everything else. */
  backtest: command()
    .input(stated.extend({ id: ruleIdSchema, version: z.number().int() }))
    .output(decisionResultSchema.extend({ backtestId: z.number().int() })),
  cancelBacktest: command()
    .input(stated.extend({ backtestId: z.number().int() }))
    .output(decisionResultSchema),
  backtestOf: query()
    .input(z.object({ backtestId: z.number().int() }))
    .output(backtestSchema),
  /** The newest backtest of a version; null when it was never tried. */
  newestBacktest: query()
    .input(z.object({ id: ruleIdSchema, version: z.number().int() }))
    .output(backtestSchema.nullable()),
  /** Answers one true positive that the rule would have closed. */
  answerHit: command()
    .input(
      stated.extend({
        backtestId: z.number().int(),
        groupId: z.number().int(),
        answer: z.enum(BACKTEST_ANSWERS),
        reason: reasonSchema,
      }),
    )
    .output(decisionResultSchema),
  propose: command()
    .input(stated.extend({ id: ruleIdSchema, version: z.number().int(), text: reasonSchema }))
    .output(decisionResultSchema.extend({ proposalId: z.number().int() })),
  proposals: query()
    .input(z.object({ isOpen: z.boolean().default(true) }))
    .output(z.array(proposalSchema)),
  proposal: query()
    .input(z.object({ id: z.number().int() }))
    .output(
      z.object({
        proposal: proposalSchema,
        document: z.string(),
        /** The text in force, to compare with; null for a new rule. */
        before: z.string().nullable(),
        backtest: backtestSchema,
        /** How it differs from the version in force on what came in since it was proposed; null for a new rule. */
        beside: besideSchema.nullable(),
        comments: z.array(z.object({ id: z.number().int(), author: z.string(), atMs: z.number(), text: z.string() })),
      }),
    ),
  comment: command()
    .input(stated.extend({ proposalId: z.number().int(), text: reasonSchema }))
    .output(decisionResultSchema),
  /** By a second person: puts the version in force, narrow and for a time. Or sends it back. */
  decide: command()
    .input(
      stated.extend({ proposalId: z.number().int(), verdict: z.enum(['approve', 'reject']), reason: reasonSchema }),
    )
    .output(decisionResultSchema),
  withdraw: command()
    .input(stated.extend({ proposalId: z.number().int() }))
    .output(decisionResultSchema),
  /** By a third person: the version that acts may touch high severity too, once audits show enough. */
  approveForHigh: command()
    .input(stated.extend({ id: ruleIdSchema, version: z.number().int(), reason: reasonSchema }))
    .output(decisionResultSchema),
  /** Alone at night: what is like this item makes no work for a while, within the guards and in everybody's sight. */
  mute: command()
    .input(stated.extend({ groupId: z.number().int(), hours: z.number().int().min(1).max(24), reason: reasonSchema }))
    .output(decisionResultSchema.extend({ ruleId: z.string() })),
  /** Mutes that run, and those that nobody of the next shift has looked at yet. */
  mutes: query()
    .input(z.object({}))
    .output(
      z.array(
        z.object({
          ruleId: z.string(),
          title: z.string(),
          by: z.string(),
          reason: z.string(),
          startedAtMs: z.number(),
          endsAtMs: z.number(),
          isRunning: z.boolean(),
          closed: z.number().int(),
          reviewedBy: z.string().nullable(),
        }),
      ),
    ),
  endMute: command()
    .input(stated.extend({ ruleId: ruleIdSchema }))
    .output(decisionResultSchema),
  /** By somebody other than who muted: that it was right, or that what it hid is to be looked at after all. */
  reviewMute: command()
    .input(stated.extend({ ruleId: ruleIdSchema, verdict: z.enum(['right', 'reopen']), reason: reasonSchema }))
    .output(decisionResultSchema),
  /** Corrections of what products' rules claim: those that wait, that act, and that were over in the last two weeks. */
  corrections: query()
    .input(z.object({}))
    .output(
      z.array(
        severityCorrectionSchema.extend({
          isMine: z.boolean(),
          /** Why this caller may not approve one that waits; null when they may. */
          block: z.string().nullable(),
        }),
      ),
    ),
  /** Asks that what the product's rule of an item claims as one severity be taken for another, for some days. */
  proposeCorrection: command()
    .input(
      stated.extend({
        groupId: z.number().int(),
        claimed: severitySchema,
        corrected: severitySchema,
        days: z.number().int().min(1).max(90),
        reason: reasonSchema,
      }),
    )
    .output(decisionResultSchema.extend({ correctionId: z.number().int() })),
  /** By a second person. It counts for alerts that come in from then on. */
  decideCorrection: command()
    .input(
      stated.extend({
        correctionId: z.number().int(),
        verdict: z.enum(['approve', 'reject']),
        reason: reasonSchema,
      }),
    )
    .output(decisionResultSchema),
  /** Takes back one that acts, by anybody, or withdraws one that waits. */
  endCorrection: command()
    .input(stated.extend({ correctionId: z.number().int(), reason: reasonSchema }))
    .output(decisionResultSchema),
  /** The rules of products that cost most minutes with fewest true positives since `sinceMs`, ten at most. */
  noise: query()
    .input(z.object({ sinceMs: z.number().int() }))
    .output(z.array(noisyRuleSchema)),
};

import { z } from 'zod';
import {
  assuredRuleSchema,
  auditVerdictSchema,
  errorRatesSchema,
  maskedAuditSchema,
  measuredRateSchema,
  suspensionSchema,
} from '../model/assurance.ts';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { command, query } from './base.ts';

export const assuranceContract = {
  /** Where each rule that closes stands, in the order of titles, and what all of them together get wrong. */
  board: query()
    .input(z.object({}))
    .output(
      z.object({
        asOfMs: z.number(),
        /** Error rates, readings and audits are those drawn since then. */
        sinceMs: z.number(),
        rules: z.array(assuredRuleSchema),
        /** All rules together: both error rates, with the largest share of true positives that may be closed. */
        overall: errorRatesSchema,
        maxMissShare: z.number(),
        /** How well this team's readers see a true positive. Of the team, never of a person. */
        sensitivity: z.object({ value: z.number(), shown: z.number().int(), why: z.string() }),
        budget: z.object({
          share: z.number(),
          rosteredMinutes: z.number(),
          /** True where no rota is known and 40 hours a person were taken. */
          isAssumed: z.boolean(),
          minutesPerWeek: z.number(),
          /** Minutes of the readings that were settled in the last seven days. */
          minutesUsed: z.number(),
        }),
        /** Minutes that people would have spent in the last seven days on what rules closed, and what is left of them after audits. */
        minutesSaved: z.number(),
        minutesSavedNet: z.number(),
        waiting: z.number().int(),
        /** Readings that nobody could decide. */
        unclear: z.number().int(),
        voided: z.number().int(),
        secondReadings: z.object({ read: z.number().int(), agreed: z.number().int(), kappa: z.number().nullable() }),
        /** How often closures by people were true positives, by class of alert (severity/product), never by person. */
        humanError: z.array(z.object({ class: z.string(), rate: measuredRateSchema })),
        canaries: z.object({
          shown: z.number().int(),
          closed: z.number().int(),
          /** With 95 % confidence, at one look. */
          closedAtMost: z.number(),
          /** Acting rules in whose family nothing was planted this week. */
          owed: z.array(z.object({ ruleId: z.string(), title: z.string() })),
        }),
        suspensions: z.array(suspensionSchema),
      }),
    ),
  /** Takes the next audit up; asking again gives the same one until it is answered. Null when none is left for this person. */
  take: command()
    .input(z.object({ statement: statementSchema }))
    .output(z.object({ audit: maskedAuditSchema.nullable(), waiting: z.number().int() })),
  /**
   * What the reader takes it for. A true positive needs the evidence in words: the item is opened again and goes up a tier
   * as a live question. Refused as a conflict when the reading was voided or somebody else read it meanwhile.
   */
  answer: command()
    .input(
      z.object({
        statement: statementSchema,
        id: z.number().int(),
        verdict: auditVerdictSchema,
        evidence: z.string().trim().max(4000).default(''),
      }),
    )
    .output(decisionResultSchema),
  /** Lets a stopped rule close again, on trial, with evidence from after the stop. Not by its owner. */
  rearm: command('lead')
    .input(
      z.object({
        statement: statementSchema,
        ruleId: z.string().max(200),
        reason: z.string().trim().min(3).max(1000),
      }),
    )
    .output(decisionResultSchema),
  /** Plants a true positive in the scope of a rule: a record as its product would send it, with an id that is new. */
  plant: command('lead')
    .input(
      z.object({
        statement: statementSchema,
        ruleId: z.string().max(200),
        /** One JSON record. */
        record: z.string().min(2).max(65_536),
        reason: z.string().trim().min(3).max(1000),
      }),
    )
    .output(decisionResultSchema),
};

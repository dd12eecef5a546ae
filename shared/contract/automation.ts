import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { queueItemSchema } from '../model/queue.ts';
import { fieldMatchSchema, ruleSummarySchema } from '../model/rule.ts';
import { command, cursorSchema, pageLimitSchema, query } from './base.ts';

export const automationContract = {
  /** What the rules did since `sinceMs`: figures with their window, one row a rule, in the order of rule titles. */
  summary: query()
    .input(z.object({ sinceMs: z.number().int() }))
    .output(
      z.object({
        sinceMs: z.number(),
        asOfMs: z.number(),
        paused: z.boolean(),
        pausedBy: z.string().nullable(),
        /** Alerts received in the window, closed by rules, closed at source, and put in the queue. */
        received: z.number().int(),
        closedByRules: z.number().int(),
        closedAtSource: z.number().int(),
        queued: z.number().int(),
        withheldByGuards: z.number().int(),
        rules: z.array(ruleSummarySchema),
        /** Closures per day in the window, for the chart. */
        days: z.array(z.object({ dayMs: z.number(), closedByRules: z.number().int(), queued: z.number().int() })),
      }),
    ),
  /** Groups that rules closed, newest first, each with the sentence that says why. */
  closures: query()
    .input(
      z.object({ ruleId: z.string().max(200).nullable().default(null), cursor: cursorSchema, limit: pageLimitSchema }),
    )
    .output(
      z.object({
        closures: z.array(
          z.object({
            item: queueItemSchema,
            ruleTitle: z.string(),
            ruleVersion: z.number().int(),
            owner: z.string(),
            why: z.string(),
            matched: z.array(fieldMatchSchema),
          }),
        ),
        nextCursor: z.string().nullable(),
      }),
    ),
  rule: query()
    .input(z.object({ id: z.string().max(200) }))
    .output(z.object({ summary: ruleSummarySchema, document: z.string() })),
  /** The one switch: while it is on, rules say what they would do and do nothing. */
  pause: command('lead')
    .input(z.object({ statement: statementSchema, paused: z.boolean(), reason: z.string().trim().min(3).max(1000) }))
    .output(decisionResultSchema),
};

import { z } from 'zod';
import { priorityLevelSchema } from './vocabulary.ts';

/** What the priority multiplies the severity by: precision of the rule, value of the asset, exploit, breach prior, corroboration. */
export const PRIORITY_FACTORS = ['precision', 'asset', 'exploit', 'breachPrior', 'corroboration'] as const;

export const priorityTermSchema = z.object({
  factor: z.enum(PRIORITY_FACTORS),
  /** The multiplier; 1 when nothing is known. */
  value: z.number(),
  /** log2(value). */
  bits: z.number(),
  /** This term's share of the points, so that base + all contributions = points before clamping. */
  points: z.number(),
  /** False: nothing was known, the factor is 1 and is shown as unknown. */
  known: z.boolean(),
  /** One sentence in plain words, with the numbers it was made from. */
  reason: z.string(),
});
export type PriorityTerm = z.infer<typeof priorityTermSchema>;

export const prioritySchema = z.object({
  /** 0 to 100. */
  points: z.number(),
  level: priorityLevelSchema,
  /** Points at p = 1 and all other factors 1. */
  basePoints: z.number(),
  terms: z.array(priorityTermSchema),
  /** Set when a floor lifted the level ("critical severity is never below P2"), or a rule moved it. */
  adjustments: z.array(z.string()),
});
export type Priority = z.infer<typeof prioritySchema>;

import { z } from 'zod';
import { severitySchema } from '../../model/vocabulary.ts';

/**
 * The weights of the priority formula as data, so that a team can change them without changing code and a
 * decision can name the version that it was made under. All numbers are defaults of ours, none is measured.
 */
export const priorityPolicySchema = z.strictObject({
  version: z.number().int().positive(),
  /** Expected share of true positives when nothing was learned of a rule or its family, by the product's own severity. */
  precisionPrior: z.record(severitySchema, z.number().gt(0).lt(1)),
  /** Weight of the family's precision against a rule's own history, in dispositions. */
  ruleShrink: z.number().positive(),
  /** Weight of the severity's prior against the family's history, in dispositions. */
  familyShrink: z.number().positive(),
  /** Factor for each criticality of an asset; internet-facing or a tier-0 identity multiplies it by 2, up to `assetMax`. */
  asset: z.strictObject({
    low: z.number().positive(),
    medium: z.number().positive(),
    high: z.number().positive(),
    crown_jewel: z.number().positive(),
  }),
  assetMax: z.number().min(1),
  exploit: z.strictObject({
    /** X = 1 + epssWeight · (1 − Π(1 − EPSS)). */
    epssWeight: z.number().nonnegative(),
    knownExploitedMin: z.number().min(1),
    ransomware: z.number().min(1),
  }),
  breachPrior: z.strictObject({ min: z.number().positive().max(1), max: z.number().min(1) }),
  /** Factor for 1, 2, 3, 4 and more distinct tactics on the entity. */
  corroboration: z.array(z.number().min(1)).min(1).max(12),
  corroborationWindowDays: z.number().int().positive(),
  /** Lower bounds in points; what is under P3 is P4. */
  bands: z
    .strictObject({ P1: z.number().max(100), P2: z.number(), P3: z.number().min(0) })
    .refine((bands) => bands.P1 > bands.P2 && bands.P2 > bands.P3, 'P1 must lie above P2, and P2 above P3'),
});
export type PriorityPolicy = z.infer<typeof priorityPolicySchema>;

export const DEFAULT_PRIORITY_POLICY: PriorityPolicy = {
  version: 1,
  precisionPrior: { unknown: 0.15, informational: 0.02, low: 0.05, medium: 0.15, high: 0.4, critical: 0.8 },
  ruleShrink: 20,
  familyShrink: 10,
  asset: { low: 1, medium: 2, high: 4, crown_jewel: 8 },
  assetMax: 16,
  exploit: { epssWeight: 3, knownExploitedMin: 4, ransomware: 5 },
  breachPrior: { min: 0.5, max: 2 },
  corroboration: [1, 1.5, 2, 3],
  corroborationWindowDays: 7,
  bands: { P1: 70, P2: 50, P3: 30 },
};

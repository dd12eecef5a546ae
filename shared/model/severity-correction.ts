import { z } from 'zod';
import { severitySchema } from './vocabulary.ts';

export const SEVERITY_CORRECTION_STATES = ['open', 'approved', 'rejected', 'withdrawn', 'ended'] as const;

/** Another severity than the one that a product's rule claims, by two people, with a reason and for a time. */
export const severityCorrectionSchema = z.object({
  id: z.number().int(),
  product: z.string(),
  /** The id of the product's rule. */
  sourceRule: z.string(),
  /** Its name as the product gives it; the id where none is known. */
  sourceRuleName: z.string(),
  /** Only alerts that claim this are taken for something else. */
  claimed: severitySchema,
  corrected: severitySchema,
  reason: z.string(),
  proposedBy: z.string(),
  proposedAtMs: z.number(),
  expiresAtMs: z.number(),
  state: z.enum(SEVERITY_CORRECTION_STATES),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.number().nullable(),
  decidedReason: z.string().nullable(),
  /** Who took it back; null when the clock ended it, or nobody did. */
  endedBy: z.string().nullable(),
  endedAtMs: z.number().nullable(),
  endedReason: z.string().nullable(),
});
export type SeverityCorrection = z.infer<typeof severityCorrectionSchema>;

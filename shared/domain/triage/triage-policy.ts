import { z } from 'zod';
import { tierSchema } from '../../model/vocabulary.ts';

/** How far rules may go by themselves. Defaults of ours. */
export const triagePolicySchema = z.strictObject({
  version: z.number().int().positive(),
  /** Alerts that one provisional rule may close on one UTC day; what comes after goes to people. */
  provisionalDailyCap: z.number().int().nonnegative(),
  /** How long a closing rule may run before a person renews it. */
  expiryMaxDays: z.number().int().positive(),
  /** A rule that was approved and has not proven itself by then only speaks again. */
  provisionalDays: z.number().int().positive(),
  /** A rule that would have closed a larger share of all that is stored is refused. */
  shareOfHistoryMax: z.number().gt(0).max(1),
  /** Tiers whose people may approve a rule; leads always may. */
  approverTiers: z.array(tierSchema),
});
export type TriagePolicy = z.infer<typeof triagePolicySchema>;

export const DEFAULT_TRIAGE_POLICY: TriagePolicy = {
  version: 1,
  provisionalDailyCap: 200,
  expiryMaxDays: 366,
  provisionalDays: 30,
  shareOfHistoryMax: 0.25,
  approverTiers: ['tier2', 'tier3', 'lead'],
};

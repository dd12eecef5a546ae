import { z } from 'zod';

/** How far rules may go by themselves. Defaults of ours. */
export const triagePolicySchema = z.strictObject({
  version: z.number().int().positive(),
  /** Alerts that one provisional rule may close on one UTC day; what comes after goes to people. */
  provisionalDailyCap: z.number().int().nonnegative(),
  /** How long a closing rule may run before a person renews it. */
  expiryMaxDays: z.number().int().positive(),
});
export type TriagePolicy = z.infer<typeof triagePolicySchema>;

export const DEFAULT_TRIAGE_POLICY: TriagePolicy = { version: 1, provisionalDailyCap: 200, expiryMaxDays: 366 };

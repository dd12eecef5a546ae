import { z } from 'zod';

/** Within which time alerts of one rule on one entity are one group. Defaults of ours. */
export const groupingPolicySchema = z.strictObject({
  version: z.number().int().positive(),
  windowMinutes: z
    .number()
    .int()
    .min(1)
    .max(7 * 24 * 60),
  /** For products whose alerts come in another rhythm. */
  windowMinutesByProduct: z.record(
    z.string(),
    z
      .number()
      .int()
      .min(1)
      .max(7 * 24 * 60),
  ),
});
export type GroupingPolicy = z.infer<typeof groupingPolicySchema>;

export const DEFAULT_GROUPING_POLICY: GroupingPolicy = { version: 1, windowMinutes: 240, windowMinutesByProduct: {} };

export function groupWindowMs(policy: GroupingPolicy, product: string): number {
  const own = Object.hasOwn(policy.windowMinutesByProduct, product)
    ? policy.windowMinutesByProduct[product]
    : undefined;
  return (own ?? policy.windowMinutes) * 60_000;
}

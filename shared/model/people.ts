import { z } from 'zod';
import { roleSchema, tierSchema } from './vocabulary.ts';

export const personSchema = z.object({
  id: z.string().min(1).max(64),
  name: z.string().min(1).max(120),
  initials: z.string().min(1).max(4),
  tier: tierSchema,
  roles: z.array(roleSchema),
  skills: z.array(z.string()),
  /** How many open items this person may hold at once. A limit of the work, not a measure of the person. */
  itemLimit: z.number().int().positive(),
});
export type Person = z.infer<typeof personSchema>;

export const DUTY_KINDS = ['shift', 'on_call', 'leave'] as const;
export const dutySchema = z.object({
  personId: z.string(),
  startsAtMs: z.number(),
  endsAtMs: z.number(),
  kind: z.enum(DUTY_KINDS),
});
export type Duty = z.infer<typeof dutySchema>;

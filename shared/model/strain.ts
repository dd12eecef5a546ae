import { z } from 'zod';

/** Words only, with a driver beside them. There is no number for a person anywhere (R6). */
export const bandSchema = z.enum(['green', 'amber', 'red', 'not_enough_data']);
export type Band = z.infer<typeof bandSchema>;

/** One strain condition as its owner sees it: formula, inputs, limits and their source (R3). */
export const strainConditionSchema = z.object({
  key: z.enum(['load_ratio', 'short_rest']),
  title: z.string(),
  band: bandSchema,
  /** "2 rests under 11 h in 28 days, the shortest 8 h 30 m." */
  driver: z.string(),
  formula: z.string(),
  inputs: z.array(z.object({ label: z.string(), value: z.string() })),
  limits: z.string(),
  source: z.string(),
  evidence: z.enum(['law', 'cohort', 'practitioner', 'computed', 'default']),
  /** What change of the work would help. Never about the person. */
  action: z.string().nullable(),
  windowDays: z.number().int(),
});
export type StrainCondition = z.infer<typeof strainConditionSchema>;

/** What a lead sees of it once the gate is open and the person has had it for 24 hours (R4, R5). */
export const bandForLeadSchema = z.object({
  personId: z.string(),
  band: bandSchema,
  driver: z.string(),
  action: z.string().nullable(),
});
export type BandForLead = z.infer<typeof bandForLeadSchema>;

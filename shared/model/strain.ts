import { z } from 'zod';
import { DUTY_KINDS } from './people.ts';

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
  /** What the inputs leave out, in words: nobody has to guess why a figure differs from what they lived. */
  notCounted: z.string(),
  limits: z.string(),
  source: z.string(),
  evidence: z.enum(['law', 'cohort', 'practitioner', 'computed', 'default']),
  /** What change of the work would help. Never about the person. */
  action: z.string().nullable(),
  windowDays: z.number().int(),
});
export type StrainCondition = z.infer<typeof strainConditionSchema>;

export const REMARK_KINDS = ['comment', 'dispute', 'correction'] as const;
export const remarkKindSchema = z.enum(REMARK_KINDS);
export type RemarkKind = z.infer<typeof remarkKindSchema>;

/** What a remark stands beside: the word for leads, or one condition. */
export const remarkSubjectSchema = z.enum(['band', 'load_ratio', 'short_rest']);
export type RemarkSubject = z.infer<typeof remarkSubjectSchema>;

export const remarkTextSchema = z.string().trim().min(1).max(1000);

/** "This is wrong because …", as who wrote it reads it. About a duty it is a request to whoever keeps the rota. */
export const ownRemarkSchema = z.object({
  id: z.number().int(),
  about: z.enum([...remarkSubjectSchema.options, 'duty']),
  kind: remarkKindSchema,
  text: z.string(),
  atMs: z.number(),
  /** The duty as it stood in the rota when it was written; null when it is about another subject or a missing duty. */
  duty: z.object({ kind: z.enum(DUTY_KINDS), startsAtMs: z.number(), endsAtMs: z.number() }).nullable(),
  answer: z.object({ text: z.string(), byName: z.string(), atMs: z.number() }).nullable(),
});
export type OwnRemark = z.infer<typeof ownRemarkSchema>;

/** What a lead sees of it once the gate is open and the person has had it for 24 hours. */
export const bandForLeadSchema = z.object({
  personId: z.string(),
  band: bandSchema,
  driver: z.string(),
  action: z.string().nullable(),
  /** What the person says of it, in their own words, oldest first. */
  remarks: z.array(
    z.object({ about: remarkSubjectSchema, kind: remarkKindSchema, text: z.string(), atMs: z.number() }),
  ),
});
export type BandForLead = z.infer<typeof bandForLeadSchema>;

import { z } from 'zod';
import { type Severity, tierSchema } from './vocabulary.ts';

/**
 * Policies are data: targets and limits that an organisation may change without touching code.
 * Every file says where its numbers come from; `basis: "default"` marks a choice of ours that nothing validated.
 */
const basisSchema = z.enum(['law', 'cohort', 'practitioner', 'computed', 'default']);

const bySeverity = <T extends z.ZodType>(value: T) =>
  z.strictObject({
    unknown: value,
    informational: value,
    low: value,
    medium: value,
    high: value,
    critical: value,
  } satisfies Record<Severity, T>);

export const slaPolicySchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().positive(),
  basis: basisSchema,
  note: z.string(),
  /** Minutes from arrival to the first acknowledgement; null starts no clock. */
  acknowledgeMinutes: bySeverity(z.number().positive().nullable()),
  /** Minutes in which an escalation has to be answered. */
  escalationMinutes: bySeverity(z.number().positive()),
  dueSoon: z.strictObject({
    /** A clock is due when less than this share of its target is left. */
    share: z.number().gt(0).lt(1),
    /** The same for a clock whose target is not known to the asker. */
    minutes: z.number().positive(),
  }),
  initialTier: bySeverity(tierSchema),
  /** So many "not now" send an item up a tier. */
  notNowLimit: z.number().int().positive(),
});
export type SlaPolicy = z.infer<typeof slaPolicySchema>;

/** How long before its deadline a clock counts as due, in milliseconds. */
export const dueSoonSchema = z.object({
  bySeverity: bySeverity(z.number()),
  /** Where no severity sets the target, as for questions to another tier. */
  otherwise: z.number(),
});
export type DueSoon = z.infer<typeof dueSoonSchema>;

export const strainPolicySchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().positive(),
  basis: basisSchema,
  note: z.string(),
  /** Share of rostered time that can be planned for queue work. */
  plannableShare: z.number().gt(0).max(1),
  handling: z.strictObject({
    /** Samples of this many days make a class median. */
    windowDays: z.number().int().positive(),
    /** A class with fewer samples takes the default of its severity. */
    casesMin: z.number().int().positive(),
    defaultMinutes: bySeverity(z.number().positive()),
  }),
  loadRatio: z.strictObject({
    windowDays: z.number().int().positive(),
    /** Longest mean wait that the amber limit allows, as a share of handling time. */
    waitShareMax: z.number().positive(),
    redAbove: z.number().positive(),
    redWeeks: z.number().int().positive(),
    ofWeeks: z.number().int().positive(),
    /** So many weekly evaluations in a row must agree. */
    consecutive: z.number().int().positive(),
  }),
  shortRest: z.strictObject({
    windowDays: z.number().int().positive(),
    amberCount: z.number().int().positive(),
    redCount: z.number().int().positive(),
    redBelowHours: z.number().positive(),
  }),
  /** Fewer duty shifts than this in the window: not enough data. */
  dutyShiftsMin: z.number().int().positive(),
  /** A lead sees a band when its owner could see it for so long. */
  personFirstHours: z.number().min(24),
});
export type StrainPolicy = z.infer<typeof strainPolicySchema>;

export const countryPolicySchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().positive(),
  name: z.string(),
  basis: basisSchema,
  source: z.string(),
  note: z.string(),
  dailyRestHours: z.number().positive(),
  /** Duties that lie closer together than this are one duty. */
  sameDutyGapMinutes: z.number().nonnegative(),
  /** Two parts of a split shift are one duty up to this gap, while first start to last end stays in the span. */
  splitShiftGapHours: z.number().nonnegative(),
  splitShiftSpanHours: z.number().positive(),
  /** Standby at home is rest unless called out; true where it is working time. */
  onCallIsDuty: z.boolean(),
  /** Leads see no band of a single person. */
  isTeamOnly: z.boolean(),
});
export type CountryPolicy = z.infer<typeof countryPolicySchema>;

/** Columns that name a person, or may. Empty for what was made from people's work and does not name them. */
const personColumnsSchema = z.array(z.string());

const purgedTableSchema = z.strictObject({
  personColumns: personColumnsSchema,
  /** Rows older than this are deleted by the periodic work. */
  days: z.number().int().positive().max(3650),
  /** For the person whose data it is, in words. */
  why: z.string().min(10),
});

const keptTableSchema = z.strictObject({
  personColumns: personColumnsSchema.min(1),
  /**
   * `case_record`: part of the security record of a case and kept as long as it is. `ended_by_person`: until the person
   * ends it. `live`: shows only what is so now.
   */
  until: z.enum(['case_record', 'ended_by_person', 'live']),
  why: z.string().min(10),
});

/** How long everything is kept that names a person. A table that names one and stands in neither part is a defect. */
export const retentionPolicySchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().positive(),
  basis: basisSchema,
  note: z.string(),
  purged: z.strictObject({
    strain_band: purgedTableSchema,
    own_remark: purgedTableSchema,
    duty: purgedTableSchema,
    band_access: purgedTableSchema,
    handling_sample: purgedTableSchema,
    command_answer: purgedTableSchema,
  }),
  kept: z.record(z.string(), keptTableSchema),
});
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>;

export interface Policies {
  sla: SlaPolicy;
  strain: StrainPolicy;
  country: CountryPolicy;
  retention: RetentionPolicy;
}

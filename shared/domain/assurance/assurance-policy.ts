import { z } from 'zod';
import { ALARM_AT } from './bernoulli-cusum.ts';
import { DELTA } from './confidence-sequence.ts';
import { SECOND_READER_SHARE } from './second-reader.ts';
import { DEFAULT_SPRT } from './sprt.ts';

const share = z.number().gt(0).lt(1);
const days = z.number().int().positive().max(3650);

/** What rules must keep proving, and what that may cost the team. Where no source is named the number is a default of ours. */
export const assurancePolicySchema = z.strictObject({
  id: z.string().min(1),
  version: z.number().int().positive(),
  basis: z.enum(['law', 'cohort', 'practitioner', 'computed', 'default']),
  note: z.string(),
  /** Largest false-close rate of a rule that closes nothing above low severity. */
  maxFalseCloseRateLow: share,
  /** The same for one that closes medium or high. */
  maxFalseCloseRateHigher: share,
  /** Largest share of all true positives that automation may close. */
  maxMissShare: share,
  /** How often a bound may be wrong, over all moments at which somebody looks. */
  delta: share,
  sprt: z.strictObject({ acceptable: share, unacceptable: share, alpha: share, beta: share }),
  /** Height of the CUSUM at which a rule is suspended. */
  cusumAlarmAt: z.number().positive(),
  /** Share of rostered minutes that may go to audits. */
  budgetShare: share,
  minutesPerAudit: z.number().positive(),
  /** Of closures of an acting rule at least this share is audited. */
  auditShareMin: share,
  /** So many first closures of a version are all audited. */
  auditAllFirst: z.number().int().nonnegative(),
  /** How much more often closures near a limit, or of something new, are drawn. */
  oversample: z.number().min(1),
  /** Of closures near a guard's limit, which all high ones are, at least this share is audited, whatever the budget. */
  auditShareNear: share,
  secondReaderShare: share,
  /** Of a hundred closures by rules in the queue, so many by people and so many known true positives are mixed in. */
  mix: z.strictObject({ byPeoplePer100: z.number().nonnegative(), knownPer100: z.number().nonnegative() }),
  /** An audit is to be read within so many hours of its draw. */
  dueHours: z.number().positive(),
  /** An audit nobody read in so many days is taken out: its alerts grow too old to judge. */
  staleDays: days,
  /** How far back the closures of a suspended rule are reopened. */
  reopenDays: days,
  pooling: z.strictObject({
    /** Clean audits of its own without which no rule leans on its family. */
    ownAuditsMin: z.number().int().positive(),
  }),
  rearm: z.strictObject({
    /** Closings that the suspended rule proposed since, and people decided blind to it. */
    freshReadingsMin: z.number().int().positive(),
  }),
  drift: z.strictObject({
    auditFactor: z.number().min(1),
    clearWithinDays: days,
    referenceDays: days,
    recentDays: days,
  }),
  canary: z.strictObject({
    perFamilyPerWeek: z.number().int().nonnegative(),
    /** Whether the program plants what is due by itself, from true positives of the past. Staff is told of it first. */
    plantsItself: z.boolean(),
  }),
});
export type AssurancePolicy = z.infer<typeof assurancePolicySchema>;

export const DEFAULT_ASSURANCE_POLICY: AssurancePolicy = {
  id: 'default',
  version: 1,
  basis: 'default',
  note: 'Rates and limits are choices of ours; the tests and bounds that use them are published methods, named in the code.',
  maxFalseCloseRateLow: 0.005,
  maxFalseCloseRateHigher: 0.002,
  maxMissShare: 0.01,
  delta: DELTA,
  sprt: { ...DEFAULT_SPRT },
  cusumAlarmAt: ALARM_AT,
  budgetShare: 0.05,
  minutesPerAudit: 3,
  auditShareMin: 0.02,
  auditAllFirst: 100,
  oversample: 5,
  auditShareNear: 0.1,
  secondReaderShare: SECOND_READER_SHARE,
  mix: { byPeoplePer100: 30, knownPer100: 10 },
  dueHours: 72,
  staleDays: 14,
  reopenDays: 30,
  pooling: { ownAuditsMin: 50 },
  rearm: { freshReadingsMin: 100 },
  drift: { auditFactor: 5, clearWithinDays: 7, referenceDays: 28, recentDays: 7 },
  canary: { perFamilyPerWeek: 1, plantsItself: false },
};

import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { dutySchema, personSchema } from '../model/people.ts';
import { savedViewSchema } from '../model/queue.ts';
import {
  bandForLeadSchema,
  bandSchema,
  ownRemarkSchema,
  remarkKindSchema,
  remarkSubjectSchema,
  remarkTextSchema,
  strainConditionSchema,
} from '../model/strain.ts';
import { tierSchema } from '../model/vocabulary.ts';
import { command, query } from './base.ts';

/** R14: what must be on record before a lead sees any band. */
export const gateSchema = z.object({
  dpiaReference: z.string().trim().min(3).max(400),
  workersInformedOn: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  consultation: z.string().trim().min(3).max(1000),
  purpose: z.string().trim().min(10).max(2000),
  countryPolicy: z.string().trim().min(2).max(200),
});

export const teamContract = {
  people: query().input(z.object({})).output(z.array(personSchema)),
  /** Operational facts: live, not stored as anybody's history. People in roster order; no other order exists. */
  overview: query('lead')
    .input(z.object({}))
    .output(
      z.object({
        asOfMs: z.number(),
        tiers: z.array(
          z.object({
            tier: tierSchema,
            backlog: z.number().int(),
            unowned: z.number().int(),
            oldestReceivedAtMs: z.number().nullable(),
            inLastHour: z.number().int(),
            outLastHour: z.number().int(),
            clocksAtRisk: z.number().int(),
            breached: z.number().int(),
            onDuty: z.number().int(),
          }),
        ),
        flow: z.array(z.object({ hourMs: z.number(), received: z.number().int(), finished: z.number().int() })),
        people: z.array(
          z.object({
            person: personSchema,
            onDutyUntilMs: z.number().nullable(),
            nextDutyAtMs: z.number().nullable(),
            holding: z.number().int(),
            limit: z.number().int(),
          }),
        ),
        /** Rest below the legal limit in the rota as planned from now on. */
        restConflicts: z.array(
          z.object({
            personId: z.string(),
            personName: z.string(),
            endsAtMs: z.number(),
            startsAtMs: z.number(),
            restMs: z.number(),
            limitMs: z.number(),
          }),
        ),
        /** Null until the gate is on record; then bands in roster order, each seen by its owner for 24 h before. */
        bands: z.array(bandForLeadSchema).nullable(),
        /** Why there are no bands: nothing is on record, or the country's profile shows nothing of single people. */
        whyNoBands: z.enum(['not_on_record', 'team_only']).nullable(),
        gate: gateSchema.nullable(),
        /** Corrections of the rota that people asked whoever keeps it for, oldest first. They change nothing by themselves. */
        rotaRequests: z.array(
          z.object({
            id: z.number().int(),
            personId: z.string(),
            personName: z.string(),
            duty: ownRemarkSchema.shape.duty,
            text: z.string(),
            atMs: z.number(),
          }),
        ),
      }),
    ),
  rota: query()
    .input(z.object({ fromMs: z.number(), toMs: z.number() }))
    .output(z.array(dutySchema)),
  /** What became of a correction that was asked for. The rota itself is changed by importing it. */
  answerRotaRequest: command('lead')
    .input(z.object({ statement: statementSchema, id: z.number().int(), answer: remarkTextSchema }))
    .output(decisionResultSchema),
  recordGate: command('admin')
    .input(z.object({ statement: statementSchema, gate: gateSchema.nullable() }))
    .output(decisionResultSchema),
};

const accessLogSchema = z.array(z.object({ atMs: z.number(), viewerName: z.string() }));

/** Everything that is kept or derived about one person, and how long each part is kept. */
export const ownDataSchema = z.object({
  asOfMs: z.number(),
  person: personSchema,
  pausedSinceMs: z.number().nullable(),
  holding: z.number().int(),
  duties: z.array(dutySchema),
  conditions: z.array(strainConditionSchema),
  /** The word that leads may see, as it is kept; null when none is. */
  band: z
    .object({ band: bandSchema, driver: z.string(), action: z.string().nullable(), sinceMs: z.number() })
    .nullable(),
  remarks: z.array(ownRemarkSchema),
  accessLog: accessLogSchema,
  savedViews: z.array(savedViewSchema),
  /** How long what names a person is kept: so many days, or until when in words. */
  retention: z.array(z.object({ table: z.string(), kept: z.string(), why: z.string() })),
});
export type OwnData = z.infer<typeof ownDataSchema>;

/** A person's own conditions: nobody else can ask for them, there is no person in the input. */
export const myWatchContract = {
  get: query()
    .input(z.object({}))
    .output(
      z.object({
        asOfMs: z.number(),
        person: personSchema,
        conditions: z.array(strainConditionSchema),
        holding: z.number().int(),
        limit: z.number().int(),
        duties: z.array(dutySchema),
        /** Who looked at my band, newest first. */
        accessLog: accessLogSchema,
        visibleToLeads: z.boolean(),
        /** What leads see of me, or will from `fromMs` on; null when nothing is kept. */
        forLeads: z
          .object({ band: bandSchema, driver: z.string(), action: z.string().nullable(), fromMs: z.number() })
          .nullable(),
        /** What I wrote about it, oldest first. */
        remarks: z.array(ownRemarkSchema),
        /** Since when I paused my indicators; null when they are computed. */
        pausedSinceMs: z.number().nullable(),
        /** For how many days the policy keeps what stands on this page. */
        keptDays: z.object({ remark: z.number().int(), accessLog: z.number().int() }),
        disclaimer: z.string(),
      }),
    ),
  /** My own words beside my band or one of its conditions. They change no figure. */
  remark: command()
    .input(
      z.object({
        statement: statementSchema,
        about: remarkSubjectSchema,
        kind: remarkKindSchema,
        text: remarkTextSchema,
      }),
    )
    .output(decisionResultSchema),
  /** Asks whoever keeps the rota to correct it: a duty that was not so, or with null one that is missing. */
  requestRotaCorrection: command()
    .input(
      z.object({
        statement: statementSchema,
        duty: dutySchema.pick({ kind: true, startsAtMs: true }).nullable(),
        text: remarkTextSchema,
      }),
    )
    .output(decisionResultSchema),
  /** Deletes what I wrote, wherever it stands. */
  withdrawRemark: command()
    .input(z.object({ statement: statementSchema, id: z.number().int() }))
    .output(decisionResultSchema),
  /** My objection: while paused, only the rest that the law asks for is counted, and no band of mine is kept. */
  pause: command()
    .input(z.object({ statement: statementSchema, isPaused: z.boolean() }))
    .output(decisionResultSchema),
  /** A copy of everything about me. */
  ownData: query().input(z.object({})).output(ownDataSchema),
};

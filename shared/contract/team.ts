import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { dutySchema, personSchema } from '../model/people.ts';
import { bandForLeadSchema, strainConditionSchema } from '../model/strain.ts';
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
        gate: gateSchema.nullable(),
      }),
    ),
  rota: query()
    .input(z.object({ fromMs: z.number(), toMs: z.number() }))
    .output(z.array(dutySchema)),
  recordGate: command('admin')
    .input(z.object({ statement: statementSchema, gate: gateSchema.nullable() }))
    .output(decisionResultSchema),
};

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
        /** Who looked at my band, newest first (R8). */
        accessLog: z.array(z.object({ atMs: z.number(), viewerName: z.string() })),
        visibleToLeads: z.boolean(),
        disclaimer: z.string(),
      }),
    ),
};

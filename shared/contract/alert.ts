import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { childAlertSchema } from '../model/queue.ts';
import { severitySchema } from '../model/vocabulary.ts';
import { command, query } from './base.ts';

export const alertContract = {
  /** One alert with every field that normalising gave it, under the names that rule writers use. */
  get: query()
    .input(z.object({ id: z.number().int() }))
    .output(
      z.object({
        alert: childAlertSchema,
        groupId: z.number().int(),
        product: z.string(),
        format: z.string(),
        stableId: z.string(),
        origin: z.string(),
        fields: z.array(z.object({ name: z.string(), value: z.string() })),
        warnings: z.array(z.object({ field: z.string(), message: z.string() })),
      }),
    ),
  /** The exact text that came in, of a revision (0 is the first). Cut at `limit` characters; `total` says how long it is. */
  original: query()
    .input(
      z.object({
        id: z.number().int(),
        revision: z.number().int().nullable().default(null),
        limit: z.number().int().min(1).max(900_000).default(200_000),
      }),
    )
    .output(
      z.object({
        text: z.string(),
        total: z.number().int(),
        revisions: z.number().int(),
        /** Why there is no text, such as the day on which the storage policy dropped it; null when there is. */
        notice: z.string().nullable(),
        /** Why its fields are as an earlier mapping read them; null for one that is read as new ones are. */
        readBefore: z.string().nullable(),
      }),
    ),
  /** An alert entered by hand: "a user phoned". Goes through the same triage as every other. */
  create: command()
    .input(
      z.object({
        statement: statementSchema,
        title: z.string().trim().min(3).max(400),
        description: z.string().max(20_000).default(''),
        severity: severitySchema,
        observedAtMs: z.number().int(),
        host: z.string().max(255).nullable().default(null),
        user: z.string().max(255).nullable().default(null),
        sourceIp: z.string().max(64).nullable().default(null),
        reportedBy: z.string().max(200).nullable().default(null),
      }),
    )
    .output(decisionResultSchema.extend({ groupId: z.number().int() })),
};

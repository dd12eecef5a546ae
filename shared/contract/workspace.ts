import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { deadLetterSchema, formatCountsSchema, ingestReportSchema } from '../model/ingest.ts';
import { personSchema } from '../model/people.ts';
import { command, cursorSchema, pageLimitSchema, query } from './base.ts';

export const workspaceContract = {
  /** What every screen's frame needs. */
  get: query('anyone')
    .input(z.object({}))
    .output(
      z.object({
        name: z.string(),
        isSample: z.boolean(),
        /** While the sample is being made: 0 to 1; null when there is nothing under way. */
        preparing: z.number().nullable(),
        version: z.string(),
        automationPaused: z.boolean(),
        /** Null when this session has not said who it is. */
        me: personSchema.nullable(),
        canSwitchPerson: z.boolean(),
        nowMs: z.number(),
        seq: z.number().int(),
        searchLag: z.number().int(),
      }),
    ),
  people: query('anyone').input(z.object({})).output(z.array(personSchema)),
  /** Says who sits here. Only on hosts that one person or one desk uses; elsewhere it is `forbidden`. */
  signIn: query('anyone')
    .input(z.object({ personId: z.string().max(64) }))
    .output(z.object({ me: personSchema })),
  /** Leaves the sample: an empty workspace of one's own beside it, with the name that people see. */
  startOwn: command('anyone')
    .input(
      z.object({
        statement: statementSchema,
        name: z.string().trim().min(1).max(120),
        myName: z.string().trim().min(1).max(120),
      }),
    )
    .output(decisionResultSchema),
};

export const sourcesContract = {
  summary: query()
    .input(z.object({}))
    .output(
      z.object({
        byFormat: z.array(
          z.object({
            format: z.string(),
            label: z.string(),
            counts: formatCountsSchema,
            lastAtMs: z.number().nullable(),
          }),
        ),
        runs: z.array(
          z.object({ id: z.number().int(), origin: z.string(), startedAtMs: z.number(), report: ingestReportSchema }),
        ),
        deadLetters: z.number().int(),
      }),
    ),
  deadLetters: query()
    .input(z.object({ cursor: cursorSchema, limit: pageLimitSchema }))
    .output(z.object({ items: z.array(deadLetterSchema), nextCursor: z.string().nullable(), total: z.number().int() })),
  /** A file from the person's own machine, in pieces of at most 512 KiB (base64). */
  uploadBegin: command()
    .input(
      z.object({
        statement: statementSchema,
        name: z.string().max(255),
        format: z.string().max(64).default('auto'),
        isHistory: z.boolean().default(false),
      }),
    )
    .output(z.object({ uploadId: z.string() })),
  uploadAppend: command()
    .input(z.object({ uploadId: z.string(), offset: z.number().int().nonnegative(), base64: z.string().max(720_000) }))
    .output(z.object({ received: z.number().int() })),
  uploadFinish: command()
    .input(z.object({ uploadId: z.string() }))
    .output(ingestReportSchema),
  /** Assets, identities or a lookup list from CSV text; replaces the list whole. Answers with what could not be read. */
  importList: command('lead')
    .input(
      z.object({
        statement: statementSchema,
        kind: z.enum(['assets', 'identities', 'lookup', 'roster', 'people']),
        name: z.string().max(64),
        csv: z.string().max(900_000),
      }),
    )
    .output(
      decisionResultSchema.extend({
        rows: z.number().int(),
        problems: z.array(z.object({ line: z.number().int(), message: z.string() })),
      }),
    ),
};

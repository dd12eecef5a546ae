import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import {
  deadLetterSchema,
  formatCountsSchema,
  ingestReportSchema,
  lettersLetGoSchema,
  REJECT_REASONS,
} from '../model/ingest.ts';
import { mappingInForceSchema, mappingProblemSchema } from '../model/mapping.ts';
import { sourceDraftSchema, sourceHealthSchema, sourcePreviewSchema, sourceSchema } from '../model/source.ts';
import { command, cursorSchema, pageLimitSchema, query } from './base.ts';

/** Which of the dead letters; what is null does not narrow. */
export const deadLetterFilterSchema = z.object({
  origin: z.string().max(1_000).nullable().default(null),
  reason: z.enum(REJECT_REASONS).nullable().default(null),
  text: z.string().max(200).nullable().default(null),
  /** Only those of which a mapping may make something that was added or changed since they were last read. */
  mayReadNow: z.boolean().default(false),
});

const savedSourceSchema = decisionResultSchema.extend({
  id: z.number().int(),
  /** Of a source that is pushed to: shown this once, only its digest is kept. */
  token: z.string().nullable(),
});

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
        /** Mapping files of the workspace: those in force, and what is wrong with any that lies there. */
        mappings: z.object({ inForce: z.array(mappingInForceSchema), problems: z.array(mappingProblemSchema) }),
      }),
    ),
  /** Live sources with how they do, by name. */
  list: query()
    .input(z.object({}))
    .output(z.array(z.object({ source: sourceSchema, health: sourceHealthSchema }))),
  /** What a form for sources needs: the formats that can be named and the folders that may be read. */
  choices: query('lead')
    .input(z.object({}))
    .output(
      z.object({
        formats: z.array(z.object({ name: z.string(), label: z.string() })),
        /** Files and folders of sources must lie below one of these. The machine's owner adds to them. */
        folders: z.array(z.string()),
        /** Names of files in the workspace's `tls` folder. */
        tlsFiles: z.array(z.string()),
        /** False where this host runs no live sources. */
        runsHere: z.boolean(),
      }),
    ),
  /** Makes a source, or changes the one of `id`. `version` is the one that the person saw. */
  save: command('lead')
    .input(
      z.object({
        statement: statementSchema,
        id: z.number().int().nullable(),
        version: z.number().int().nullable(),
        draft: sourceDraftSchema,
        /** Password or key to ask with; null leaves the one that is kept, for the same server only. Never given back. */
        secret: z.string().max(10_000).nullable().default(null),
      }),
    )
    .output(savedSourceSchema),
  /** Ends a source. Its alerts and its counts stay. */
  remove: command('lead')
    .input(z.object({ statement: statementSchema, id: z.number().int() }))
    .output(decisionResultSchema),
  /** A new token; the one before stops at once. */
  newToken: command('lead')
    .input(z.object({ statement: statementSchema, id: z.number().int() }))
    .output(savedSourceSchema),
  /** Tries the settings for at most `waitSeconds` and shows the first records as they would be stored. Stores nothing. */
  test: query('lead')
    .input(
      z.object({
        draft: sourceDraftSchema,
        /** Of a source that is there already, so that its secret can be used, at its own server. */
        id: z.number().int().nullable().default(null),
        secret: z.string().max(10_000).nullable().default(null),
        /** Text that somebody pasted, read instead of what the source would give. */
        sample: z.string().max(500_000).nullable().default(null),
        waitSeconds: z.number().int().min(1).max(60).default(15),
      }),
    )
    .output(
      z.object({
        /** One sentence: what was reached, or what went wrong and what to do. */
        message: z.string(),
        isReached: z.boolean(),
        records: z.array(sourcePreviewSchema),
      }),
    ),
  deadLetters: query()
    .input(z.object({ filter: deadLetterFilterSchema.prefault({}), cursor: cursorSchema, limit: pageLimitSchema }))
    .output(
      z.object({
        items: z.array(deadLetterSchema),
        nextCursor: z.string().nullable(),
        /** All that match. */
        total: z.number().int(),
        /** How many there are by origin and reason, whatever the filter. */
        counts: z.array(z.object({ origin: z.string(), reason: z.enum(REJECT_REASONS), count: z.number().int() })),
        /** What was let go for room, by origin. */
        letGo: z.array(lettersLetGoSchema.extend({ origin: z.string() })),
        /** How many may be read now because a mapping was added or changed, whatever the filter; null when none. */
        mayReadNow: z.object({ count: z.number().int(), mappings: z.array(mappingInForceSchema) }).nullable(),
      }),
    ),
  /** Reads dead letters again, as `format` or by content. What reads now is stored and leaves the list. */
  readAgain: command()
    .input(
      z.object({
        statement: statementSchema,
        /** These, or with null everything that matches `filter`. */
        ids: z.array(z.number().int()).max(1_000).nullable(),
        filter: deadLetterFilterSchema.prefault({}),
        format: z.string().max(64).default('auto'),
        /** The text of one letter as somebody mended it; only with exactly one id. */
        text: z.string().max(65_536).nullable().default(null),
      }),
    )
    .output(decisionResultSchema.extend({ report: ingestReportSchema, left: z.number().int() })),
  /** Takes letters off the list that nobody needs. */
  discard: command('lead')
    .input(
      z.object({
        statement: statementSchema,
        ids: z.array(z.number().int()).max(1_000).nullable(),
        filter: deadLetterFilterSchema.prefault({}),
      }),
    )
    .output(decisionResultSchema),
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

import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { personSchema } from '../model/people.ts';
import { dueSoonSchema } from '../model/policy.ts';
import { storageRunSchema, storageStatusSchema } from '../model/storage.ts';
import { command, query } from './base.ts';

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
        /** Null while the sample is being made. */
        dueSoonMs: dueSoonSchema.nullable(),
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
  /** What the originals take on the disk, what the storage policy drops next, and what is held by what. */
  storage: query('lead').input(z.object({})).output(storageStatusSchema),
  /** Keeps the storage policy now, some seconds of it; call again until `isDone`. Every call may be made twice. */
  tidyStorage: command('admin')
    .input(z.object({ statement: statementSchema }))
    .output(storageRunSchema),
};

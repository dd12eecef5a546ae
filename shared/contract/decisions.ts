import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import { entitySchema, escalationSchema, noteSchema, selectionSchema } from '../model/queue.ts';
import { dispositionSchema, tierSchema } from '../model/vocabulary.ts';
import { command, query } from './base.ts';

const onSelection = z.object({ statement: statementSchema, selection: selectionSchema });

/** Everything that a person does to items. Each answers with a decision that `undo` takes back whole. */
export const decisionsContract = {
  acknowledge: command().input(onSelection).output(decisionResultSchema),
  /** Own it; `personId` null is "release it to the pool". Giving to another person is a lead's. */
  assign: command()
    .input(onSelection.extend({ personId: z.string().max(64).nullable() }))
    .output(decisionResultSchema),
  dispose: command()
    .input(onSelection.extend({ disposition: dispositionSchema, reason: z.string().trim().min(3).max(4000) }))
    .output(decisionResultSchema),
  reopen: command()
    .input(onSelection.extend({ reason: z.string().trim().min(3).max(4000) }))
    .output(decisionResultSchema),
  escalate: command()
    .input(
      z.object({
        statement: statementSchema,
        id: z.number().int(),
        version: z.number().int(),
        /** Null is "the next tier". */
        toTier: tierSchema.nullable().default(null),
        question: z.string().trim().min(5).max(4000),
      }),
    )
    .output(decisionResultSchema),
  hold: command()
    .input(onSelection.extend({ untilMs: z.number().int() }))
    .output(decisionResultSchema),
  /** "Not now": counted on the item, never on the person; the third sends it up a tier. */
  notNow: command()
    .input(z.object({ statement: statementSchema, id: z.number().int(), version: z.number().int() }))
    .output(decisionResultSchema),
  tag: command()
    .input(onSelection.extend({ tag: z.string().trim().min(1).max(64), remove: z.boolean().default(false) }))
    .output(decisionResultSchema),
  note: command()
    .input(onSelection.extend({ text: z.string().trim().min(1).max(20_000) }))
    .output(decisionResultSchema.extend({ note: noteSchema.nullable() })),
  /** Puts open items together into one of them, which keeps its title, state and owner. Ids of the others lead there. */
  join: command()
    .input(
      z.object({
        statement: statementSchema,
        into: z.object({ id: z.number().int(), version: z.number().int() }),
        items: z
          .array(z.object({ id: z.number().int(), version: z.number().int() }))
          .min(1)
          .max(200),
      }),
    )
    .output(decisionResultSchema),
  /**
   * Takes alerts out of an open item into one of their own, with the same state and owner: those that are named, or all
   * about one of its things, which then also takes what comes in about it later.
   */
  split: command()
    .input(
      z
        .object({
          statement: statementSchema,
          id: z.number().int(),
          version: z.number().int(),
          alertIds: z.array(z.number().int()).max(500).default([]),
          entity: entitySchema.nullable().default(null),
        })
        .refine(({ alertIds, entity }) => (alertIds.length === 0) !== (entity === null), {
          error: 'Name alerts, or one thing that the item is about.',
        }),
    )
    .output(decisionResultSchema.extend({ groupId: z.number().int() })),
  /** Takes back one decision whole, if nobody has decided on its items since. Undoing an undo is redo. */
  undo: command()
    .input(z.object({ statement: statementSchema, decisionId: z.number().int() }))
    .output(decisionResultSchema),
};

export const escalationsContract = {
  list: query()
    .input(z.object({ state: z.enum(['open', 'all']).default('open'), tier: tierSchema.nullable().default(null) }))
    .output(z.array(escalationSchema)),
  accept: command()
    .input(z.object({ statement: statementSchema, id: z.number().int() }))
    .output(decisionResultSchema),
  answer: command()
    .input(z.object({ statement: statementSchema, id: z.number().int(), answer: z.string().trim().min(3).max(8000) }))
    .output(decisionResultSchema),
  /** Gives it back to the tier that asked, with a reason. */
  return: command()
    .input(z.object({ statement: statementSchema, id: z.number().int(), reason: z.string().trim().min(3).max(4000) }))
    .output(decisionResultSchema),
};

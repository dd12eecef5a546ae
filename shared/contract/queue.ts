import { z } from 'zod';
import { decisionResultSchema, statementSchema } from '../model/decision.ts';
import {
  childAlertSchema,
  groupDetailSchema,
  groupEntitySchema,
  queueFilterSchema,
  queueItemSchema,
  queueSortSchema,
  savedViewSchema,
} from '../model/queue.ts';
import { command, cursorSchema, pageLimitSchema, query } from './base.ts';

const facetSchema = z.object({ value: z.string(), n: z.number().int() });

export const queueContract = {
  /** A page of groups. Keyset paging: give back `nextCursor` to go on; a cursor is bound to its sort. */
  list: query()
    .input(
      z.object({
        filter: queueFilterSchema,
        sort: queueSortSchema.default('priority'),
        cursor: cursorSchema,
        limit: pageLimitSchema,
      }),
    )
    .output(
      z.object({
        items: z.array(queueItemSchema),
        nextCursor: z.string().nullable(),
        /** How many match in all; null when that is not kept for this filter and would have to be counted beyond 10,000. */
        total: z.number().int().nullable(),
        seq: z.number().int(),
        asOfMs: z.number(),
      }),
    ),
  /** Counts beside each facet, from kept counts, for the state that is looked at. */
  facets: query()
    .input(z.object({ state: z.enum(['open', 'closed', 'all']).default('open') }))
    .output(
      z.object({
        severities: z.array(facetSchema),
        statuses: z.array(facetSchema),
        tiers: z.array(facetSchema),
        products: z.array(facetSchema),
        assignees: z.array(facetSchema),
        priorityLevels: z.array(facetSchema),
        total: z.number().int(),
        mine: z.number().int(),
      }),
    ),
  /** What a decision over everything that matches would cover: shown, then named in the statement. */
  prepare: query()
    .input(z.object({ filter: queueFilterSchema, exceptIds: z.array(z.number().int()).max(1000).default([]) }))
    .output(z.object({ count: z.number().int(), digest: z.string() })),
  /** The item to work on next for this person, and why this one. */
  next: query()
    .input(z.object({}))
    .output(z.object({ item: queueItemSchema.nullable(), why: z.string() })),
  get: query()
    .input(z.object({ id: z.number().int() }))
    .output(groupDetailSchema),
  alerts: query()
    .input(z.object({ id: z.number().int(), cursor: cursorSchema, limit: pageLimitSchema }))
    .output(z.object({ alerts: z.array(childAlertSchema), nextCursor: z.string().nullable() })),
  /** The things that a group of many is about: the most severe first, then the most frequent. */
  entities: query()
    .input(
      // The place in the list names the last thing, and names may be long.
      z.object({ id: z.number().int(), cursor: z.string().max(4000).nullable().default(null), limit: pageLimitSchema }),
    )
    .output(z.object({ entities: z.array(groupEntitySchema), nextCursor: z.string().nullable() })),
  views: query().input(z.object({})).output(z.array(savedViewSchema)),
  saveView: command()
    .input(
      z.object({
        statement: statementSchema,
        id: z.number().int().nullable(),
        name: z.string().trim().min(1).max(80),
        filter: queueFilterSchema,
        sort: queueSortSchema,
        isShared: z.boolean(),
      }),
    )
    .output(savedViewSchema),
  deleteView: command()
    .input(z.object({ statement: statementSchema, id: z.number().int() }))
    .output(decisionResultSchema),
};

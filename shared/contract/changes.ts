import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { query } from './base.ts';

/** Kinds of things that one transaction changed. */
export const changeKindSchema = z.enum([
  'group',
  'alert',
  'escalation',
  'note',
  'view',
  'rule',
  'roster',
  'lists',
  'source',
  'workspace',
  'band',
]);

export const changesContract = {
  /** Rows of the feed after `seq`, one for each transaction. `resync` when the feed no longer reaches back that far. */
  since: query('anyone')
    .input(z.object({ seq: z.number().int(), limit: z.number().int().min(1).max(1000).default(200) }))
    .output(
      z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('rows'),
          rows: z.array(
            z.object({
              seq: z.number().int(),
              kinds: z.array(changeKindSchema),
              firstId: z.number().nullable(),
              lastId: z.number().nullable(),
            }),
          ),
          seq: z.number().int(),
        }),
        z.object({ kind: z.literal('resync'), seq: z.number().int() }),
      ]),
    ),
  /** Pokes with the newest seq, at most ten a second. What changed is pulled with `since`. */
  subscribe: query('anyone')
    .input(z.object({}))
    .output(eventIterator(z.object({ seq: z.number().int() }))),
};

import { z } from 'zod';

/** How far something is read, and what has to be known to go on from there. */
export const readPositionSchema = z.object({
  /** Bytes as they lie in the source. */
  offset: z.number().int().nonnegative(),
  /** Line of the next byte, from 1. */
  line: z.number().int(),
  /** Null while too little has come to tell. */
  encoding: z.enum(['utf8', 'utf16le', 'utf16be']).nullable(),
  container: z.enum(['records', 'csv', 'zeek']).nullable(),
  /** First lines of the table that the next bytes are rows of. */
  head: z.string().nullable(),
  around: z.array(z.number()).nullable(),
  /** On the way to the end of something that was too long. */
  isPassing: z.boolean(),
});
export type ReadPosition = z.infer<typeof readPositionSchema>;

/** Content that begins anew may be rows of the table that came before: copying and truncating keeps no head. */
export function startPosition(before: ReadPosition | null): ReadPosition {
  const head = before?.head ?? null;
  return { offset: 0, line: 1, encoding: null, container: null, head, around: null, isPassing: false };
}

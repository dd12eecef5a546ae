import { z } from 'zod';

/** What is wrong with a mapping file, and where. Lines and columns count from 1. */
export const mappingProblemSchema = z.object({
  /** Name of the file in the folder of mappings; for a problem of the folder, its own. */
  file: z.string(),
  level: z.enum(['error', 'warning']),
  line: z.number().int(),
  column: z.number().int(),
  message: z.string(),
  /** True when the file cannot be used and what it said before goes on being in force. */
  isOldInForce: z.boolean(),
});
export type MappingProblem = z.infer<typeof mappingProblemSchema>;

/** A mapping of the workspace that is in force. */
export const mappingInForceSchema = z.object({
  name: z.string(),
  label: z.string(),
  file: z.string(),
  sinceMs: z.number(),
});
export type MappingInForce = z.infer<typeof mappingInForceSchema>;

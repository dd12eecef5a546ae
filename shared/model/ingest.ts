import { z } from 'zod';

export const REJECT_REASONS = [
  'invalid_json',
  'truncated',
  'too_long',
  'too_deep',
  'invalid_utf8',
  'not_an_object',
  'unknown_format',
  'invalid_record',
  'unreadable',
] as const;

/** A record that could not be read: where it was, why, and its text (cut at 64 KiB). */
export const deadLetterSchema = z.object({
  id: z.number().int(),
  atMs: z.number(),
  origin: z.string(),
  /** 1-based line in the file, counted before decompression ends; null for a socket. */
  line: z.number().int().nullable(),
  /** 1-based column of the fault in the text, when the reader knows it. */
  column: z.number().int().nullable(),
  reason: z.enum(REJECT_REASONS),
  message: z.string(),
  text: z.string(),
  bytes: z.number().int(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export const formatCountsSchema = z.object({
  read: z.number().int(),
  stored: z.number().int(),
  updated: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.number().int(),
  skipped: z.number().int(),
});

/** read = stored + updated + duplicates + rejected. `skipped` records are no alerts and are not part of read. */
export const ingestReportSchema = formatCountsSchema.extend({
  autoClosed: z.number().int(),
  queued: z.number().int(),
  elapsedMs: z.number(),
  byFormat: z.record(z.string(), formatCountsSchema),
  /** Files that could not be opened, with what to do. */
  problems: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type IngestReport = z.infer<typeof ingestReportSchema>;

/** Letters that were let go for room, the oldest first. `why` goes on "because …". */
export const lettersLetGoSchema = z.object({ letters: z.number().int(), atMs: z.number(), why: z.string() });
export type LettersLetGo = z.infer<typeof lettersLetGoSchema>;

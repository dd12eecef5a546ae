import { z } from 'zod';
import { SEVERITIES, severitySchema } from './vocabulary.ts';

/** What keeps an original although its age or the size of the whole would drop it. */
export const HOLDERS = ['open_item', 'escalation', 'true_positive', 'audit', 'unclear'] as const;
export const holderSchema = z.enum(HOLDERS);
export type Holder = z.infer<typeof holderSchema>;

/** `age`: kept longer than its severity is. `size`: all originals together are larger than they may be. */
export const dropCauseSchema = z.enum(['age', 'size']);
export type DropCause = z.infer<typeof dropCauseSchema>;

const daysSchema = z.number().int().min(1).max(36_500);
const whySchema = z.string().min(10);

/**
 * How long originals and the rows around them are kept. An organisation may change it without touching code; what
 * cannot be changed stands under `kept` with its reason.
 */
export const storagePolicySchema = z.strictObject({
  id: z.literal('storage'),
  version: z.number().int().positive(),
  basis: z.enum(['law', 'practitioner', 'default']),
  note: z.string(),
  originals: z.strictObject({
    /** Full days from the day on which it was stored; null keeps it without an end. */
    keepDays: z.strictObject({
      unknown: daysSchema.nullable(),
      informational: daysSchema.nullable(),
      low: daysSchema.nullable(),
      medium: daysSchema.nullable(),
      high: daysSchema.nullable(),
      critical: daysSchema.nullable(),
    }),
    size: z.strictObject({
      /** Of all originals as they lie in the database; null sets no limit. */
      maxBytes: z.number().int().min(1_000_000).nullable(),
      /** Severities that may go for size, the first first, each oldest first. One that is left out never goes for size. */
      order: z.array(severitySchema).refine((order) => new Set(order).size === order.length, {
        error: 'names a severity twice',
      }),
      /** Nothing younger goes for size. */
      keepDays: daysSchema,
    }),
  }),
  purged: z.strictObject({
    change_feed: z.strictObject({ days: daysSchema, why: whySchema }),
    ingest_run: z.strictObject({ days: daysSchema.nullable(), why: whySchema }),
    dead_letter: z.strictObject({
      days: daysSchema.nullable(),
      /** Of all records that could not be read; null sets no limit. */
      maxBytes: z.number().int().min(1_000_000).nullable(),
      /** Of those of one source or file, so that one that sends rubbish does not push out what others sent. */
      maxBytesOfSource: z.number().int().min(100_000).nullable(),
      why: whySchema,
    }),
  }),
  kept: z.strictObject({
    alert: whySchema,
    alert_revision: whySchema,
    alert_group: whySchema,
    dedupe: whySchema,
    dropped_block: whySchema,
  }),
});
export type StoragePolicy = z.infer<typeof storagePolicySchema>;

const amountSchema = z.object({ blocks: z.number().int(), records: z.number().int(), storedBytes: z.number().int() });

/** What lies on the disk, what goes next, and what is held. */
export const storageStatusSchema = z.object({
  asOfMs: z.number(),
  policy: z.object({
    version: z.number().int(),
    keepDays: z.record(z.enum(SEVERITIES), z.number().int().nullable()),
    maxBytes: z.number().int().nullable(),
    sizeOrder: z.array(severitySchema),
    sizeKeepDays: z.number().int(),
    note: z.string(),
  }),
  /** Of the whole database. `freeBytes` will be given back to the disk; null where the server sees to that. */
  file: z.object({ bytes: z.number().int(), freeBytes: z.number().int().nullable() }),
  originals: amountSchema.extend({ rawBytes: z.number().int() }),
  /** By severity and by the month in which it was stored ("2026-11"), newest month first. */
  byMonth: z.array(amountSchema.extend({ month: z.string(), severity: severitySchema, rawBytes: z.number().int() })),
  /** What the policy drops when it runs next, before it is looked at what is held. */
  due: z.array(amountSchema.extend({ severity: severitySchema, throughDay: z.string(), cause: dropCauseSchema })),
  /** Bytes above the limit that nothing in the order can make good. */
  overBytes: z.number().int(),
  /** Due, and kept because something refers to it: whole blocks, and single originals out of dropped ones. */
  held: z.array(
    z.object({
      by: holderSchema,
      blocks: z.number().int(),
      blockBytes: z.number().int(),
      originals: z.number().int(),
      originalBytes: z.number().int(),
    }),
  ),
  /** Text that could not be read, with what the policy lets it take; null sets no limit. */
  letters: z.object({
    letters: z.number().int(),
    bytes: z.number().int(),
    maxBytes: z.number().int().nullable(),
    maxBytesOfSource: z.number().int().nullable(),
    /** Of the origins that are still known, what was let go for room. */
    letGo: z.number().int(),
  }),
  /** Blocks that hold few records and will be merged. */
  smallBlocks: z.number().int(),
  lastRun: z
    .object({ atMs: z.number(), blocks: z.number().int(), records: z.number().int(), storedBytes: z.number().int() })
    .nullable(),
  /** Since the clock leapt, nothing is dropped before this; null when it did not. */
  waitsUntilMs: z.number().nullable(),
});
export type StorageStatus = z.infer<typeof storageStatusSchema>;

/** What one call did. Call again until `isDone`. */
export const storageRunSchema = z.object({
  droppedBlocks: z.number().int(),
  droppedRecords: z.number().int(),
  droppedBytes: z.number().int(),
  /** Single originals that were copied because something refers to them. */
  keptOriginals: z.number().int(),
  /** Blocks left whole because much in them is referred to. */
  heldBlocks: z.number().int(),
  /** Small blocks that became part of larger ones. */
  mergedBlocks: z.number().int(),
  /** Bytes that the file gave back to the disk. */
  freedBytes: z.number().int(),
  isDone: z.boolean(),
});
export type StorageRun = z.infer<typeof storageRunSchema>;

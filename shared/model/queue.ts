import { z } from 'zod';
import { prioritySchema } from './priority.ts';
import { groupRuleSchema } from './rule.ts';
import { severityCorrectionSchema } from './severity-correction.ts';
import { dispositionSchema, priorityLevelSchema, severitySchema, statusSchema, tierSchema } from './vocabulary.ts';

export const entitySchema = z.object({
  kind: z.enum(['host', 'ip', 'user', 'resource', 'none']),
  value: z.string(),
});

/** Who or what closed a group. */
export const closedBySchema = z.object({
  kind: z.enum(['person', 'rule', 'source']),
  /** Person id, rule id, or product. */
  id: z.string(),
  name: z.string(),
  ruleVersion: z.number().int().nullable(),
});

/** One row of the queue: an alert group. */
export const queueItemSchema = z.object({
  id: z.number().int(),
  /** `grp_…`, what people see and type. */
  ref: z.string(),
  title: z.string(),
  severity: severitySchema,
  priorityPoints: z.number(),
  priorityLevel: priorityLevelSchema,
  entity: entitySchema,
  /**
   * Distinct things that its alerts are about. Above 1 the entity is that of the item that others were joined to; in a
   * storm it has no value, and its kind is `none` where they are of several kinds.
   */
  entityCount: z.number().int(),
  count: z.number().int(),
  firstObservedAtMs: z.number(),
  lastObservedAtMs: z.number(),
  firstReceivedAtMs: z.number(),
  lastReceivedAtMs: z.number(),
  product: z.string(),
  sourceRuleId: z.string(),
  status: statusSchema,
  disposition: dispositionSchema.nullable(),
  tier: tierSchema,
  assigneeId: z.string().nullable(),
  dueAtMs: z.number().nullable(),
  holdUntilMs: z.number().nullable(),
  site: z.string().nullable(),
  tags: z.array(z.string()),
  closedAtMs: z.number().nullable(),
  closedBy: closedBySchema.nullable(),
  closeReason: z.string().nullable(),
  /** What came in that nobody who works on it has looked at yet: a sentence; null when there is nothing. */
  news: z.string().nullable(),
  /** Alerts that came in since a person closed it and that brought nothing new. */
  laterCount: z.number().int(),
  /** Raised by every decision; a command names the version it was based on. */
  version: z.number().int(),
});
export type QueueItem = z.infer<typeof queueItemSchema>;

/** Empty lists mean "any". All conditions must hold. */
export const queueFilterSchema = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  severities: z.array(severitySchema).max(6).default([]),
  statuses: z.array(statusSchema).max(6).default([]),
  tiers: z.array(tierSchema).max(4).default([]),
  products: z.array(z.string().max(100)).max(50).default([]),
  priorityLevels: z.array(priorityLevelSchema).max(4).default([]),
  dispositions: z.array(dispositionSchema).max(5).default([]),
  closedByKinds: z
    .array(z.enum(['person', 'rule', 'source']))
    .max(3)
    .default([]),
  /** A person's id, `me`, or `none` for unowned. */
  assignee: z.string().max(64).nullable().default(null),
  sourceRuleId: z.string().max(500).nullable().default(null),
  closingRuleId: z.string().max(200).nullable().default(null),
  entityValue: z.string().max(500).nullable().default(null),
  tag: z.string().max(64).nullable().default(null),
  site: z.string().max(100).nullable().default(null),
  /** Words, addresses, hosts, users or hashes, searched in everything that the alerts of the group say. */
  text: z.string().max(500).nullable().default(null),
});
export type QueueFilter = z.infer<typeof queueFilterSchema>;
export const ANY_OPEN: QueueFilter = queueFilterSchema.parse({});

/** `priority` is the work order; `newest` and `closedAt` are for looking back. */
export const queueSortSchema = z.enum(['priority', 'newest', 'oldest', 'closedAt']);
export type QueueSort = z.infer<typeof queueSortSchema>;

/** What a decision is about: items named one by one, or everything that matches a filter, of which the person saw the count. */
export const selectionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('items'),
    items: z
      .array(
        z.object({
          id: z.number().int(),
          version: z.number().int(),
          /** How many alerts of it the person saw: closing covers these. Left out, it covers what is there. */
          count: z.number().int().positive().optional(),
        }),
      )
      .min(1)
      .max(1000),
  }),
  z.object({
    kind: z.literal('matching'),
    filter: queueFilterSchema,
    exceptIds: z.array(z.number().int()).max(1000).default([]),
    /** The count that the person saw; the command is refused as a conflict when it is more than a tenth off. */
    expectedCount: z.number().int().nonnegative(),
  }),
]);
export type Selection = z.infer<typeof selectionSchema>;

export const noteSchema = z.object({
  id: z.number().int(),
  atMs: z.number(),
  authorId: z.string(),
  text: z.string(),
});
export type Note = z.infer<typeof noteSchema>;

/** One line of a group's timeline: a decision by a person or by a rule. */
export const timelineEntrySchema = z.object({
  decisionId: z.number().int().nullable(),
  atMs: z.number(),
  actor: z.object({ kind: z.enum(['person', 'rule', 'system', 'source']), id: z.string(), name: z.string() }),
  kind: z.string(),
  /** One sentence: "Closed as false positive: scanner in maintenance window". */
  text: z.string(),
  undone: z.boolean(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** `withdrawn`: whoever escalated took it back by undo before anybody accepted it. */
export const ESCALATION_STATUSES = ['open', 'accepted', 'answered', 'returned', 'withdrawn'] as const;
export const escalationSchema = z.object({
  id: z.number().int(),
  groupId: z.number().int(),
  groupTitle: z.string(),
  severity: severitySchema,
  fromTier: tierSchema,
  toTier: tierSchema,
  question: z.string(),
  askedBy: z.string(),
  askedAtMs: z.number(),
  dueAtMs: z.number().nullable(),
  status: z.enum(ESCALATION_STATUSES),
  acceptedBy: z.string().nullable(),
  backupId: z.string().nullable(),
  answer: z.string().nullable(),
  answeredBy: z.string().nullable(),
  answeredAtMs: z.number().nullable(),
});
export type Escalation = z.infer<typeof escalationSchema>;

/** What is known of one thing that the alert names. Null is "unknown", and is shown as such. */
export const entityFactSchema = z.object({
  kind: z.enum(['host', 'ip', 'user', 'resource', 'hash', 'url', 'domain', 'process']),
  value: z.string(),
  role: z.string(),
  facts: z.array(z.object({ label: z.string(), value: z.string().nullable() })),
});
export type EntityFact = z.infer<typeof entityFactSchema>;

/** One alert of a group as a line of its story. */
export const childAlertSchema = z.object({
  id: z.number().int(),
  ref: z.string(),
  title: z.string(),
  severity: severitySchema,
  severityScore: z.number().nullable(),
  /** What its product claims, where that counts as something else; null otherwise, or when its original is gone. */
  claimedSeverity: severitySchema.nullable(),
  observedAtMs: z.number(),
  receivedAtMs: z.number(),
  sourceIp: z.string().nullable(),
  destinationIp: z.string().nullable(),
  host: z.string().nullable(),
  user: z.string().nullable(),
  commandLine: z.string().nullable(),
  revision: z.number().int(),
});
export type ChildAlert = z.infer<typeof childAlertSchema>;

/** One of the things that a group of many is about, with what its alerts came to. */
export const groupEntitySchema = z.object({
  entity: entitySchema,
  count: z.number().int(),
  severity: severitySchema,
  firstObservedAtMs: z.number(),
  lastObservedAtMs: z.number(),
});
export type GroupEntity = z.infer<typeof groupEntitySchema>;

export const earlierSchema = z.object({
  /** People's dispositions of groups of the same source rule, with n. */
  counts: z.array(z.object({ disposition: dispositionSchema, n: z.number().int() })),
  n: z.number().int(),
  sinceMs: z.number().nullable(),
  recent: z.array(
    z.object({
      id: z.number().int(),
      ref: z.string(),
      title: z.string(),
      entity: entitySchema,
      disposition: dispositionSchema,
      closedAtMs: z.number(),
      closedBy: closedBySchema,
      reason: z.string().nullable(),
    }),
  ),
});

/** Everything that the detail panel shows. */
export const groupDetailSchema = z.object({
  item: queueItemSchema,
  priority: prioritySchema,
  /** One sentence: why it is here and why now. */
  why: z.string(),
  /** What happened in words. */
  story: z.string(),
  description: z.string(),
  category: z.string().nullable(),
  tactics: z.array(z.string()),
  techniques: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  rules: z.array(groupRuleSchema),
  entities: z.array(entityFactSchema),
  alerts: z.array(childAlertSchema),
  alertsNextCursor: z.string().nullable(),
  /** The first of the things that it is about, where it is about several: the most severe, then the most frequent. */
  groupEntities: z.array(groupEntitySchema),
  groupEntitiesNextCursor: z.string().nullable(),
  earlier: earlierSchema,
  notes: z.array(noteSchema),
  timeline: z.array(timelineEntrySchema),
  escalations: z.array(escalationSchema),
  /** Under which another severity than the claimed one counted for alerts of it, the newest first. */
  severityCorrections: z.array(severityCorrectionSchema),
});
export type GroupDetail = z.infer<typeof groupDetailSchema>;

export const savedViewSchema = z.object({
  id: z.number().int(),
  name: z.string().min(1).max(80),
  filter: queueFilterSchema,
  sort: queueSortSchema,
  isShared: z.boolean(),
  ownerId: z.string(),
});
export type SavedView = z.infer<typeof savedViewSchema>;

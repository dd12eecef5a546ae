import { z } from 'zod';
import { ingestReportSchema, lettersLetGoSchema } from './ingest.ts';

/** How alerts come in by themselves. A file that a person hands over is no source. */
export const SOURCE_KINDS = ['file', 'folder', 'syslog', 'http', 'elasticsearch'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

const portSchema = z.number().int().min(0).max(65_535);
const hostSchema = z.string().trim().min(1).max(255);
/** Name of a file of the workspace's `tls` folder: keys never pass through the contract. */
const tlsSchema = z.object({
  certFile: z.string().min(1).max(255),
  keyFile: z.string().min(1).max(255),
  /** Senders must show a certificate that this authority signed; null takes any sender. */
  clientCaFile: z.string().min(1).max(255).nullable().default(null),
});

/** One file that a product appends to, followed through rotation and truncation. */
const fileSettingsSchema = z.object({
  kind: z.literal('file'),
  path: z.string().min(1).max(4_096),
  /** False begins at the file's end when it is first seen. */
  fromStart: z.boolean().default(true),
});

/** A folder in which whole files appear. */
const folderSettingsSchema = z.object({
  kind: z.literal('folder'),
  path: z.string().min(1).max(4_096),
  /** Names to take, with `*` and `?`. */
  pattern: z.string().min(1).max(255).default('*'),
});

const syslogSettingsSchema = z.object({
  kind: z.literal('syslog'),
  transport: z.enum(['udp', 'tcp', 'tls']),
  host: hostSchema.default('127.0.0.1'),
  port: portSchema,
  tls: tlsSchema.nullable().default(null),
});

/** Pushed over HTTP: Splunk HEC, JSON and NDJSON. Sources on one address share it; the token says whose it is. */
const httpSettingsSchema = z.object({
  kind: z.literal('http'),
  host: hostSchema.default('127.0.0.1'),
  port: portSchema,
  tls: tlsSchema.nullable().default(null),
});

/** Asked for at intervals: Elasticsearch or OpenSearch. */
const elasticsearchSettingsSchema = z.object({
  kind: z.literal('elasticsearch'),
  url: z
    .url({ protocol: /^https?$/, error: 'Write an address that begins with https:// or http://.' })
    .max(2_048)
    // Everybody on the team may read settings.
    .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'Put login and password into their fields, not the address.'),
  index: z.string().min(1).max(500),
  /** A query in the query DSL, as JSON text; empty takes everything. */
  query: z.string().max(20_000).default(''),
  timestampField: z.string().min(1).max(200).default('@timestamp'),
  everySeconds: z.number().int().min(1).max(86_400).default(30),
  auth: z.enum(['none', 'api_key', 'basic']).default('none'),
  /** Of an account at that server, for `basic`. */
  login: z.string().max(200).nullable().default(null),
  /** Name of a file of the workspace's `tls` folder that holds the authority to trust. */
  caFile: z.string().min(1).max(255).nullable().default(null),
});

export const sourceSettingsSchema = z.discriminatedUnion('kind', [
  fileSettingsSchema,
  folderSettingsSchema,
  syslogSettingsSchema,
  httpSettingsSchema,
  elasticsearchSettingsSchema,
]);
export type SourceSettings = z.infer<typeof sourceSettingsSchema>;
export type SettingsOf<K extends SourceKind> = Extract<SourceSettings, { kind: K }>;

/** What a person sets. */
export const sourceDraftSchema = z.object({
  name: z.string().trim().min(1).max(120),
  settings: sourceSettingsSchema,
  /** `auto`, or the name of a format. */
  format: z.string().min(1).max(64).default('auto'),
  site: z.string().trim().min(1).max(120).nullable().default(null),
  isEnabled: z.boolean().default(true),
  /** Minutes without an alert after which the source counts as silent; null goes by its own habit, 0 never asks. */
  quietAfterMinutes: z.number().int().min(0).max(525_600).nullable().default(null),
});
export type SourceDraft = z.infer<typeof sourceDraftSchema>;

export const sourceSchema = sourceDraftSchema.extend({
  id: z.number().int(),
  version: z.number().int(),
  createdAtMs: z.number(),
  /** The last characters of its token, to tell tokens apart; null where none was made. */
  tokenHint: z.string().nullable(),
});
export type Source = z.infer<typeof sourceSchema>;

/** `waiting`: runs and nothing came yet. `held`: the store is slow and senders wait. */
export const SOURCE_STATES = ['off', 'starting', 'waiting', 'running', 'held', 'failing', 'silent'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

export const sourceHealthSchema = z.object({
  state: z.enum(SOURCE_STATES),
  /** One sentence: what is wrong and what to do; null while nothing is. */
  problem: z.string().nullable(),
  problemAtMs: z.number().nullable(),
  lastRecordAtMs: z.number().nullable(),
  lastAlertAtMs: z.number().nullable(),
  /** Records in the last full hour and in this one. */
  lastHour: z.number().int(),
  thisHour: z.number().int(),
  /** Bytes, documents or datagrams that are known to wait; null where the sender alone knows. */
  behind: z.number().nullable(),
  /** Where a listener really listens: `127.0.0.1:5514`. */
  listensOn: z.string().nullable(),
  connections: z.number().int().nullable(),
  /** Records that were lost before they could be stored, such as datagrams that nobody could hold. */
  dropped: z.number().int(),
  counts: ingestReportSchema.pick({
    read: true,
    stored: true,
    updated: true,
    duplicates: true,
    rejected: true,
    skipped: true,
  }),
  /** Of the rejected ones, what is kept no longer because it was too much; null when all is. */
  letGo: lettersLetGoSchema.nullable(),
});
export type SourceHealth = z.infer<typeof sourceHealthSchema>;

/** What one record of a source would become, for the test before it is set up. */
export const sourcePreviewSchema = z.object({
  outcome: z.enum(['alert', 'skip', 'reject']),
  format: z.string().nullable(),
  /** Why it is skipped or rejected. */
  why: z.string().nullable(),
  title: z.string().nullable(),
  severity: z.string().nullable(),
  observedAtMs: z.number().nullable(),
  ruleName: z.string().nullable(),
  entity: z.string().nullable(),
  warnings: z.array(z.string()),
  /** The beginning of the record as it came. */
  text: z.string(),
});
export type SourcePreview = z.infer<typeof sourcePreviewSchema>;

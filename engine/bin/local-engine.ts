import { createConnection, type Socket } from 'node:net';
import { type ClientLink, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { z } from 'zod';
import { EngineError, ERROR_CODES } from '../../shared/model/errors.ts';
import { type IngestReport, ingestReportSchema } from '../../shared/model/ingest.ts';
import type { EngineClient } from '../serve/in-process.ts';
import type { IngestProgress, IngestRequest } from '../writer.ts';
import { type LineChannel, lineChannel } from './line-channel.ts';

export interface ListImport {
  kind: 'assets' | 'identities' | 'lookup' | 'roster' | 'people';
  name: string;
  csv: string;
}

export interface ListImportResult {
  rows: number;
  problems: { line: number; message: string }[];
  summary: string;
}

/** The process that holds the folder went away. Asking again finds the next one, or does the work here. */
export class LostHolder extends EngineError {
  constructor() {
    super('unavailable', 'The process that held the data folder ended before it was done. Run this again.');
  }
}

/** One way to an engine: in this process or in another. */
export interface EngineAccess {
  link: ClientLink<Record<never, never>>;
  ingest(request: IngestRequest, onProgress?: IngestProgress): Promise<IngestReport>;
  importList(list: ListImport): Promise<ListImportResult>;
  /** A one-time link into the server that runs here; for one person where people are known by their links. Throws `unavailable` when none runs. */
  mintLink(personId: string | null): Promise<string>;
  close(): Promise<void>;
}

/** What a command works with: the contract, and what only somebody on this machine may ask. */
export interface LocalEngine extends Omit<EngineAccess, 'link'> {
  client: EngineClient;
}

/** What the process that holds the folder is asked to do, beside calls of the contract. */
export const handoverRequestSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rpc') }),
  z.object({
    kind: z.literal('ingest'),
    request: z.object({
      paths: z.array(z.string()),
      format: z.string(),
      isHistory: z.boolean(),
      site: z.string().nullable(),
      origin: z.string().optional(),
    }),
  }),
  z.object({
    kind: z.literal('importList'),
    list: z.object({
      kind: z.enum(['assets', 'identities', 'lookup', 'roster', 'people']),
      name: z.string(),
      csv: z.string(),
    }),
  }),
  z.object({ kind: z.literal('mintLink'), personId: z.string().nullable() }),
]);
export type HandoverRequest = z.infer<typeof handoverRequestSchema>;

const listResultSchema = z.object({
  rows: z.number(),
  problems: z.array(z.object({ line: z.number(), message: z.string() })),
  summary: z.string(),
});

export const handoverAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), bytesRead: z.number(), report: ingestReportSchema }),
  z.object({ kind: z.literal('done'), value: z.unknown() }),
  z.object({ kind: z.literal('refused'), code: z.enum(ERROR_CODES), message: z.string() }),
]);
export type HandoverAnswer = z.infer<typeof handoverAnswerSchema>;

function connectTo(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => reject(new LostHolder()));
  });
}

/** One request over one connection. The connection's end before an answer is an error, never an empty answer. */
async function ask<T>(
  path: string,
  request: HandoverRequest,
  schema: z.ZodType<T>,
  onProgress?: IngestProgress,
): Promise<T> {
  const socket = await connectTo(path);
  const channel = lineChannel(socket);
  try {
    return await new Promise<T>((resolve, reject) => {
      channel.onClose(() => reject(new LostHolder()));
      channel.onValue((value) => {
        const answer = handoverAnswerSchema.safeParse(value);
        if (!answer.success) reject(new EngineError('internal', 'The other process answered in a way not known here.'));
        else if (answer.data.kind === 'progress') onProgress?.(answer.data.bytesRead, answer.data.report);
        else if (answer.data.kind === 'refused') reject(new EngineError(answer.data.code, answer.data.message));
        else resolve(schema.parse(answer.data.value));
      });
      channel.send(request);
    });
  } finally {
    channel.close();
  }
}

/** Calls of the contract over one connection, each message a line. */
function linkOver(channel: LineChannel): ClientLink<Record<never, never>> {
  channel.send({ kind: 'rpc' } satisfies HandoverRequest);
  const port = {
    on(event: string, listener: (event?: { data: unknown }) => void): void {
      if (event === 'message') channel.onValue((data) => listener({ data }));
      else channel.onClose(() => listener());
    },
    postMessage: (message: unknown) => channel.send(message),
  };
  const link = new RPCLink({ port });
  return {
    async call(path, input, options) {
      try {
        return await link.call(path, input, options);
      } catch (thrown) {
        // Anything but an answer means that the other end is gone.
        throw thrown instanceof ORPCError ? thrown : new LostHolder();
      }
    },
  };
}

/** The engine of another process on the same folder, reached through the socket that its lock names. */
export async function connectHandover(path: string): Promise<EngineAccess> {
  const calls = lineChannel(await connectTo(path));
  return {
    link: linkOver(calls),
    ingest: (request, onProgress) =>
      ask(path, { kind: 'ingest', request: { ...request, paths: [...request.paths] } }, ingestReportSchema, onProgress),
    importList: (list) => ask(path, { kind: 'importList', list }, listResultSchema),
    mintLink: (personId) => ask(path, { kind: 'mintLink', personId }, z.string()),
    close: async () => calls.close(),
  };
}

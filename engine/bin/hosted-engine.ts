import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Actor, Handlers } from '../handlers.ts';
import type { Ports } from '../ports.ts';
import { randomUuid } from '../random-uuid.ts';
import { createDispatcher, type Dispatcher } from '../serve/router.ts';
import { openWorkspace } from '../workspace.ts';
import type { Writer } from '../writer.ts';
import type { ListImport, ListImportResult, LocalEngine } from './local-engine.ts';
import { SOURCE_RESOURCES_DIR, SOURCE_ROOT } from './resources-dir.ts';
import { TERMINAL_ID } from './terminal-session.ts';

/** Where a host's own code and files lie: the sources, or what it was bundled to. */
export interface HostCode {
  resourcesDir: string;
  version: string;
  writerWorkerUrl: URL;
  sampleWorkerUrl: URL;
  /** Of the thread that reads files ahead of the writer. */
  readerWorkerUrl: URL;
  /** Of the thread of heavy reads: backtests, previews of rules. */
  heavyReadsWorkerUrl: URL;
}

export interface HostedEngineOptions {
  dataDir: string;
  /** A PostgreSQL database in place of the file in the data folder. */
  databaseUrl: string | null;
  ports: Ports;
  /** In an empty folder a host with a screen starts with the sample, a command with one's own. */
  hasScreen: boolean;
  /** Left out by everything that runs from source. */
  code?: HostCode;
}

/** What the hosts of a terminal share: the engine, its one dispatcher, and the work of this machine's owner. */
export interface HostedEngine extends Pick<LocalEngine, 'ingest' | 'importList'> {
  handlers: Handlers;
  dispatcher: Dispatcher;
  close(): Promise<void>;
}

const TICK_EVERY_MS = 15_000;
const OWNER: Actor = { kind: 'system', id: TERMINAL_ID };

/** Opens the workspace of a data folder and puts the one dispatcher before it. Throws EngineError, saying what to do. */
export async function openHostedEngine(options: HostedEngineOptions): Promise<HostedEngine> {
  const { dataDir, databaseUrl, ports, hasScreen, code = sourceCode() } = options;
  const workspace = await openWorkspace({
    dataDir,
    databaseUrl,
    ports,
    resourcesDir: code.resourcesDir,
    version: code.version,
    // A command ends when it is done: its writer needs no thread, and nothing is due behind its back.
    writer: {
      ...(hasScreen ? { kind: 'worker' as const, workerUrl: code.writerWorkerUrl } : { kind: 'inline' as const }),
      readerUrl: code.readerWorkerUrl,
      heavyReadsUrl: code.heavyReadsWorkerUrl,
    },
    tickEveryMs: hasScreen ? TICK_EVERY_MS : null,
    whenEmpty: hasScreen ? 'sample' : 'own',
    sampleWorkerUrl: hasScreen ? code.sampleWorkerUrl : null,
    ownNames: { name: 'My workspace', myName: accountName() },
  });
  return {
    handlers: workspace.handlers,
    dispatcher: createDispatcher(workspace.handlers, ports),
    ingest: async (request, onProgress) => (await workspace.ownWriter()).ingest(request, onProgress),
    importList: async (list) => importList(await workspace.ownWriter(), ports, list),
    close: () => workspace.close(),
  };
}

/** Whose terminal this is; an account without a name in the system is `owner`. */
function accountName(): string {
  try {
    return userInfo().username || 'owner';
  } catch {
    return 'owner';
  }
}

function sourceCode(): HostCode {
  const text = readFileSync(join(SOURCE_ROOT, 'package.json'), 'utf8');
  return {
    resourcesDir: SOURCE_RESOURCES_DIR,
    version: (JSON.parse(text) as { version: string }).version,
    writerWorkerUrl: new URL('../writer-worker.ts', import.meta.url),
    sampleWorkerUrl: new URL('../sample/sample-worker.ts', import.meta.url),
    readerWorkerUrl: new URL('../ingest/ahead/reader-worker.ts', import.meta.url),
    heavyReadsWorkerUrl: new URL('../triage/history/heavy-reads-worker.ts', import.meta.url),
  };
}

async function importList(writer: Writer, ports: Ports, list: ListImport): Promise<ListImportResult> {
  const statement = {
    commandId: randomUuid(ports.random),
    kind: list.kind === 'people' || list.kind === 'roster' ? 'roster.import' : 'lists.import',
    subjects: null,
    subjectsDigest: null,
    basedOn: [],
    reason: null,
    claimedAtMs: ports.clock.nowMs(),
  };
  // The answer's type is that of the command registered under this name.
  const answer = (await writer.run('sources.importList', { ...list, statement }, OWNER)) as ListImportResult;
  await writer.reloadTriage();
  return { rows: answer.rows, problems: answer.problems, summary: answer.summary };
}

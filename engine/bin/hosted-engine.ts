import { join } from 'node:path';
import { EngineError } from '../../shared/model/errors.ts';
import { createEngine, type Engine } from '../engine.ts';
import type { Actor } from '../handlers.ts';
import type { Ports } from '../ports.ts';
import { createDispatcher, type Dispatcher } from '../serve/router.ts';
import type { ListImport, ListImportResult, LocalEngine } from './local-engine.ts';
import { SOURCE_RESOURCES_DIR } from './resources-dir.ts';
import { TERMINAL_ID } from './terminal-session.ts';

export interface HostedEngineOptions {
  dataDir: string;
  /** A PostgreSQL database in place of the file in the data folder. */
  databaseUrl: string | null;
  ports: Ports;
  /** Makes the sample workspace in an empty folder: for hosts with a screen, never for a command. */
  allowSample: boolean;
}

/** What the hosts of a terminal share: the engine, its one dispatcher, and the work of this machine's owner. */
export interface HostedEngine extends Pick<LocalEngine, 'ingest' | 'importList'> {
  handlers: Engine['handlers'];
  dispatcher: Dispatcher;
  close(): Promise<void>;
}

const TICK_EVERY_MS = 15_000;
const OWNER: Actor = { kind: 'system', id: TERMINAL_ID };

/** Opens the workspace of a data folder and puts the one dispatcher before it. Throws EngineError, saying what to do. */
export async function openHostedEngine(options: HostedEngineOptions): Promise<HostedEngine> {
  const { dataDir, databaseUrl, ports, allowSample } = options;
  const engine = await createEngine({
    target:
      databaseUrl === null
        ? { kind: 'sqlite', path: join(dataDir, 'evenwatch.db') }
        : { kind: 'postgres', url: databaseUrl },
    dataDir,
    resourcesDir: SOURCE_RESOURCES_DIR,
    rulesDirs: [join(SOURCE_RESOURCES_DIR, 'rules'), join(dataDir, 'rules')],
    ports,
    workspace: {
      version: '0.1.0',
      describe: async () => ({ name: 'Evenwatch', isSample: false, preparing: null }),
      startOwn: async () => {
        throw new EngineError('conflict', 'This is your own workspace already.');
      },
    },
    // A command ends when it is done: its writer needs no thread, and nothing is due behind its back.
    writer: allowSample
      ? { kind: 'worker', workerUrl: new URL('../writer-worker.ts', import.meta.url) }
      : { kind: 'inline' },
    tickEveryMs: allowSample ? TICK_EVERY_MS : null,
  });
  return {
    handlers: engine.handlers,
    dispatcher: createDispatcher(engine.handlers, ports),
    ingest: (request, onProgress) => engine.writer.ingest(request, onProgress),
    importList: (list) => importList(engine, ports, list),
    close: () => engine.close(),
  };
}

async function importList(engine: Engine, ports: Ports, list: ListImport): Promise<ListImportResult> {
  const statement = {
    commandId: uuid(ports),
    kind: list.kind === 'people' || list.kind === 'roster' ? 'roster.import' : 'lists.import',
    subjects: null,
    subjectsDigest: null,
    basedOn: [],
    reason: null,
    claimedAtMs: ports.clock.nowMs(),
  };
  // The answer's type is that of the command registered under this name.
  const answer = (await engine.writer.run('sources.importList', { ...list, statement }, OWNER)) as ListImportResult;
  await engine.writer.reloadTriage();
  return { rows: answer.rows, problems: answer.problems, summary: answer.summary };
}

/** A random UUID (RFC 9562, version 4) from the host's own randomness. */
function uuid(ports: Ports): string {
  const bytes = ports.random.bytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assuranceHandlers, noteLookups } from './assurance/assurance-handlers.ts';
import { loadAssurancePolicy } from './assurance/policy.ts';
import { changeHandlers } from './change-handlers.ts';
import type { Handlers } from './handlers.ts';
import { alertHandlers } from './ingest/alert-handlers.ts';
import { BUILT_IN, type FormatCatalogue, type MappingTexts } from './ingest/formats/index.ts';
import { LiveCatalogue } from './ingest/formats/live-catalogue.ts';
import { liveSourceHandlers } from './ingest/live-source-handlers.ts';
import { catalogueOfMappings } from './ingest/mapping/mapping-catalogue.ts';
import { type MappingDirs, NO_MAPPING_DIRS } from './ingest/mapping/mapping-files.ts';
import { type MappingsInView, MappingWatch } from './ingest/mapping/mapping-watch.ts';
import { searchTextBy } from './ingest/pipeline-search.ts';
import { sourceHandlers } from './ingest/source-handlers.ts';
import { sourceTestHandler } from './ingest/source-test-handler.ts';
import { SourceRunner } from './ingest/sources/source-runner.ts';
import { Uploads } from './ingest/uploads.ts';
import { loadPolicies, loadStoragePolicy } from './policies.ts';
import { unreadPolicies } from './policy-files.ts';
import type { Ports } from './ports.ts';
import { randomUuid } from './random-uuid.ts';
import { storageHandlers } from './retention/storage-handlers.ts';
import { escalationHandlers } from './routing/escalation-handlers.ts';
import { KnownEntities } from './routing/known-entities.ts';
import { PutOff } from './routing/next-item.ts';
import { decisionHandlers, queueHandlers } from './routing/queue-handlers.ts';
import { newestSeq } from './store/feed.ts';
import { openStore, type StoreTarget } from './store/open.ts';
import { openSearch } from './store/search/open-search.ts';
import type { Search } from './store/search/search.ts';
import type { Store } from './store/store.ts';
import { automationHandlers } from './triage/automation-handlers.ts';
import { BacktestRunner } from './triage/history/backtest-runner.ts';
import { type HeavyReads, makeHeavyReads } from './triage/history/heavy-reads.ts';
import { heavyReadsOnThread } from './triage/history/heavy-reads-thread.ts';
import { loadTriagePolicies } from './triage/policies.ts';
import { loadPriors } from './triage/priors.ts';
import { ruleLifeHandlers } from './triage/rule-life-handlers.ts';
import { teamHandlers } from './workload/team-handlers.ts';
import { type WorkspaceHost, workspaceHandlers } from './workspace-handlers.ts';
import type { Writer } from './writer.ts';
import { WorkerWriter } from './writer-client.ts';
import { openWriter, type WriterOptions } from './writer-host.ts';

export interface EngineOptions {
  target: StoreTarget;
  /** Folder of the workspace: uploads on their way lie there. */
  dataDir: string;
  resourcesDir: string;
  rulesDirs: readonly string[];
  /** Folders of mapping files: formats that the workspace adds. None when left out. */
  mappingsDirs?: MappingDirs;
  ports: Ports;
  workspace: Omit<WorkspaceHost, 'searchLag'>;
  /** `inline` for the command line and tests; a host that draws or serves gives the writer a thread of its own. */
  writer: ({ kind: 'inline' } | { kind: 'worker'; workerUrl: URL }) & {
    /** Where the code of the thread that reads files ahead of the writer lies; without it they are read by the writer. */
    readerUrl?: URL;
    /** Where the code of the thread of heavy reads lies; without it they are done on the caller's. */
    heavyReadsUrl?: URL;
  };
  /** How often the periodic work is looked at, in real time; null when the caller ticks. */
  tickEveryMs: number | null;
  /** True where live sources are to run: with the workspace that is a team's own, on one host at a time. */
  runsSources: boolean;
}

export interface Engine {
  /** One function for each procedure of the contract, for any transport. */
  handlers: Handlers;
  /** Commands of the host itself, ingest and triage; people come through `handlers`. */
  writer: Writer;
  /** For reading only what no procedure answers, such as who is on the team when a host starts. */
  store: Pick<Store, 'read' | 'dialect'>;
  search: Pick<Search, 'query' | 'lag'>;
  tick(): Promise<void>;
  /** Looks at the mapping files at once. */
  mappings: Pick<MappingsInView, 'look'>;
  changes: { latestSeq(): Promise<number>; onChange(listener: (seq: number) => void): () => void };
  close(): Promise<void>;
}

interface Opened {
  writer: Writer;
  /** The dispatcher's own read connections. */
  store: Store;
  search: Search;
  formats: FormatCatalogue;
  /** Reads by these mappings from here on. */
  follow(texts: MappingTexts): void;
  reads: HeavyReads;
  closeReaders(): Promise<void>;
}

/** Composes an engine over one workspace. Throws EngineError when it cannot be opened, saying what to do. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { ports, resourcesDir } = options;
  const opened = await open(options);
  const { writer, store, search } = opened;
  const mappings = await MappingWatch.open({
    dirs: options.mappingsDirs ?? NO_MAPPING_DIRS,
    writer,
    log: ports.log,
    onTaken: (texts) => opened.follow(texts),
  });
  const ownPoliciesDir = join(options.dataDir, 'policies');
  for (const file of unreadPolicies(ownPoliciesDir)) {
    ports.log.warn({ file }, 'This file is no policy that a workspace may change, and is not read');
  }
  const policies = loadPolicies(join(resourcesDir, 'policies'), ownPoliciesDir);
  const storagePolicy = loadStoragePolicy(join(resourcesDir, 'policies'), ownPoliciesDir);
  const deps = { store, writer, ports, policies, formats: opened.formats, mappings };
  const lookedUp = noteLookups(deps);
  const onChange = (listener: (seq: number) => void) => writer.onChange(listener);
  const queueDeps = {
    ...deps,
    findByText: (_db: unknown, text: string, limit: number) => search.query(text, { limit }),
    detail: {
      entities: new KnownEntities(),
      techniqueNames: loadPriors(resourcesDir).techniqueNames,
      formats: opened.formats,
    },
    putOff: new PutOff(),
    lookedUp,
  };
  const workspace: WorkspaceHost = {
    describe: () => options.workspace.describe(),
    startOwn: (input) => options.workspace.startOwn(input),
    version: options.workspace.version,
    searchLag: () => search.lag(),
  };
  const runner = options.runsSources ? new SourceRunner({ ...deps, dataDir: options.dataDir }) : null;
  await runner?.refresh();
  if (runner !== null) mappings.onTaken(() => runner.formatsChanged());
  const reads = opened.reads;
  const backtests = new BacktestRunner({ store, writer, reads, log: ports.log });
  const handlers: Handlers = {
    workspace: {
      ...workspaceHandlers({ store, ports, workspace, policies }),
      ...storageHandlers({ ...deps, policy: storagePolicy }),
    },
    ...queueHandlers(queueDeps),
    ...decisionHandlers(queueDeps),
    ...alertHandlers({ ...deps, lookedUp }),
    ...escalationHandlers(deps),
    ...automationHandlers(deps),
    ...assuranceHandlers(deps, loadAssurancePolicy(join(resourcesDir, 'policies'), ownPoliciesDir)),
    ...ruleLifeHandlers({
      ...deps,
      triagePolicy: loadTriagePolicies(join(resourcesDir, 'policies'), ownPoliciesDir).triage,
      newRuleId: () => randomUuid(ports.random),
      reads,
      backtests,
    }),
    ...teamHandlers(deps),
    sources: {
      ...sourceHandlers(deps, new Uploads(join(options.dataDir, 'uploads'), ports)),
      ...liveSourceHandlers({ ...deps, dataDir: options.dataDir, runner }),
      ...sourceTestHandler({ ...deps, dataDir: options.dataDir, runner }),
    },
    ...changeHandlers({ store, onChange, sleep: (ms, signal) => sleepOrStop(ms, signal) }),
  };
  // What an earlier process could not finish begins anew, where there is a process that stays.
  if (options.tickEveryMs !== null) {
    backtests.look();
    mappings.start();
  }
  const tick = () => writer.tick(ports.clock.nowMs());
  const heartbeat = options.tickEveryMs === null ? null : startHeartbeat(tick, options.tickEveryMs, ports);
  return {
    handlers,
    writer,
    store,
    search,
    tick,
    mappings,
    changes: { latestSeq: () => store.read(newestSeq), onChange },
    close: async () => {
      await mappings.close();
      // First what still brings something in: it delivers what it had accepted.
      await runner?.close();
      await backtests.close();
      await heartbeat?.stop();
      await opened.closeReaders();
      await writer.close();
    },
  };
}

async function open(given: EngineOptions): Promise<Opened> {
  const { target, dataDir, resourcesDir, rulesDirs, mappingsDirs = NO_MAPPING_DIRS, ports, writer: mode } = given;
  const ownPoliciesDir = join(dataDir, 'policies');
  const options: WriterOptions = { target, resourcesDir, rulesDirs, mappingsDirs, ownPoliciesDir };
  if (mode.readerUrl !== undefined) options.readerUrl = mode.readerUrl.href;
  if (mode.kind === 'inline') {
    const { writer, store, search, formats } = await openWriter(options, ports);
    const reads = makeHeavyReads({ store, clock: ports.clock, log: ports.log, resourcesDir, formats, ownPoliciesDir });
    // The writer of the same thread has put them in force already.
    return { writer, store, search, formats, follow: () => {}, reads, closeReaders: async () => {} };
  }
  // The writer brings the tables up to date before anybody reads them.
  const writer = await WorkerWriter.open({ options, workerUrl: mode.workerUrl, log: ports.log });
  // The index of PostgreSQL lies in the same database and is made on opening, so that store may write.
  const readOnly = target.kind === 'sqlite';
  const store = await openStore({ target, log: ports.log, clock: ports.clock, readOnly });
  const formats = new LiveCatalogue(BUILT_IN);
  const search = await openSearch({ store, target, textOf: searchTextBy(formats), log: ports.log });
  const reads =
    mode.heavyReadsUrl === undefined
      ? makeHeavyReads({ store, clock: ports.clock, log: ports.log, resourcesDir, formats })
      : heavyReadsOnThread({ target, resourcesDir, formats, ownPoliciesDir }, mode.heavyReadsUrl, ports.log);
  return {
    writer,
    store,
    search,
    formats,
    follow: (texts) => formats.replace(catalogueOfMappings(texts)),
    reads,
    closeReaders: async () => {
      await search.close();
      await store.close();
    },
  };
}

/** Looks at the periodic work again and again, never twice at once; a tick that fails is told and the next one tries. */
function startHeartbeat(tick: () => Promise<void>, everyMs: number, ports: Ports): { stop(): Promise<void> } {
  const stop = new AbortController();
  const beat = async () => {
    while (!stop.signal.aborted) {
      try {
        await tick();
      } catch (error) {
        ports.log.warn({ error: String(error) }, 'Periodic work failed and is tried again');
      }
      await sleepOrStop(everyMs, stop.signal);
    }
  };
  const running = beat();
  return {
    stop: () => {
      stop.abort();
      return running;
    },
  };
}

async function sleepOrStop(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false }).catch(() => {});
}

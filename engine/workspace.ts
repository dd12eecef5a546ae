import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../shared/model/errors.ts';
import { isJsonObject } from '../shared/model/json.ts';
import { createEngine, type Engine, type EngineOptions } from './engine.ts';
import type { CallContext, Handlers } from './handlers.ts';
import type { MappingDirs } from './ingest/mapping/mapping-files.ts';
import { foundWorkspace, makeOwnWorkspace, type OwnNames, ownPath, sampleDir, samplePath } from './own-workspace.ts';
import type { Ports } from './ports.ts';
import { COMPANY } from './sample/company.ts';
import { makeSample } from './sample/make-sample.ts';
import { makeSampleOnThread } from './sample/sample-thread.ts';
import { getMeta } from './store/meta.ts';
import { openStore, type StoreTarget } from './store/open.ts';
import { listPeople } from './store/people.ts';
import { handlerOf, switchingHandlers, untilSwitched } from './switching-handlers.ts';
import { isOnTeam, personToStartWith } from './who-sits-here.ts';
import { startOwnHandler, type WorkspaceHost } from './workspace-handlers.ts';
import type { Writer } from './writer.ts';

export interface WorkspaceOptions {
  dataDir: string;
  resourcesDir: string;
  /** A PostgreSQL database in place of the files of the data folder: always one's own. */
  databaseUrl: string | null;
  ports: Ports;
  writer: EngineOptions['writer'];
  /** Where the code that makes the sample lies; null makes it on this thread. */
  sampleWorkerUrl: URL | null;
  /** Share of the usual noise in the sample: tests make a small one. */
  sampleVolume?: number;
  tickEveryMs: number | null;
  version: string;
  /** In an empty data folder: the sample for hosts with a screen, one's own for commands. */
  whenEmpty: 'sample' | 'own';
  /** Names for a workspace of one's own that a command had to make. */
  ownNames: OwnNames;
  onProgress?(share: number): void;
}

export interface Workspace {
  /** The same object for as long as the workspace is open, whatever is under it. */
  handlers: Handlers;
  describe(): Promise<{ name: string; isSample: boolean; preparing: number | null }>;
  /** Settles when no sample is being made any more; throws when it could not be made. */
  ready(): Promise<void>;
  /** Alerts and lists of one's own never go into the sample: this leaves it first, if it is open. */
  ownWriter(): Promise<Writer>;
  /** The writer of whatever is open now. Throws `unavailable` while the sample is being made. */
  writer(): Writer;
  close(): Promise<void>;
}

interface OpenStage {
  kind: 'open';
  engine: Engine;
  isSample: boolean;
  name: string;
  calls: number;
  switched: PromiseWithResolvers<void>;
}
type Stage =
  | OpenStage
  | { kind: 'preparing'; share: number; switched: PromiseWithResolvers<void> }
  | { kind: 'failed'; error: unknown; switched: PromiseWithResolvers<void> };

/** A sample older than this is made anew on opening: its rota ends and all its clocks ran out long ago. */
const SAMPLE_KEPT_MS = 10 * 86_400_000;
const RETIRE_WITHIN_MS = 10_000;

/**
 * Opens the data folder: one's own workspace if there is one, else the sample, which is made on a first start while
 * the handlers answer already. Throws EngineError when what is there cannot be opened.
 */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const workspace = new SwitchingWorkspace(options);
  await workspace.open();
  return workspace;
}

class SwitchingWorkspace implements Workspace {
  readonly handlers: Handlers;
  readonly #options: WorkspaceOptions;
  #stage: Stage = { kind: 'preparing', share: 0, switched: Promise.withResolvers() };
  #making: { done: Promise<void>; stop(): Promise<void> } | null = null;
  #switching: Promise<unknown> = Promise.resolve();
  readonly #retiring = new Set<Promise<void>>();

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.handlers = switchingHandlers((noun, verb) => (context, input) => this.#answer(noun, verb, context, input));
  }

  async open(): Promise<void> {
    const { dataDir, databaseUrl, whenEmpty } = this.#options;
    if (databaseUrl !== null || existsSync(ownPath(dataDir))) return this.#replaceStage(await this.#openOwn());
    if (existsSync(samplePath(dataDir)) && (whenEmpty === 'own' || (await this.#isSampleFresh()))) {
      return this.#replaceStage(await this.#openSample());
    }
    if (whenEmpty === 'own') return void (await this.#leaveSample({ ...this.#options.ownNames, statement: null }));
    this.#startMaking();
  }

  async describe(): Promise<{ name: string; isSample: boolean; preparing: number | null }> {
    const stage = this.#stage;
    if (stage.kind === 'failed') throw stage.error;
    if (stage.kind === 'preparing') return { name: COMPANY.name, isSample: true, preparing: stage.share };
    return { name: stage.name, isSample: stage.isSample, preparing: null };
  }

  async ready(): Promise<void> {
    await this.#making?.done;
    if (this.#stage.kind === 'failed') throw this.#stage.error;
  }

  async ownWriter(): Promise<Writer> {
    const stage = this.#stage;
    if (stage.kind !== 'open' || stage.isSample) {
      await this.#leaveSample({ ...this.#options.ownNames, statement: null });
    }
    return this.writer();
  }

  writer(): Writer {
    return this.#openStage().engine.writer;
  }

  async close(): Promise<void> {
    await this.#making?.stop();
    await this.#switching;
    await Promise.all(this.#retiring);
    if (this.#stage.kind === 'open') await this.#stage.engine.close();
  }

  #openStage(): OpenStage {
    const stage = this.#stage;
    if (stage.kind === 'open') return stage;
    if (stage.kind === 'failed') throw stage.error;
    throw new EngineError('unavailable', 'The sample workspace is still being made. It takes some seconds.');
  }

  #startMaking(): void {
    const { dataDir, resourcesDir, ports, sampleWorkerUrl, sampleVolume: volume, onProgress } = this.#options;
    const options = { folder: sampleDir(dataDir), resourcesDir, endsAtMs: ports.clock.nowMs(), volume };
    const tell = (share: number) => {
      if (this.#stage.kind === 'preparing') this.#stage.share = share;
      onProgress?.(share);
    };
    const made =
      sampleWorkerUrl === null
        ? { done: makeSample(options, ports, tell), stop: async () => {} }
        : makeSampleOnThread(options, sampleWorkerUrl, ports.log, tell);
    const done = made.done
      .then(async () => {
        // Somebody may have left for their own workspace meanwhile; the sample then stays where it is.
        if (this.#stage.kind === 'preparing') this.#replaceStage(await this.#openSample());
      })
      .catch((error) => {
        if (this.#stage.kind !== 'preparing') return;
        ports.log.error({ error: String(error) }, 'The sample workspace could not be made');
        this.#replaceStage({ kind: 'failed', error, switched: Promise.withResolvers() });
      });
    this.#making = { done, stop: async () => made.stop().then(() => done) };
  }

  async #isSampleFresh(): Promise<boolean> {
    const { dataDir, ports } = this.#options;
    const target: StoreTarget = { kind: 'sqlite', path: samplePath(dataDir) };
    const store = await openStore({ target, log: ports.log, clock: ports.clock, readOnly: true });
    try {
      const endsAtMs = Number(await store.read((db) => getMeta(db, 'sample_ends_at_ms')));
      return ports.clock.nowMs() - endsAtMs < SAMPLE_KEPT_MS;
    } finally {
      await store.close();
    }
  }

  async #openSample(): Promise<OpenStage> {
    const folder = sampleDir(this.#options.dataDir);
    const target: StoreTarget = { kind: 'sqlite', path: join(folder, 'evenwatch.db') };
    const mappingsDirs = { own: null, program: join(this.#options.resourcesDir, 'mappings') };
    const engine = await this.#createEngine(
      folder,
      target,
      { rulesDirs: [join(folder, 'rules')], mappingsDirs },
      false,
    );
    return { kind: 'open', engine, isSample: true, name: COMPANY.name, calls: 0, switched: Promise.withResolvers() };
  }

  async #openOwn(): Promise<OpenStage> {
    const { dataDir, databaseUrl, resourcesDir, ports, ownNames } = this.#options;
    const target: StoreTarget =
      databaseUrl === null ? { kind: 'sqlite', path: ownPath(dataDir) } : { kind: 'postgres', url: databaseUrl };
    const rulesDirs = [join(dataDir, 'rules'), join(resourcesDir, 'rules')].filter((dir) => existsSync(dir));
    const store = await openStore({ target, log: ports.log, clock: ports.clock });
    try {
      const people = await store.read(listPeople);
      if (people.length === 0) await foundWorkspace(store, ports, { ...ownNames, statement: null });
    } finally {
      await store.close();
    }
    const mappingsDirs = { own: join(dataDir, 'mappings'), program: join(resourcesDir, 'mappings') };
    const runsSources = this.#options.tickEveryMs !== null;
    const engine = await this.#createEngine(dataDir, target, { rulesDirs, mappingsDirs }, runsSources);
    const name = (await engine.store.read((db) => getMeta(db, 'workspace_name'))) ?? ownNames.name;
    return { kind: 'open', engine, isSample: false, name, calls: 0, switched: Promise.withResolvers() };
  }

  #createEngine(
    dataDir: string,
    target: StoreTarget,
    dirs: { rulesDirs: readonly string[]; mappingsDirs: MappingDirs },
    runsSources: boolean,
  ): Promise<Engine> {
    const { resourcesDir, ports, writer, tickEveryMs, version } = this.#options;
    const workspace: Omit<WorkspaceHost, 'searchLag'> = {
      version,
      describe: () => this.describe(),
      startOwn: (input) => this.#leaveSample(input),
    };
    const options = { target, dataDir, resourcesDir, ...dirs, ports, writer, tickEveryMs, workspace };
    return createEngine({ ...options, runsSources });
  }

  /** One at a time: two people may press the button at once, and only one workspace is made. */
  #leaveSample(input: Parameters<WorkspaceHost['startOwn']>[0] | (OwnNames & { statement: null })) {
    const work = this.#switching.then(async () => {
      const { dataDir, ports } = this.#options;
      if (existsSync(ownPath(dataDir)) || (this.#stage.kind === 'open' && !this.#stage.isSample)) {
        throw new EngineError('conflict', 'There is a workspace of your own already; this is it.');
      }
      const founded = await makeOwnWorkspace({ dataDir, ...input }, ports);
      this.#replaceStage(await this.#openOwn());
      return founded;
    });
    this.#switching = work.catch(() => {});
    return work;
  }

  /** Streams end at once, calls under way may finish on the engine that they began on. */
  #replaceStage(next: Stage): void {
    const before = this.#stage;
    this.#stage = next;
    before.switched.resolve();
    if (before.kind !== 'open') return;
    const retiring = this.#retire(before).finally(() => this.#retiring.delete(retiring));
    this.#retiring.add(retiring);
  }

  async #retire(stage: OpenStage): Promise<void> {
    for (let waitedMs = 0; stage.calls > 0 && waitedMs < RETIRE_WITHIN_MS; waitedMs += 20) await delay(20);
    await stage.engine.close();
  }

  async #answer(noun: string, verb: string, context: CallContext, input: unknown): Promise<unknown> {
    const stage = this.#stage;
    const { engine } = stage.kind === 'open' ? stage : { engine: null };
    const name = `${noun}.${verb}`;
    if (engine === null || stage.kind !== 'open') return this.#answerWithoutEngine(name, context, input);
    stage.calls += 1;
    try {
      if (name === 'workspace.get') await this.#seat(stage, context);
      // Who has seen nothing yet reads everything anew anyway; the feed of a fortnight would only say it slowly.
      if (name === 'changes.since' && isFromStart(input)) {
        return { kind: 'resync', seq: await engine.changes.latestSeq() };
      }
      const answer = await handlerOf(engine.handlers, noun, verb)(context, input);
      // The answer of this procedure is a stream by the contract.
      return name === 'changes.subscribe'
        ? untilSwitched(answer as AsyncIterator<{ seq: number }>, stage.switched.promise)
        : answer;
    } finally {
      stage.calls -= 1;
    }
  }

  /** Where nobody has to prove who they are, somebody who has not said it yet sits down as the obvious person. */
  async #seat({ engine, isSample }: OpenStage, { session }: CallContext): Promise<void> {
    if (!session.canSwitchPerson) return;
    if (session.personId !== null && (await isOnTeam(engine.store, session.personId))) return;
    const person = await personToStartWith(engine.store, isSample, this.#options.ports.clock.nowMs());
    if (person !== null) session.switchTo(person.id, person.roles);
  }

  /** What a screen needs to show that the sample is on its way. Everything else has to wait. */
  async #answerWithoutEngine(name: string, context: CallContext, input: unknown): Promise<unknown> {
    const { switched } = this.#stage;
    switch (name) {
      case 'workspace.get':
        return {
          ...(await this.describe()),
          version: this.#options.version,
          automationPaused: false,
          dueSoonMs: null,
          me: null,
          canSwitchPerson: context.session.canSwitchPerson,
          nowMs: this.#options.ports.clock.nowMs(),
          seq: 0,
          searchLag: 0,
        };
      case 'workspace.people':
        return [];
      case 'workspace.startOwn': {
        const startOwn = startOwnHandler({ startOwn: (given) => this.#leaveSample(given) });
        // The contract's schema has read the input before it comes here.
        return startOwn(context, input as Parameters<typeof startOwn>[1]);
      }
      case 'changes.since':
        return { kind: 'resync', seq: 0 };
      case 'changes.subscribe':
        return untilSwitched(onceThenSilent({ seq: 0 }), switched.promise);
      default:
        return this.#openStage();
    }
  }
}

function isFromStart(input: unknown): boolean {
  return isJsonObject(input) && input.seq === 0;
}

/** One value, and then nothing more by itself. */
function onceThenSilent<T>(value: T): AsyncIterator<T> {
  let isTold = false;
  return {
    next: () => {
      if (isTold) return new Promise(() => {});
      isTold = true;
      return Promise.resolve({ done: false, value });
    },
  };
}

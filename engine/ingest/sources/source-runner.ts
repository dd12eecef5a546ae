import { createHash, timingSafeEqual } from 'node:crypto';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Source } from '../../../shared/model/source.ts';
import type { Ports } from '../../ports.ts';
import { listSources, sourceCursors, tokenDigests } from '../../store/live-sources.ts';
import type { Store } from '../../store/store.ts';
import type { Writer } from '../../writer.ts';
import { type DeliveredBytes, emptyDelivery } from '../delivery.ts';
import type { FormatCatalogue } from '../formats/index.ts';
import { SOURCE_STARTERS } from './kinds.ts';
import type { LiveState, RunningSource, SourceContext, StartSource } from './live-source.ts';
import { allowedPath } from './source-folders.ts';

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export interface SourceRunnerParts {
  store: Pick<Store, 'read'>;
  writer: Pick<Writer, 'deliver'>;
  ports: Ports;
  /** To say it when a source names a format that is gone. */
  formats: Pick<FormatCatalogue, 'named'>;
  /** Folder of the workspace: `tls`, `inbox` and the list of allowed folders lie there. */
  dataDir: string;
  /** Other starters in tests. */
  starters?: Partial<Record<Source['settings']['kind'], StartSource>>;
}

const NO_STATE: LiveState = { listensOn: null, connections: null, behind: null, isHeld: false };

interface Run {
  source: Source;
  stopping: AbortController;
  state: LiveState;
  phase: 'starting' | 'running' | 'failing';
  /** As last told to the store, so that it is told once. */
  problem: string | null | undefined;
  /** Whether the source itself said that something is wrong since it was last started. */
  saysSomething: boolean;
  taps: Set<Tap>;
  done: Promise<void>;
}

/** Must copy what it keeps. */
export type Tap = (records: DeliveredBytes) => void;

/** Keeps the sources that are switched on running: starts them, starts them again after a failure, stops what was removed. */
export class SourceRunner {
  readonly #parts: SourceRunnerParts;
  readonly #runs = new Map<number, Run>();
  #tokens: ReadonlyMap<number, string> = new Map();
  #refreshing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: SourceRunnerParts) {
    this.#parts = parts;
  }

  /** Reads what is set and makes the running sources follow it. Those that did not change go on undisturbed. */
  refresh(): Promise<void> {
    const work = this.#refreshing.then(() => this.#refresh());
    this.#refreshing = work.catch(() => {});
    return work;
  }

  /** Starts a source anew whose settings stayed and whose secret did not. */
  restart(sourceId: number): Promise<void> {
    const work = this.#refreshing.then(async () => {
      await this.#stop(sourceId);
      await this.#refresh();
    });
    this.#refreshing = work.catch(() => {});
    return work;
  }

  /**
   * After a mapping file changed: sources whose format is gone stop and say so, and those that waited for theirs start
   * at once. All others go on undisturbed, and what they deliver is read by the new formats.
   */
  formatsChanged(): Promise<void> {
    const work = this.#refreshing.then(async () => {
      const { formats } = this.#parts;
      const astray = [...this.#runs].filter(([, { source, phase }]) => {
        return source.format !== 'auto' && (formats.named(source.format) === null) === (phase === 'running');
      });
      await Promise.all(astray.map(([id]) => this.#stop(id)));
      await this.#refresh();
    });
    this.#refreshing = work.catch(() => {});
    return work;
  }

  /** How a source is right now; null for one that does not run here. */
  stateOf(sourceId: number): { phase: Run['phase']; state: LiveState } | null {
    const run = this.#runs.get(sourceId);
    return run === undefined ? null : { phase: run.phase, state: run.state };
  }

  /**
   * Shows what a running source delivers from now on, beside its being stored; null for one that does not run here. The
   * answer ends it.
   */
  tap(sourceId: number, listener: Tap): (() => void) | null {
    const run = this.#runs.get(sourceId);
    if (run === undefined || run.phase !== 'running') return null;
    run.taps.add(listener);
    return () => void run.taps.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#refreshing;
    await Promise.all([...this.#runs.keys()].map((id) => this.#stop(id)));
  }

  async #refresh(): Promise<void> {
    if (this.#isClosed) return;
    const { sources, tokens } = await this.#parts.store.read(async (db) => ({
      sources: await listSources(db),
      tokens: await tokenDigests(db),
    }));
    this.#tokens = tokens;
    const wanted = new Map(sources.filter(({ isEnabled }) => isEnabled).map((source) => [source.id, source]));
    const outdated = [...this.#runs].filter(([id, run]) => wanted.get(id)?.version !== run.source.version);
    await Promise.all(outdated.map(([id]) => this.#stop(id)));
    for (const source of wanted.values()) if (!this.#runs.has(source.id)) this.#start(source);
  }

  #start(source: Source): void {
    const stopping = new AbortController();
    const run: Run = {
      source,
      stopping,
      state: { ...NO_STATE },
      phase: 'starting',
      problem: undefined,
      saysSomething: false,
      taps: new Set(),
      done: Promise.resolve(),
    };
    this.#runs.set(source.id, run);
    run.done = this.#keepRunning(run);
  }

  async #stop(id: number): Promise<void> {
    const run = this.#runs.get(id);
    if (run === undefined) return;
    run.stopping.abort();
    await run.done;
    this.#runs.delete(id);
  }

  async #keepRunning(run: Run): Promise<void> {
    const { signal } = run.stopping;
    for (let waitMs = FIRST_RETRY_MS; !signal.aborted; waitMs = Math.min(LONGEST_RETRY_MS, waitMs * 2)) {
      try {
        run.saysSomething = false;
        const running = await this.#startOnce(run);
        run.phase = 'running';
        // What the start itself had to say stands, such as that a certificate expired.
        if (!run.saysSomething) this.#tell(run, null);
        await untilAborted(signal);
        await running.stop();
        return;
      } catch (error) {
        if (signal.aborted) return;
        run.phase = 'failing';
        run.state = { ...NO_STATE };
        this.#tell(run, sentenceOf(error));
        if (!(error instanceof EngineError)) {
          this.#parts.ports.log.error({ source: run.source.id, error: String(error) }, 'A source could not be started');
        }
        await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }

  async #startOnce(run: Run): Promise<RunningSource> {
    const { source } = run;
    const { kind } = source.settings;
    if (source.format !== 'auto' && this.#parts.formats.named(source.format) === null) {
      throw new EngineError(
        'invalid_input',
        `Nobody reads the format ${source.format} here any more. Put its mapping file back or mend it, or choose another format.`,
      );
    }
    // The settings of a source are of the kind by which its starter is found.
    const start = (this.#parts.starters?.[kind] ?? SOURCE_STARTERS[kind]) as StartSource | undefined;
    if (start === undefined) throw new EngineError('unsupported', `This host runs no sources of the kind ${kind}.`);
    return start(await this.#contextOf(run));
  }

  async #contextOf(run: Run): Promise<SourceContext> {
    const { store, ports, dataDir, writer } = this.#parts;
    const { source, stopping } = run;
    return {
      source,
      clock: ports.clock,
      random: ports.random,
      log: ports.log,
      signal: stopping.signal,
      cursors: await store.read((db) => sourceCursors(db, source.id)),
      secret: () => ports.secrets.get(secretName(source.id)),
      isToken: (token) => isDigestOf(token, this.#tokens.get(source.id)),
      tlsPath: (name) => tlsPath(dataDir, name),
      allowedPath: (path) => allowedPath(dataDir, path),
      deliver: (delivery) => {
        // Before the writer has them: the bytes are its own from then on.
        if (delivery.records !== null) for (const tap of run.taps) tap(delivery.records);
        return writer.deliver({ sourceId: source.id, ...delivery });
      },
      show: (state) => Object.assign(run.state, state),
      problem: (sentence) => {
        run.saysSomething = sentence !== null;
        this.#tell(run, sentence);
      },
    };
  }

  #tell(run: Run, sentence: string | null): void {
    if (run.problem === sentence) return;
    run.problem = sentence;
    const delivery = { ...emptyDelivery(run.source.id), problem: sentence };
    this.#parts.writer.deliver(delivery).catch((error) => {
      // Told again with the next change; a source that was removed meanwhile has nobody to tell.
      run.problem = undefined;
      this.#parts.ports.log.warn({ source: run.source.id, error: String(error) }, 'The state of a source was not kept');
    });
  }
}

/** Under what name the host keeps the secret of a source. */
export function secretName(sourceId: number): string {
  return `source-${sourceId}`;
}

/** The server that the secret of a source is for: scheme, host and port. Null for kinds that have none. */
export function secretGoesTo(settings: Source['settings']): string | null {
  if (settings.kind !== 'elasticsearch') return null;
  return URL.canParse(settings.url) ? new URL(settings.url).origin : settings.url;
}

/** SHA-256 in hex: tokens are long and random, so that a slow hash would protect nothing more. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Compares in constant time. */
export function isDigestOf(token: string, digest: string | undefined): boolean {
  if (digest === undefined) return false;
  return timingSafeEqual(Buffer.from(tokenDigest(token)), Buffer.from(digest));
}

/** Path of a file of the workspace's `tls` folder. Throws EngineError for a name that leads out of it. */
export function tlsPath(dataDir: string, name: string): string {
  if (name !== basename(name) || name.startsWith('.')) {
    throw new EngineError(
      'invalid_input',
      `“${name}” is no name of a file. Put it into the folder ${tlsDir(dataDir)}.`,
    );
  }
  return join(tlsDir(dataDir), name);
}

export function tlsDir(dataDir: string): string {
  return join(dataDir, 'tls');
}

function sentenceOf(error: unknown): string {
  if (error instanceof EngineError) return error.message;
  return 'It could not be started, and the log says why. It is tried again.';
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

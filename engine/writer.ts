import { EngineError } from '../shared/model/errors.ts';
import type { IngestReport } from '../shared/model/ingest.ts';
import { isJsonObject } from '../shared/model/json.ts';
import type { StorageRun } from '../shared/model/storage.ts';
import type { Commands } from './commands.ts';
import type { Actor, ChangeKind, CommandContext } from './handlers.ts';
import type { Delivery } from './ingest/delivery.ts';
import type { MappingsTaken } from './ingest/mapping/current-mappings.ts';
import type { MappingReading } from './ingest/mapping/mapping-files.ts';
import { appendDecision } from './ledger/append.ts';
import { canonicalJson, sha256Hex } from './ledger/canonical.ts';
import type { Ports } from './ports.ts';
import { keepAnswer, keptAnswer } from './store/answers.ts';
import { appendChange, newestSeq } from './store/feed.ts';
import type { Store, Write } from './store/store.ts';

/** Files to take in. Bytes of a stream are for a writer of the same thread only. */
export interface IngestRequest {
  paths: readonly string[];
  /** A format's name, or `auto`. */
  format: string;
  /** True for records of the past: no clock starts. */
  isHistory: boolean;
  site: string | null;
  /** What people see as where it came from; the path of each file when it is left out. */
  origin?: string;
}

export type IngestProgress = (bytesRead: number, report: IngestReport) => void;

/** The one place that changes state. Commands, ticks and ingest stand in one line; people go before files. */
export interface Writer {
  /** Runs a command of the contract. Throws EngineError when it is refused. */
  run(name: string, input: unknown, actor: Actor): Promise<unknown>;
  /** Everything periodic that is due at `nowMs`. */
  tick(nowMs: number): Promise<void>;
  ingest(request: IngestRequest, onProgress?: IngestProgress): Promise<IngestReport>;
  /**
   * Stores what a live source delivered, with how far it was read, in one transaction. The answer means that it is
   * stored; a failure, that nothing of it is. The bytes belong to the writer from the call on.
   */
  deliver(delivery: Delivery): Promise<IngestReport>;
  /** Triage reads its rules and lists again before the next batch. */
  reloadTriage(): Promise<void>;
  /** Puts mapping files in force for whatever is read after the answer. */
  takeUpMappings(reading: MappingReading): Promise<MappingsTaken>;
  /** Keeps the storage policy now and tidies up, some seconds of it: called again until it says that it is done. */
  tidy(actor: Actor): Promise<StorageRun>;
  /** Called with the newest number of the change feed after each commit. */
  onChange(listener: (seq: number) => void): () => void;
  close(): Promise<void>;
}

/** What the writer does beside commands; made by the composition, where ingest and triage are known. */
export interface WriterWork {
  tick(nowMs: number): Promise<void>;
  ingest(request: IngestRequest, onProgress: IngestProgress | undefined): Promise<IngestReport>;
  deliver(delivery: Delivery): Promise<IngestReport>;
  reloadTriage(): Promise<void>;
  takeUpMappings(reading: MappingReading): Promise<MappingsTaken>;
  tidy(actor: Actor): Promise<StorageRun>;
  close(): Promise<void>;
}

/** Runs one change as a transaction with its time, its one feed row, and the news of it after the commit. */
export type Transact = <T>(actor: Actor, work: (context: CommandContext) => Promise<T>) => Promise<T>;

/** Commands that wait or run now, for ingest to step aside. */
export class PeopleFirst {
  #waiting = 0;
  readonly #idle: (() => void)[] = [];

  get isSomeoneWaiting(): boolean {
    return this.#waiting > 0;
  }

  async serve<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0) for (const wake of this.#idle.splice(0)) wake();
    }
  }

  /** Lets messages of people come in, and their commands go first. For ingest, between two slices. */
  async yieldToOthers(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}

/** Tells everybody who listens of each commit. */
export class ChangeNews {
  readonly #listeners = new Set<(seq: number) => void>();

  publish(seq: number): void {
    for (const listener of this.#listeners) listener(seq);
  }

  onChange(listener: (seq: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** `transact` over a store. The time of a change is read once it is its turn, so that entries are in order of time. */
export function makeTransact(store: Store, ports: Ports, news: ChangeNews): Transact {
  return async (actor, work) => {
    const { result, seq } = await store.write((tx) => changeWithin(tx, ports, actor, work));
    if (seq !== null) news.publish(seq);
    return result;
  };
}

async function changeWithin<T>(
  tx: Write,
  ports: Ports,
  actor: Actor,
  work: (context: CommandContext) => Promise<T>,
): Promise<{ result: T; seq: number | null; nowMs: number }> {
  const nowMs = ports.clock.nowMs();
  const touched = new Touched();
  const result = await work({
    tx,
    nowMs,
    actor,
    touch: (kind, id) => touched.add(kind, id),
    record: (entry) => appendDecision(tx, actor, entry, nowMs),
  });
  return { result, seq: await touched.append(tx, nowMs), nowMs };
}

class Touched {
  readonly #kinds = new Set<ChangeKind>();
  #firstId: number | null = null;
  #lastId: number | null = null;

  add(kind: ChangeKind, id: number | undefined): void {
    this.#kinds.add(kind);
    if (id === undefined) return;
    this.#firstId = this.#firstId === null ? id : Math.min(this.#firstId, id);
    this.#lastId = this.#lastId === null ? id : Math.max(this.#lastId, id);
  }

  /** The transaction's one feed row; null when nothing changed that anybody looks at. */
  async append(tx: Write, atMs: number): Promise<number | null> {
    if (this.#kinds.size === 0) return null;
    return appendChange(tx, { kinds: [...this.#kinds], firstId: this.#firstId, lastId: this.#lastId, atMs });
  }
}

/** The writer on the caller's own thread: the command line, tests, and the inside of the worker. */
export class InlineWriter implements Writer {
  readonly #store: Store;
  readonly #commands: Commands;
  readonly #ports: Ports;
  readonly #people: PeopleFirst;
  readonly #news: ChangeNews;
  readonly #work: WriterWork;

  constructor(parts: {
    store: Store;
    commands: Commands;
    ports: Ports;
    people: PeopleFirst;
    news: ChangeNews;
    work: WriterWork;
  }) {
    this.#store = parts.store;
    this.#commands = parts.commands;
    this.#ports = parts.ports;
    this.#people = parts.people;
    this.#news = parts.news;
    this.#work = parts.work;
  }

  run(name: string, input: unknown, actor: Actor): Promise<unknown> {
    return this.#people.serve(() => this.#run(name, input, actor));
  }

  async #run(name: string, input: unknown, actor: Actor): Promise<unknown> {
    const command = this.#commands.get(name);
    if (command === undefined) throw new Error(`There is no command ${name}`);
    const request = requestOf(name, input, actor);
    const { answer, seq } = await this.#store.write(async (tx) => {
      const first = request === null ? null : await replayed(tx, request);
      if (first !== null) return { answer: first.answer, seq: null };
      const { result, seq, nowMs } = await changeWithin(tx, this.#ports, actor, (context) => command(context, input));
      const stamped = await withSeq(tx, result, seq);
      if (request !== null) {
        await keepAnswer(tx, { ...request, answerJson: JSON.stringify(stamped ?? null), atMs: nowMs });
      }
      return { answer: stamped, seq };
    });
    if (seq !== null) this.#news.publish(seq);
    return answer;
  }

  tick(nowMs: number): Promise<void> {
    return this.#work.tick(nowMs);
  }

  ingest(request: IngestRequest, onProgress?: IngestProgress): Promise<IngestReport> {
    return this.#work.ingest(request, onProgress);
  }

  deliver(delivery: Delivery): Promise<IngestReport> {
    return this.#work.deliver(delivery);
  }

  reloadTriage(): Promise<void> {
    return this.#work.reloadTriage();
  }

  takeUpMappings(reading: MappingReading): Promise<MappingsTaken> {
    return this.#work.takeUpMappings(reading);
  }

  tidy(actor: Actor): Promise<StorageRun> {
    return this.#work.tidy(actor);
  }

  onChange(listener: (seq: number) => void): () => void {
    return this.#news.onChange(listener);
  }

  close(): Promise<void> {
    return this.#work.close();
  }
}

interface Request {
  actor: string;
  commandId: string;
  digest: string;
}

/** What makes two requests the same: who, the id that the client gave, and every word of it. Null without a statement. */
function requestOf(name: string, input: unknown, actor: Actor): Request | null {
  if (!isJsonObject(input) || !isJsonObject(input.statement)) return null;
  const { commandId } = input.statement;
  if (typeof commandId !== 'string') return null;
  return { actor: `${actor.kind}:${actor.id}`, commandId, digest: sha256Hex(canonicalJson({ name, input })) };
}

/** The first answer to the same request; a conflict when the id was used for another. */
async function replayed(tx: Write, request: Request): Promise<{ answer: unknown } | null> {
  const kept = await keptAnswer(tx, request.actor, request.commandId);
  if (kept === null) return null;
  if (kept.digest !== request.digest) {
    throw new EngineError('conflict', 'This command id was already used for something else. Send it with a new id.');
  }
  return { answer: JSON.parse(kept.answerJson) };
}

/** Fills in the number of the change feed, which is only known once the handler is done. */
async function withSeq(tx: Write, answer: unknown, seq: number | null): Promise<unknown> {
  if (!isJsonObject(answer) || !('seq' in answer)) return answer;
  return { ...answer, seq: seq ?? (await newestSeq(tx)) };
}

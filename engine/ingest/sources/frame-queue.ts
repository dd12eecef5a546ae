import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../../shared/model/errors.ts';
import { DELIVERY_MAX_BYTES } from '../delivery.ts';
import type { RecordFault } from '../records/raw-record.ts';
import { FramePack } from './frame-pack.ts';
import type { SourceContext } from './live-source.ts';
import { LOSS_SAID_FOR_MS } from './remarks.ts';

export interface FrameQueueLimits {
  /** A frame waits no longer than this for others to go with it, in milliseconds. */
  lingerMs: number;
  /** A delivery is not made larger than this, so that people's commands get their turn between two. */
  packBytes: number;
  packCount: number;
  /** When this much waits, senders are held. */
  holdBytes: number;
  /** The longest time between two tries, in milliseconds. */
  retryMs: number;
}

export const FRAME_QUEUE_LIMITS: FrameQueueLimits = {
  lingerMs: 200,
  packBytes: DELIVERY_MAX_BYTES / 4,
  packCount: 4_000,
  holdBytes: 16 * 1024 * 1024,
  retryMs: 5_000,
};

const FIRST_RETRY_MS = 100;
/** Tries of a delivery once the source is to stop: then nobody waits for a store that is away. */
const LAST_TRIES = 3;
/** A fault of the engine's own may pass, such as a worker that died; after this many it is looked for in the frames. */
const TRIES_BEFORE_SEARCH = 3;

type QueueContext = Pick<SourceContext, 'deliver' | 'show' | 'problem' | 'log' | 'source' | 'clock'>;

/**
 * Frames on their way to the store, in their order: gathered for a moment, one delivery at a time, each tried until it is
 * stored. What waits is bounded; whoever fills it asks `isFull` before.
 */
export class FrameQueue {
  readonly #context: QueueContext;
  readonly #limits: FrameQueueLimits;
  readonly #onRoom: () => void;
  readonly #packs: FramePack[] = [];
  readonly #giveUp = new AbortController();
  #weight = 0;
  #count = 0;
  #dropped = 0;
  #linger: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #isHeld = false;
  #lostAtMs: number | null = null;
  #isStopping = false;

  constructor(context: QueueContext, onRoom: () => void, limits: FrameQueueLimits = FRAME_QUEUE_LIMITS) {
    this.#context = context;
    this.#limits = limits;
    this.#onRoom = onRoom;
  }

  get isFull(): boolean {
    return this.#weight >= this.#limits.holdBytes;
  }

  add(frame: Uint8Array): void {
    this.#change((pack) => pack.add(frame));
  }

  addFault(fault: RecordFault): void {
    this.#change((pack) => pack.addFault(fault));
  }

  /** Counts what was lost before it could be held; said with the next delivery. */
  drop(count: number): void {
    this.#dropped += count;
    this.#send(false);
  }

  #change(work: (pack: FramePack) => void): void {
    const pack = this.#openPack();
    const before = pack.weight;
    work(pack);
    this.#weight += pack.weight - before;
    this.#count += 1;
    this.#send(this.#packs.length > 1 || this.#isComplete(pack));
    this.#showWaiting();
  }

  #openPack(): FramePack {
    const last = this.#packs.at(-1);
    if (last !== undefined && !this.#isComplete(last)) return last;
    const pack = new FramePack();
    this.#packs.push(pack);
    return pack;
  }

  #isComplete(pack: FramePack): boolean {
    return pack.weight >= this.#limits.packBytes || pack.count >= this.#limits.packCount;
  }

  #showWaiting(): void {
    if (this.isFull && !this.#isHeld) {
      this.#isHeld = true;
      this.#context.show({ isHeld: true });
    }
    this.#context.show({ behind: this.#count });
  }

  /** Delivers at once, or when the moment of gathering is over. What comes while one is under way goes right after it. */
  #send(isUrgent: boolean): void {
    if (this.#running !== null) return;
    if (isUrgent || this.#isStopping) {
      this.#run();
      return;
    }
    this.#linger ??= setTimeout(() => this.#run(), this.#limits.lingerMs);
  }

  #run(): void {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    this.#running ??= this.#deliverAll().finally(() => {
      this.#running = null;
    });
  }

  async #deliverAll(): Promise<void> {
    while (this.#packs.length > 0 || this.#dropped > 0) {
      const pack = this.#packs.shift() ?? new FramePack();
      await this.#deliver(pack, TRIES_BEFORE_SEARCH);
      this.#weight -= pack.weight;
      this.#count -= pack.count;
      if (this.#isHeld && this.#weight <= this.#limits.holdBytes / 2) {
        this.#isHeld = false;
        this.#context.show({ isHeld: false });
        this.#onRoom();
      }
      this.#context.show({ behind: this.#count });
    }
  }

  /** Until it is stored, or it is known which frame cannot be. */
  async #deliver(pack: FramePack, triesBeforeSearch: number): Promise<void> {
    let waitMs = FIRST_RETRY_MS;
    for (let tries = 1; ; tries += 1) {
      const dropped = this.#dropped;
      try {
        await this.#context.deliver({ records: pack.records(), cursors: [], dropped });
        this.#dropped -= dropped;
        this.#forgetLoss();
        return;
      } catch (error) {
        const code = error instanceof EngineError ? error.code : null;
        if (code === 'not_found' || (this.#isStopping && tries >= LAST_TRIES)) {
          this.#lose(pack, error);
          return;
        }
        if (code !== 'unavailable' && tries >= triesBeforeSearch) return this.#search(pack, error);
        await this.#wait(waitMs);
        waitMs = Math.min(this.#limits.retryMs, waitMs * 2);
      }
    }
  }

  /** Nothing that one frame does may keep the others from being stored; but a store that is away is no frame's fault. */
  async #search(pack: FramePack, error: unknown): Promise<void> {
    if (pack.count > 1) {
      for (const half of pack.halves()) await this.#deliver(half, 1);
      return;
    }
    if (!(await this.#isStoreWell())) {
      if (this.#isStopping) return this.#lose(pack, error);
      await this.#wait(this.#limits.retryMs);
      return this.#deliver(pack, 1);
    }
    this.#context.log.error({ source: this.#context.source.id, error: String(error) }, 'A record could not be stored');
    if (pack.count === 0) return;
    this.#dropped += 1;
    this.#lostAtMs = this.#context.clock.nowMs();
    this.#context.problem('A record could not be stored and is lost. The log says why.');
  }

  async #isStoreWell(): Promise<boolean> {
    try {
      await this.#context.deliver({ records: null, cursors: [], dropped: 0 });
      return true;
    } catch {
      return false;
    }
  }

  async #wait(ms: number): Promise<void> {
    this.#isHeld = true;
    this.#context.show({ isHeld: true });
    await delay(ms, undefined, { signal: this.#giveUp.signal }).catch(() => {});
  }

  #forgetLoss(): void {
    if (this.#lostAtMs === null || this.#context.clock.nowMs() - this.#lostAtMs < LOSS_SAID_FOR_MS) return;
    this.#lostAtMs = null;
    this.#context.problem(null);
  }

  #lose(pack: FramePack, error: unknown): void {
    const records = pack.count;
    if (records === 0 && this.#dropped === 0) return;
    this.#context.log.warn(
      { source: this.#context.source.id, records, dropped: this.#dropped, error: String(error) },
      'Records that had come in could not be stored before the source ended',
    );
    this.#dropped = 0;
  }

  /** Delivers what was taken in; gives up after a few tries. Nothing may be added after it. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#giveUp.abort();
    this.#run();
    await this.#running;
  }
}

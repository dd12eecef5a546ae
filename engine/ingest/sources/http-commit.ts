import { EngineError } from '../../../shared/model/errors.ts';
import { DELIVERY_MAX_BYTES } from '../delivery.ts';
import { FramePack } from './frame-pack.ts';
import type { SourceContext } from './live-source.ts';

interface Waiting {
  pack: FramePack;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Stores what requests bring, those that wait at the same time in one transaction: many small requests cost one write to
 * the disk. A request is answered when its own records are stored. Nothing is tried twice: the sender does that.
 */
export class CommitQueue {
  readonly #context: Pick<SourceContext, 'deliver' | 'show'>;
  readonly #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  constructor(context: Pick<SourceContext, 'deliver' | 'show'>) {
    this.#context = context;
  }

  /** Resolves when all of it is stored; rejects when nothing of it is. */
  store(pack: FramePack): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pack, resolve, reject });
      this.#running ??= this.#storeAll();
    });
  }

  /** Ends when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  async #storeAll(): Promise<void> {
    // Requests of the same moment go together: those that came with this one are in the queue by then.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#storeTogether(this.#next());
    // In the same breath as the look at what waits: whoever comes next starts it again.
    this.#running = null;
  }

  #next(): Waiting[] {
    let weight = 0;
    let count = 0;
    while (count < this.#waiting.length) {
      weight += this.#waiting[count]?.pack.weight ?? 0;
      if (count > 0 && weight > DELIVERY_MAX_BYTES) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #storeTogether(together: readonly Waiting[]): Promise<void> {
    const all = new FramePack();
    for (const { pack } of together) all.addAll(pack);
    try {
      await this.#context.deliver({ records: all.records(), cursors: [], dropped: 0 });
      for (const each of together) each.resolve();
    } catch (error) {
      // A fault of the engine's own may lie in what one request brought: the others need not suffer for it.
      const mayBeOne = together.length > 1 && !(error instanceof EngineError);
      if (!mayBeOne) for (const each of together) each.reject(error);
      else for (const each of together) await this.#storeTogether([each]);
    }
  }
}

import type { Actor } from '../handlers.ts';
import { isOpenGroup } from '../store/group-seen.ts';
import type { Transact } from '../writer.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { Novelty } from './novelty.ts';

/** Reading what fewer alerts say takes a few hundredths of a second, which may as well be paid when they are closed. */
export const READ_AHEAD_FROM = 2_000;
/** Alerts of one transaction, so that nobody waits for longer than about 10 ms. */
const SLICE = 500;
/** Transactions at most before a delivery is stored, and of a tick. */
const SLICES_OF_DELIVERY = 10;
const SLICES_OF_TICK = 40;

const CLOCK: Actor = { kind: 'system', id: 'clock' };

export interface SeenAheadParts {
  transact: Transact;
  formats: { readonly now: FormatCatalogue };
  /** Lets people's commands go first, between two slices. */
  yieldToOthers(): Promise<void>;
}

/**
 * Reads what the alerts of large open groups say while they grow. When somebody closes one while it goes on, the next
 * alert can be told from those before it without reading a hundred thousand originals first.
 */
export class SeenAhead {
  readonly #parts: SeenAheadParts;
  readonly #growing = new Set<number>();

  constructor(parts: SeenAheadParts) {
    this.#parts = parts;
  }

  /** These large groups got alerts. */
  note(groupIds: readonly number[]): void {
    for (const id of groupIds) this.#growing.add(id);
  }

  beforeDelivery(): Promise<void> {
    return this.#run(SLICES_OF_DELIVERY);
  }

  tick(): Promise<void> {
    return this.#run(SLICES_OF_TICK);
  }

  async #run(slices: number): Promise<void> {
    for (let left = slices; left > 0; left -= 1) {
      const [id] = this.#growing;
      if (id === undefined) return;
      // Behind the others, so that one that grows fast does not keep them from their turn.
      this.#growing.delete(id);
      if (await this.#slice(id)) this.#growing.add(id);
      await this.#parts.yieldToOthers();
    }
  }

  /** Nothing that anybody looks at changes. Answers whether there may be more to read. */
  #slice(groupId: number): Promise<boolean> {
    return this.#parts.transact(CLOCK, async ({ tx }) => {
      if (!(await isOpenGroup(tx, groupId))) return false;
      return new Novelty(tx, this.#parts.formats.now).readAhead(groupId, SLICE);
    });
  }
}

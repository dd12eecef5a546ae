import { stat } from 'node:fs/promises';

/** A folder's time of change has ticks: what comes within so long of it may bear the same time. */
const TICK_MS = 2_000;

/** Tells whether a folder has to be listed again, by the time of its last change. */
export class FolderChange {
  #last: { changedNs: bigint; sinceMs: number; isSettled: boolean } | null = null;

  /** True when something may have come or gone since this was last true. */
  async isDue(folder: string, nowMs: number): Promise<boolean> {
    const { mtimeNs } = await stat(folder, { bigint: true });
    if (this.#last === null || this.#last.changedNs !== mtimeNs) {
      this.#last = { changedNs: mtimeNs, sinceMs: nowMs, isSettled: false };
      return true;
    }
    if (this.#last.isSettled) return false;
    // Once more after the tick, and then not before it changes.
    this.#last.isSettled = nowMs - this.#last.sinceMs > TICK_MS;
    return true;
  }
}

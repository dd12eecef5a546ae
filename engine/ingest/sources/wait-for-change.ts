import { type FSWatcher, watch } from 'node:fs';

/**
 * Waits between two looks at a folder. What the system tells of changes ends a wait early, and is no more than a hint:
 * it comes late, twice or never on network drives and in containers.
 */
export class ChangeHint {
  #watcher: FSWatcher | null = null;
  #folder: string | null = null;
  #wake: (() => void) | null = null;
  #isDue = false;

  /** Looks after this folder from now on. */
  watch(folder: string): void {
    if (folder === this.#folder) return;
    this.close();
    this.#folder = folder;
    try {
      this.#watcher = watch(folder, { persistent: false }, () => this.#tell());
      this.#watcher.on('error', () => this.close());
    } catch {
      // The system has no more watches to give, or the folder is not there: then only time ends a wait, and the next
      // call tries again.
      this.#folder = null;
    }
  }

  #tell(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Ends after `ms`, at a hint (but not before `leastMs`), or when the signal ends. */
  async wait(ms: number, leastMs: number, signal: AbortSignal): Promise<void> {
    await this.#sleep(leastMs, signal, false);
    if (!this.#isDue) await this.#sleep(ms - leastMs, signal, true);
    this.#isDue = false;
  }

  #sleep(ms: number, signal: AbortSignal, isWoken: boolean): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      timer.unref();
      signal.addEventListener('abort', end, { once: true });
      if (isWoken) this.#wake = end;
    });
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = null;
    this.#folder = null;
  }
}

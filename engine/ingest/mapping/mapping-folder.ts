import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../ports.ts';
import { ChangeHint } from '../sources/wait-for-change.ts';
import { type MappingDirs, type MappingReading, readMappingDirs } from './mapping-files.ts';

/** Without a hint from the system the files are looked at so often: a network drive gives none. */
const LOOK_EVERY_MS = 5_000;
/** An editor writes a file in several steps: after a hint so long is waited. */
const DEBOUNCE_MS = 250;
/** Two readings so far apart have to be the same: a file is not taken up while it is being written. */
const SETTLE_MS = 150;
const SETTLE_TRIES = 20;

export interface MappingFolderParts {
  dirs: MappingDirs;
  /** What the files are that are in force already. */
  first: MappingReading;
  /** Puts files in force that differ from those before. */
  takeUp(reading: MappingReading): Promise<void>;
  log: Log;
}

/** Looks after the mapping files while the workspace is open. What has changed is taken up, once it stays as it is. */
export class MappingFolder {
  readonly #parts: MappingFolderParts;
  readonly #hint = new ChangeHint();
  readonly #stop = new AbortController();
  #last: MappingReading;
  #looking: Promise<void> = Promise.resolve();
  #running: Promise<void> | null = null;

  constructor(parts: MappingFolderParts) {
    this.#parts = parts;
    this.#last = parts.first;
  }

  /** Looks again and again from now on, until it is closed. */
  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Looks at once; the answer means that what lies there now is in force. Throws when it could not be taken up: it is
   * tried again with the next look.
   */
  look(): Promise<void> {
    // Never the answer of a look that began before this one was asked for: it may have read too early.
    const look = this.#looking.catch(() => {}).then(() => this.#look());
    this.#looking = look;
    return look;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#hint.close();
    await this.#running;
    await this.#looking.catch(() => {});
  }

  async #run(): Promise<void> {
    const { own } = this.#parts.dirs;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      // Again each time: the folder may have come since.
      if (own !== null) this.#hint.watch(own);
      await this.#hint.wait(LOOK_EVERY_MS, DEBOUNCE_MS, signal);
      if (signal.aborted) return;
      try {
        await this.look();
      } catch (error) {
        this.#parts.log.warn({ error: String(error) }, 'Mapping files could not be taken up and are tried again');
      }
    }
  }

  async #look(): Promise<void> {
    let reading = readMappingDirs(this.#parts.dirs);
    if (isDeepStrictEqual(reading, this.#last)) return;
    for (let tries = 1; tries < SETTLE_TRIES; tries += 1) {
      await delay(SETTLE_MS);
      const again = readMappingDirs(this.#parts.dirs);
      if (isDeepStrictEqual(again, reading)) break;
      reading = again;
    }
    await this.#parts.takeUp(reading);
    this.#last = reading;
  }
}

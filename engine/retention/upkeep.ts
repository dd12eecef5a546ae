import { type DueOriginals, dueOriginals } from '../../shared/domain/retention/due-originals.ts';
import { lookAtClock } from '../../shared/domain/retention/trusted-clock.ts';
import type { StoragePolicy, StorageRun } from '../../shared/model/storage.ts';
import { severityRank } from '../../shared/model/vocabulary.ts';
import type { Actor } from '../handlers.ts';
import { mergeableKinds, mergeSlice } from '../store/original-compaction.ts';
import { dropSlice, heldBytes, type KeptPlace, releaseSlice } from '../store/original-drop.ts';
import { purgeStorageRows } from '../store/storage-rows.ts';
import { storedTotals } from '../store/storage-totals.ts';
import type { Store } from '../store/store.ts';
import type { Transact } from '../writer.ts';
import { dropSentence } from './drop-sentence.ts';
import { recallStorage, rememberStorage } from './storage-memory.ts';

export interface UpkeepParts {
  store: Store;
  transact: Transact;
  policy: StoragePolicy;
  /** Lets people's commands go first, between two slices. */
  yieldToOthers(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Slices of about 10 ms that one tick takes at most, so that closing never waits for long: the next one goes on. */
const SLICES_OF_TICK = 50;
/** The same of one call by a person. */
const SLICES_OF_CALL = 200;
const KINDS_AT_ONCE = 200;
/** Free room below this is left for what comes in next. */
const FREE_BYTES_LEFT = 8 * 1024 * 1024;
const FREE_SHARE_LEFT = 0.05;

const CLOCK: Actor = { kind: 'system', id: 'clock' };

function nothingDone(): StorageRun {
  return {
    droppedBlocks: 0,
    droppedRecords: 0,
    droppedBytes: 0,
    keptOriginals: 0,
    heldBlocks: 0,
    mergedBlocks: 0,
    freedBytes: 0,
    isDone: true,
  };
}

/** Due when it never ran, ran long enough ago, or ran at a time that the clock has not reached yet. */
export function isDue(lastMs: number | null, nowMs: number, everyMs: number): boolean {
  return lastMs === null || nowMs - lastMs >= everyMs || nowMs < lastMs;
}

/** Slices that are left of this call. */
class Budget {
  left: number;

  constructor(slices: number) {
    this.left = slices;
  }

  /** False when the rest has to wait for the next call. */
  take(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }
}

/**
 * Keeps the storage policy: drops what is due, merges small blocks, and gives room back to the disk. All of it in slices
 * that are whole transactions, so that a process killed anywhere loses nothing and the next one goes on.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #droppedAtMs: number | null = null;
  #mergedAtMs: number | null = null;
  #isDropping = false;
  #isShrinking = false;
  #released: KeptPlace | null = null;
  #releasedAtMs: number | null = null;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /** What is due of it at `nowMs`. */
  async tick(nowMs: number): Promise<void> {
    const isDropDue = this.#isDropping || isDue(this.#droppedAtMs, nowMs, HOUR_MS);
    const isMergeDue = isDue(this.#mergedAtMs, nowMs, MINUTE_MS);
    await this.#run(nowMs, CLOCK, { isDropDue, isMergeDue, isWhole: false });
  }

  /** All of it now, some seconds at a time: called again until `isDone`. */
  tidy(nowMs: number, actor: Actor): Promise<StorageRun> {
    return this.#run(nowMs, actor, { isDropDue: true, isMergeDue: true, isWhole: true });
  }

  async #run(
    nowMs: number,
    actor: Actor,
    { isDropDue, isMergeDue, isWhole }: { isDropDue: boolean; isMergeDue: boolean; isWhole: boolean },
  ): Promise<StorageRun> {
    const run = nothingDone();
    const budget = new Budget(isWhole ? SLICES_OF_CALL : SLICES_OF_TICK);
    if (isDropDue) {
      this.#isDropping = true;
      const isThrough = await this.#drop(nowMs, actor, run, budget);
      this.#isDropping = !isThrough;
      if (isThrough) this.#droppedAtMs = nowMs;
      run.isDone &&= isThrough;
    }
    if (isMergeDue && budget.left > 0) {
      const isThrough = await this.#merge(nowMs, run, budget);
      if (isThrough) this.#mergedAtMs = nowMs;
      run.isDone &&= isThrough;
    }
    run.isDone &&= await this.#shrink(run, budget, isWhole);
    return run;
  }

  async #drop(nowMs: number, actor: Actor, run: StorageRun, budget: Budget): Promise<boolean> {
    const { store, transact, policy } = this.#parts;
    const trustedMs = await transact(CLOCK, async ({ tx }) => {
      const memory = await recallStorage(tx);
      const clock = lookAtClock(memory.clock, nowMs);
      await rememberStorage(tx, { ...memory, clock });
      return clock.trustedMs;
    });
    const today = Math.floor(trustedMs / DAY_MS);
    const { due } = await store.read(async (db) =>
      dueOriginals(await storedTotals(db, today), policy.originals, today, await heldBytes(db, today)),
    );
    const said = { isSaid: false };
    for (const one of due) {
      if (!(await this.#dropOne(one, { due, today, nowMs, actor, said }, run, budget))) return false;
    }
    if (!(await this.#release(nowMs, run, budget))) return false;
    for (;;) {
      if (!budget.take()) return false;
      const { hasMore } = await transact(CLOCK, async ({ tx, touch }) => {
        const purged = await purgeStorageRows(tx, trustedMs, policy.purged);
        if (purged.deadLetters + purged.runs > 0) touch('source');
        return purged;
      });
      if (!hasMore) break;
      await this.#parts.yieldToOthers();
    }
    return true;
  }

  async #dropOne(
    one: DueOriginals,
    whole: {
      due: readonly DueOriginals[];
      today: number;
      nowMs: number;
      actor: Actor;
      said: { isSaid: boolean };
    },
    run: StorageRun,
    budget: Budget,
  ): Promise<boolean> {
    const { due, today, nowMs, actor, said } = whole;
    const request = { severity: severityRank(one.severity), throughDay: one.throughDay, today, nowMs };
    for (;;) {
      if (!budget.take()) return false;
      const done = await this.#parts.transact(actor, async ({ tx, touch, record }) => {
        const result = await dropSlice(tx, request);
        if (result.droppedBlocks === 0) return result;
        touch('source');
        if (!said.isSaid) {
          const summary = dropSentence(due, this.#parts.policy.version);
          await record({ kind: 'storage.drop', statement: null, summary, subjects: [] });
        }
        const memory = await recallStorage(tx);
        const before = said.isSaid ? memory.lastRun : null;
        await rememberStorage(tx, {
          ...memory,
          lastRun: {
            atMs: nowMs,
            blocks: (before?.blocks ?? 0) + result.droppedBlocks,
            records: (before?.records ?? 0) + result.droppedRecords,
            storedBytes: (before?.storedBytes ?? 0) + result.droppedBytes,
          },
        });
        return result;
      });
      if (done.droppedBlocks > 0) {
        said.isSaid = true;
        this.#isShrinking = true;
      }
      run.droppedBlocks += done.droppedBlocks;
      run.droppedRecords += done.droppedRecords;
      run.droppedBytes += done.droppedBytes;
      run.keptOriginals += done.keptOriginals;
      run.heldBlocks += done.heldBlocks;
      await this.#parts.yieldToOthers();
      if (done.isLast) return true;
    }
  }

  /** Once a day: what was kept out of a dropped block goes when nothing refers to it any more. */
  async #release(nowMs: number, run: StorageRun, budget: Budget): Promise<boolean> {
    if (this.#released === null && !isDue(this.#releasedAtMs, nowMs, DAY_MS)) return true;
    let after = this.#released ?? { blockId: 0, slot: -1 };
    for (;;) {
      if (!budget.take()) {
        this.#released = after;
        return false;
      }
      const { released, bytes, next } = await this.#parts.transact(CLOCK, async ({ tx, touch }) => {
        const slice = await releaseSlice(tx, after, nowMs);
        if (slice.released > 0) touch('source');
        return slice;
      });
      run.droppedRecords += released;
      run.droppedBytes += bytes;
      if (next === null) break;
      after = next;
      await this.#parts.yieldToOthers();
    }
    this.#released = null;
    this.#releasedAtMs = nowMs;
    return true;
  }

  async #merge(nowMs: number, run: StorageRun, budget: Budget): Promise<boolean> {
    const { store, transact } = this.#parts;
    const kinds = await store.read((db) => mergeableKinds(db, Math.floor(nowMs / DAY_MS), KINDS_AT_ONCE));
    for (const kind of kinds) {
      for (;;) {
        if (!budget.take()) return false;
        // Nothing that anybody looks at changes: a place is known only within one transaction.
        const { merged, hasMore } = await transact(CLOCK, ({ tx }) => mergeSlice(tx, kind));
        run.mergedBlocks += merged;
        await this.#parts.yieldToOthers();
        if (!hasMore) break;
      }
    }
    return kinds.length < KINDS_AT_ONCE;
  }

  /** Gives room back to the disk once much of the file is free, until little of it is. */
  async #shrink(run: StorageRun, budget: Budget, isWhole: boolean): Promise<boolean> {
    const { store } = this.#parts;
    const { bytes, freeBytes } = await store.space();
    const isMuch = (freeBytes ?? 0) > Math.max(FREE_BYTES_LEFT, bytes * FREE_SHARE_LEFT);
    if (isMuch || (isWhole && (freeBytes ?? 0) > 0)) this.#isShrinking = true;
    if (!this.#isShrinking) return true;
    for (;;) {
      if (!budget.take()) return false;
      const freed = await store.giveBack();
      run.freedBytes += freed;
      await this.#parts.yieldToOthers();
      if (freed === 0 || freeBytes === null) break;
    }
    this.#isShrinking = false;
    await store.settle();
    return true;
  }
}

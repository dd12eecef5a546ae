import type { BigIntStats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Json } from '../../../shared/model/json.ts';
import { openPlainFile, PlainBytes } from './byte-source.ts';
import { isSameContent } from './content-mark.ts';
import { deliverUntilStored, SourceStopped } from './deliver-until-stored.ts';
import { ContentChanged, type Piece, startPosition } from './delivery-reader.ts';
import { fileProblem } from './file.ts';
import { type FileCursor, FollowedFile, fileCursorSchema, followHandle } from './followed-file.ts';
import type { SourceContext, StartSource } from './live-source.ts';
import { endOfFile } from './read-end.ts';
import {
  type FileIdentity,
  findContent,
  isTurnOf,
  openRotated,
  type RotatedFile,
  relativesOf,
} from './rotated-files.ts';
import { ChangeHint } from './wait-for-change.ts';

export interface TailTiming {
  /** Between two looks when nothing hints at a change. */
  pollMs: number;
  leastMs: number;
  /** A file that did not grow for so long has its last line, whether a line break follows or not. */
  settleMs: number;
  /** A program may write on into a file for so long after it was renamed. */
  lingerMs: number;
  /** A path may lead nowhere for so long in the middle of a rotation. */
  missingMs: number;
  /** How long something that was missed stays on the source's card. */
  noticeMs: number;
}

const TIMING: TailTiming = {
  pollMs: 500,
  leastMs: 50,
  settleMs: 2_000,
  lingerMs: 60_000,
  missingMs: 10_000,
  noticeMs: 3_600_000,
};
/** From one file before the others and the path are looked at again. */
const PIECES_IN_A_ROW = 8;

/** Follows one file through rotation, truncation and everything that is done to logs. */
export const startFileTail: StartSource<'file'> = (context) => startTailWith(context, TIMING);

/** The same at another pace. */
export async function startTailWith(context: SourceContext<'file'>, timing: TailTiming) {
  // What the owner of the machine has to allow is said before anything is tried.
  await context.allowedPath(context.source.settings.path);
  const tail = new FileTail(context, timing);
  const done = tail.run();
  return { stop: () => done };
}

/** Where reading stood when the process ended before. */
interface Lost {
  name: string;
  cursor: FileCursor;
}

class FileTail {
  readonly #context: SourceContext<'file'>;
  readonly #timing: TailTiming;
  readonly #hint = new ChangeHint();
  /** In the order in which they are read. The last one is under the path, unless it is gone from there. */
  #files: FollowedFile[] = [];
  #lost: Lost | null = null;
  #nextNumber = 1;
  /** Cursors that nobody needs any more; they go with the next delivery. */
  #outdated: string[] = [];
  #missingSinceMs: number | null = null;
  #folderChangedNs = 0n;
  /** Where the path led when it last led anywhere. */
  #path = '';
  #pathProblem: string | null = null;
  #notice: { text: string; untilMs: number } | null = null;

  constructor(context: SourceContext<'file'>, timing: TailTiming) {
    this.#context = context;
    this.#timing = timing;
  }

  async run(): Promise<void> {
    const { signal, log, source } = this.#context;
    let isRestored = false;
    try {
      while (!signal.aborted) {
        let hasMore = false;
        try {
          if (!isRestored) await this.#restore();
          isRestored = true;
          hasMore = await this.#round();
        } catch (error) {
          if (error instanceof SourceStopped) return;
          this.#pathProblem = this.#sentence(error);
          log.warn({ source: source.id, error: String(error) }, 'A followed file could not be read');
        }
        this.#tell();
        if (!hasMore) await this.#hint.wait(this.#timing.pollMs, this.#timing.leastMs, signal);
      }
    } finally {
      this.#hint.close();
      await Promise.all(this.#files.map((file) => file.close().catch(() => {})));
    }
  }

  #now(): number {
    return this.#context.clock.nowMs();
  }

  #sentence(error: unknown): string {
    if (error instanceof EngineError) return error.message;
    return `${this.#context.source.settings.path} could not be read: ${fileProblem(error)}.`;
  }

  #tell(): void {
    if (this.#notice !== null && this.#now() > this.#notice.untilMs) this.#notice = null;
    this.#context.show({ behind: this.#files.reduce((sum, file) => sum + file.behind, 0) });
    this.#context.problem(this.#pathProblem ?? this.#notice?.text ?? null);
  }

  #note(text: string): void {
    this.#notice = { text, untilMs: this.#now() + this.#timing.noticeMs };
    this.#context.log.warn({ source: this.#context.source.id }, text);
  }

  #name(): string {
    const name = `f${this.#nextNumber}`;
    this.#nextNumber += 1;
    return name;
  }

  /** Takes up the cursors. The newest is compared with what lies under the path once that can be looked at. */
  async #restore(): Promise<void> {
    const known: Lost[] = [];
    for (const [name, position] of this.#context.cursors) {
      const cursor = fileCursorSchema.safeParse(position);
      if (cursor.success) known.push({ name, cursor: cursor.data });
    }
    known.sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)));
    this.#lost = known.pop() ?? null;
    if (this.#lost === null) return;
    this.#nextNumber = Number(this.#lost.name.slice(1)) + 1;
    const path = await this.#context.allowedPath(this.#context.source.settings.path);
    for (const lost of known) if ((await this.#recover(path, lost)) === null) this.#outdated.push(lost.name);
  }

  /** Goes on with content that is under another name now. */
  async #recover(path: string, { name, cursor }: Lost): Promise<RotatedFile | null> {
    const { position, fingerprint } = cursor;
    const found = await findContent(await relativesOf(path), cursor, position.offset, fingerprint);
    if (found !== null) await this.#followRotated(found, name, position);
    return found;
  }

  async #followRotated(file: RotatedFile, name: string, position: FileCursor['position']): Promise<void> {
    const { source, handle } = await openRotated(file);
    const identity = { dev: file.dev, ino: file.ino };
    const followed = await FollowedFile.open({
      name,
      identity,
      source,
      handle,
      position,
      changedNs: file.changedNs,
      nowMs: this.#now(),
    });
    followed.isGone = true;
    await followed.look(this.#now());
    this.#files.push(followed);
  }

  /** True when more can be read at once. */
  async #round(): Promise<boolean> {
    await this.#look();
    let hasMore = false;
    for (const file of [...this.#files]) {
      if (file.isGone && file.isChanged) {
        // It was emptied, written to and renamed between two looks.
        await this.#beginAnew(this.#path, file);
        return true;
      }
      const isBusy = await this.#readFrom(file);
      hasMore ||= isBusy;
      // What comes later waits for what came before.
      if (isBusy) break;
    }
    return hasMore;
  }

  /** Compares what lies under the path with what is followed. */
  async #look(): Promise<void> {
    const current = this.#files.findLast((file) => !file.isGone) ?? null;
    let path: string;
    let found: BigIntStats;
    try {
      path = await this.#context.allowedPath(this.#context.source.settings.path);
      found = await stat(path, { bigint: true });
      if (!found.isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
    } catch (error) {
      this.#noteMissing(error);
      return;
    }
    this.#missingSinceMs = null;
    this.#path = path;
    this.#hint.watch(dirname(path));
    if (current === null) return this.#open(path);
    if (String(found.dev) !== current.identity.dev || String(found.ino) !== current.identity.ino) {
      current.isGone = true;
      return this.#open(path);
    }
    this.#pathProblem = null;
    if (await this.#isAnew(current, found)) return this.#beginAnew(path, current);
    if (current.reader.position.offset === 0) await this.#lookForUnseen(path, current);
    current.changedNs = found.mtimeNs;
  }

  /** Of a file of which nothing was read, nothing tells whether it was emptied: only a copy that turns up. */
  async #lookForUnseen(path: string, current: FollowedFile): Promise<void> {
    const { mtimeNs } = await stat(dirname(path), { bigint: true });
    if (mtimeNs === this.#folderChangedNs) return;
    this.#folderChangedNs = mtimeNs;
    this.#files = this.#files.filter((file) => file !== current);
    await this.#followBetween(path, current.changedNs, [current.identity]);
    this.#files.push(current);
  }

  #noteMissing(error: unknown): void {
    this.#missingSinceMs ??= this.#now();
    const isNew = this.#files.length === 0;
    // In a rotation there is no file for a moment.
    if (!isNew && this.#now() - this.#missingSinceMs < this.#timing.missingMs) return;
    this.#pathProblem = this.#sentence(error);
  }

  async #isAnew(file: FollowedFile, { size, mtimeNs }: BigIntStats): Promise<boolean> {
    const { position, mark } = file.reader;
    if (file.isChanged || Number(size) < position.offset) return true;
    if (mtimeNs === file.checkedNs || position.offset === 0) return false;
    file.checkedNs = mtimeNs;
    return !(await isSameContent(file.source, position.offset, mark.fingerprint()));
  }

  /** The file was emptied, perhaps after it was copied: the rest of what it held is in the copy, if there is one. */
  async #beginAnew(path: string, file: FollowedFile): Promise<void> {
    const { reader, name } = file;
    const { offset } = reader.position;
    const unread = file.behind;
    const lost: Lost = { name, cursor: { ...file.cursor(), dev: '', ino: '' } };
    const index = this.#files.indexOf(file);
    const later = this.#files.splice(index).slice(1);
    const copy = offset === 0 ? null : await this.#recover(path, lost);
    if (copy === null) {
      this.#outdated.push(name);
      if (unread > 0) {
        this.#note(
          `${path} was emptied before its last ${unread} bytes were read, and no copy of them lies beside it.`,
        );
      }
    } else {
      const without = [copy, file.identity, ...later.map(({ identity }) => identity)];
      await this.#followBetween(path, copy.changedNs, without);
    }
    const fresh = file.anew(this.#name(), startPosition(reader.position), this.#now());
    await fresh.look(this.#now());
    fresh.isGone = file.isGone;
    this.#files.push(fresh, ...later);
  }

  /** Opens what lies under the path now, after the files that it followed on. */
  async #open(path: string): Promise<void> {
    let handle: FileHandle;
    try {
      handle = await openPlainFile(path);
    } catch (error) {
      this.#noteMissing(error);
      return;
    }
    try {
      await this.#place(path, handle);
      this.#pathProblem = null;
    } catch (error) {
      if (!this.#files.some((file) => !file.isGone)) await handle.close();
      throw error;
    }
  }

  async #place(path: string, handle: FileHandle): Promise<void> {
    const before = this.#files.at(-1) ?? null;
    const lost = this.#lost;
    const nowMs = this.#now();
    if (lost !== null) {
      const isSame = await isSameFile(handle, lost.cursor);
      if (!isSame) await this.#findLost(path, lost, handle);
      else if (lost.cursor.position.offset === 0)
        await this.#followBetween(path, BigInt(lost.cursor.changedNs), [lost.cursor]);
      this.#lost = null;
      if (isSame) return this.#follow(handle, lost.name, lost.cursor.position);
    } else if (before !== null) {
      const cursor = before.cursor();
      const seen = await before.look(nowMs).catch(() => null);
      if (await isSameFile(handle, cursor)) {
        // The same content under a new number: a drive that was mounted anew, or a file that was written whole again.
        if (seen === null || seen.size <= cursor.position.offset) await this.#drop(before);
        return this.#follow(handle, before.name, cursor.position);
      }
      if (seen !== null) await this.#followBetween(path, before.changedNs, [before.identity, await identityOf(handle)]);
    } else if (!this.#context.source.settings.fromStart && this.#pathProblem === null) {
      const position = await endOfFile(new PlainBytes(handle), Number((await handle.stat()).size));
      await this.#follow(handle, this.#name(), position);
      return this.#store(null, this.#files.slice(-1));
    }
    await this.#follow(handle, this.#name(), startPosition(null));
  }

  async #follow(handle: FileHandle, name: string, position: FileCursor['position']): Promise<void> {
    this.#files.push(await followHandle(handle, { name, position, nowMs: this.#now() }));
  }

  async #findLost(path: string, lost: Lost, handle: FileHandle): Promise<void> {
    const found = await this.#recover(path, lost);
    const own = await identityOf(handle);
    const sinceNs = found?.changedNs ?? BigInt(lost.cursor.changedNs);
    const between = await this.#followBetween(path, sinceNs, found === null ? [own] : [found, own]);
    if (found !== null) return;
    this.#outdated.push(lost.name);
    // What was written after the last look is read whole; what is known already is no alert twice.
    if (between > 0) return;
    this.#note(
      `${path} was replaced while nobody followed it, and what it held is not beside it under another name. ` +
        `If more than its first ${lost.cursor.position.offset} bytes was written, read the old file by hand.`,
    );
  }

  /** Files that were rotated away without ever having been seen under the path, in the order of their ends. */
  async #followBetween(path: string, sinceNs: bigint, without: readonly FileIdentity[]): Promise<number> {
    const isKnown = (file: RotatedFile) =>
      [...without, ...this.#files.map(({ identity }) => identity)].some(
        ({ dev, ino }) => dev === file.dev && ino === file.ino,
      );
    const between = (await relativesOf(path)).filter(
      (file) => file.changedNs >= sinceNs && isTurnOf(path, file.path) && !isKnown(file),
    );
    for (const file of between.reverse()) await this.#followRotated(file, this.#name(), startPosition(null));
    return between.length;
  }

  async #drop(file: FollowedFile): Promise<void> {
    this.#files = this.#files.filter((each) => each !== file);
    await file.close().catch(() => {});
  }

  /** True when it stopped in the middle. */
  async #readFrom(file: FollowedFile): Promise<boolean> {
    for (let count = 0; count < PIECES_IN_A_ROW; count++) {
      const piece = await this.#nextOf(file);
      if (piece === null) {
        await this.#endIfOver(file);
        return false;
      }
      file.reader.take(piece);
      await this.#store(piece.records, [file]);
      this.#tell();
    }
    return true;
  }

  async #nextOf(file: FollowedFile): Promise<Piece | null> {
    const nowMs = this.#now();
    const seen = await file.look(nowMs);
    const isSettled = nowMs - file.grewAtMs >= this.#timing.settleMs;
    if (seen !== null && seen.size === file.triedSize && !isSettled) return null;
    try {
      const piece = await file.reader.next(file.isGone && (file.isCompressed || isSettled));
      if (piece === null && seen !== null) file.triedSize = seen.size;
      if (piece === null && isSettled && !file.isGone && file.behind > 0) return await file.wholeRest();
      return piece;
    } catch (error) {
      if (!(error instanceof ContentChanged)) throw error;
      file.isChanged = true;
      return null;
    }
  }

  /** A file that was rotated away is let go when nobody has written into it for a while, and another has followed it. */
  async #endIfOver(file: FollowedFile): Promise<void> {
    const next = this.#files[this.#files.indexOf(file) + 1];
    if (!file.isGone || next === undefined) return;
    if (!file.isCompressed && !file.isChanged && this.#now() - file.grewAtMs < this.#timing.lingerMs) return;
    this.#outdated.push(file.name);
    await this.#drop(file);
    // The one behind it, and none further on: a restart looks for all that come after the last cursor.
    await this.#store(null, [next]);
  }

  async #store(records: Piece['records'] | null, files: readonly FollowedFile[]): Promise<void> {
    const forgotten = this.#outdated.filter((name) => !files.some((file) => file.name === name));
    const cursors = [
      ...files.map((file): { name: string; position: Json } => ({
        name: file.name,
        position: file.cursor(),
      })),
      ...forgotten.map((name) => ({ name, position: null })),
    ];
    await deliverUntilStored(this.#context, { records, cursors, dropped: 0 });
    this.#outdated = [];
  }
}

async function identityOf(handle: FileHandle): Promise<FileIdentity> {
  const { dev, ino } = await handle.stat({ bigint: true });
  return { dev: String(dev), ino: String(ino) };
}

/** True when the open file goes on with what a cursor was kept of. */
async function isSameFile(handle: FileHandle, { dev, ino, position, fingerprint }: FileCursor): Promise<boolean> {
  if (position.offset === 0) {
    const own = await identityOf(handle);
    return own.dev === dev && own.ino === ino;
  }
  return isSameContent(new PlainBytes(handle), position.offset, fingerprint);
}

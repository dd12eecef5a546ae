import type { BigIntStats } from 'node:fs';
import { type FileHandle, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Json } from '../../../shared/model/json.ts';
import { openPlainFile } from './byte-source.ts';
import { isSameContent } from './content-mark.ts';
import { deliverUntilStored, SourceStopped } from './deliver-until-stored.ts';
import { ContentChanged, type Piece } from './delivery-reader.ts';
import { fileProblem } from './file.ts';
import type { FollowedFile } from './followed-file.ts';
import { FollowedFiles } from './followed-files.ts';
import type { SourceContext, StartSource } from './live-source.ts';
import { FileMoved } from './rotated-files.ts';
import { TAIL_TIMING, type TailTiming } from './tail-timing.ts';
import { ChangeHint } from './wait-for-change.ts';

/** From one file before the others and the path are looked at again. */
const PIECES_IN_A_ROW = 8;

/** Follows one file through rotation, truncation and everything that is done to logs. */
export const startFileTail: StartSource<'file'> = (context) => startTailWith(context, TAIL_TIMING);

/** The same at another pace. */
export async function startTailWith(context: SourceContext<'file'>, timing: TailTiming) {
  // What the owner of the machine has to allow is said before anything is tried.
  await context.allowedPath(context.source.settings.path);
  const tail = new FileTail(context, timing);
  const done = tail.run();
  return { stop: () => done };
}

class FileTail {
  readonly #context: SourceContext<'file'>;
  readonly #timing: TailTiming;
  readonly #hint = new ChangeHint();
  readonly #files: FollowedFiles;
  /** The cursors as they are stored, by their names. */
  readonly #stored = new Map<string, string>();
  #missingSinceMs: number | null = null;
  /** Where the path led when it last led anywhere. */
  #path = '';
  #pathProblem: string | null = null;
  #notice: { text: string; untilMs: number } | null = null;

  constructor(context: SourceContext<'file'>, timing: TailTiming) {
    this.#context = context;
    this.#timing = timing;
    const { path } = context.source.settings;
    const { cursors } = context;
    this.#files = new FollowedFiles({ path, cursors, nowMs: () => this.#now(), note: (text) => this.#note(text) });
    for (const [name, position] of cursors) this.#stored.set(name, JSON.stringify(position));
  }

  async run(): Promise<void> {
    const { signal, log, source } = this.#context;
    try {
      while (!signal.aborted) {
        let hasMore = false;
        try {
          hasMore = await this.#round();
        } catch (error) {
          if (error instanceof SourceStopped) return;
          // Nothing is wrong with a folder in which somebody is at work; it is looked at again.
          if (!(error instanceof FileMoved)) this.#pathProblem = this.#sentence(error);
          log.warn({ source: source.id, error: String(error) }, 'A followed file could not be read');
        }
        this.#tell();
        if (!hasMore) await this.#hint.wait(this.#timing.pollMs, this.#timing.leastMs, signal);
      }
    } finally {
      this.#hint.close();
      await this.#files.close();
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
    this.#context.show({ behind: this.#files.behind });
    this.#context.problem(this.#pathProblem ?? this.#notice?.text ?? null);
  }

  #note(text: string): void {
    this.#notice = { text, untilMs: this.#now() + this.#timing.noticeMs };
    this.#context.log.warn({ source: this.#context.source.id }, text);
  }

  /** True when more can be read at once. */
  async #round(): Promise<boolean> {
    await this.#look();
    let hasMore = false;
    for (const file of [...this.#files.all]) {
      if (file.isGone && file.isChanged) {
        // It was emptied, written to and renamed between two looks.
        await this.#files.beginAnew(this.#path, file);
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
    const { current } = this.#files;
    let path = '';
    let found: BigIntStats;
    try {
      path = await this.#context.allowedPath(this.#context.source.settings.path);
      found = await stat(path, { bigint: true });
      if (!found.isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
    } catch (error) {
      this.#noteMissing(error);
      if (path === '' || !this.#isMissingForLong) return;
      this.#path = path;
      await this.#files.takeUp(path);
      return;
    }
    this.#missingSinceMs = null;
    this.#path = path;
    this.#hint.watch(dirname(path));
    if (current === null) return this.#files.isCatchingUp ? undefined : this.#open(path);
    if (String(found.dev) !== current.identity.dev || String(found.ino) !== current.identity.ino) {
      current.isGone = true;
      return this.#open(path);
    }
    this.#pathProblem = null;
    if (await this.#isAnew(current, found)) return this.#files.beginAnew(path, current);
    // Until something of it was read, nothing tells whether it was emptied: a copy may be as old as when it was opened.
    if (current.reader.position.offset === 0) await this.#lookBehindUnread(path, current, Number(found.size));
    else current.changedNs = found.mtimeNs;
  }

  async #lookBehindUnread(path: string, current: FollowedFile, size: number): Promise<void> {
    // Somebody else may have looked since and seen it emptied already.
    const unread = size < current.unread ? current.unread : 0;
    current.unread = size;
    const isFound = await this.#files.findUnseen(path, current, unread > 0 ? 'now' : 'onChange');
    if (unread > 0 && !isFound) this.#files.sayEmptied(path, unread);
    await current.look(this.#now());
  }

  #noteMissing(error: unknown): void {
    this.#missingSinceMs ??= this.#now();
    const isNew = this.#files.all.length === 0;
    // In a rotation there is no file for a moment.
    if (!isNew && !this.#isMissingForLong) return;
    this.#pathProblem = this.#sentence(error);
  }

  get #isMissingForLong(): boolean {
    return this.#missingSinceMs !== null && this.#now() - this.#missingSinceMs >= this.#timing.missingMs;
  }

  async #isAnew(file: FollowedFile, { size, mtimeNs }: BigIntStats): Promise<boolean> {
    const { position, mark } = file.reader;
    if (file.isChanged || Number(size) < position.offset) return true;
    if (mtimeNs === file.checkedNs || position.offset === 0) return false;
    file.checkedNs = mtimeNs;
    return !(await isSameContent(file.source, position.offset, mark.fingerprint()));
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
      const startsAtEnd = !this.#context.source.settings.fromStart && this.#pathProblem === null;
      const placed = await this.#files.place(path, handle, startsAtEnd);
      if (placed === 'later') await handle.close();
      this.#pathProblem = null;
      if (placed === 'first') await this.#store(null);
    } catch (error) {
      if (this.#files.current === null) await handle.close();
      throw error;
    }
  }

  /** True when it stopped in the middle. */
  async #readFrom(file: FollowedFile): Promise<boolean> {
    for (let count = 0; count < PIECES_IN_A_ROW; count++) {
      const isFirst = file.reader.position.offset === 0 && !file.isGone;
      const piece = await this.#nextOf(file);
      file.isAtEnd = piece === null && !file.isChanged;
      const isMoved = piece !== null || file.reader.position.offset > 0;
      // It may have been copied and emptied since it was looked at: what was read now comes after what the copy holds.
      if (isFirst && isMoved && (await this.#files.findUnseen(this.#path, file, 'now'))) return true;
      if (piece === null) {
        // What it holds now is others' bytes: it begins anew in the next round, also when it was renamed since.
        if (file.isChanged && !file.isCompressed) return true;
        await this.#endIfOver(file);
        return false;
      }
      file.reader.take(piece);
      await this.#store(piece.records);
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
    const next = this.#files.all[this.#files.all.indexOf(file) + 1];
    if (!file.isGone || next === undefined) return;
    if (!file.isCompressed && !file.isChanged && this.#now() - file.grewAtMs < this.#timing.lingerMs) return;
    if (file.fault !== null) this.#note(`Of a compressed part of ${this.#path} not all could be read: ${file.fault}.`);
    await this.#files.finish(file);
    await this.#store(null);
  }

  /** Stores records with all that a restart has to know by then, as far as it is not what is stored already. */
  async #store(records: Piece['records'] | null): Promise<void> {
    const now = this.#files.cursors();
    const cursors: { name: string; position: Json | null }[] = [];
    for (const [name, position] of now) {
      if (this.#stored.get(name) !== JSON.stringify(position)) cursors.push({ name, position });
    }
    for (const name of this.#stored.keys()) if (!now.has(name)) cursors.push({ name, position: null });
    await deliverUntilStored(this.#context, { records, cursors, dropped: 0 });
    for (const { name, position } of cursors) {
      if (position === null) this.#stored.delete(name);
      else this.#stored.set(name, JSON.stringify(position));
    }
  }
}

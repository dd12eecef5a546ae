import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlainBytes } from './byte-source.ts';
import { isSameContent } from './content-mark.ts';
import { FolderChange } from './folder-change.ts';
import { type FileCursor, type FollowedFile, fileCursorSchema, followHandle } from './followed-file.ts';
import { endOfFile } from './read-end.ts';
import { startPosition } from './read-position.ts';
import { closeAll, type Lost, openTurnsSince, reopenLost } from './reopened-files.ts';
import { type FileIdentity, findContent, identityOf } from './rotated-files.ts';

/**
 * The files of one log: the one under its path, and before it those that were rotated away and are not read to their
 * end. Every change is made as a whole: when something cannot be opened, all is as it was before.
 */
export class FollowedFiles {
  readonly #nowMs: () => number;
  readonly #note: (text: string) => void;
  /** In the order in which they are read. The last one is under the path, unless it is gone from there. */
  #files: FollowedFile[] = [];
  /** Where reading stood when the process ended before. */
  #lost: Lost | null = null;
  #nextNumber = 1;
  /** Cursors that nobody needs any more; they go with the next delivery. */
  outdated: string[] = [];
  readonly #folderChange = new FolderChange();

  constructor(parts: { nowMs(): number; note(text: string): void }) {
    this.#nowMs = parts.nowMs;
    this.#note = parts.note;
  }

  get all(): readonly FollowedFile[] {
    return this.#files;
  }

  /** The one that was under the path when it was last looked at. */
  get current(): FollowedFile | null {
    return this.#files.findLast((file) => !file.isGone) ?? null;
  }

  get behind(): number {
    return this.#files.reduce((sum, file) => sum + file.behind, 0);
  }

  /** Takes up the cursors. The newest is compared with what lies under the path once that can be looked at. */
  async restore(path: string, cursors: ReadonlyMap<string, unknown>): Promise<void> {
    const known: Lost[] = [];
    for (const [name, position] of cursors) {
      const cursor = fileCursorSchema.safeParse(position);
      if (cursor.success) known.push({ name, cursor: cursor.data });
    }
    known.sort((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)));
    const lost = known.pop() ?? null;
    if (lost === null) return;
    const opened: FollowedFile[] = [];
    this.#nextNumber = Number(lost.name.slice(1)) + 1;
    await this.#whole(opened, async () => {
      for (const each of known) {
        const again = await reopenLost(path, each, this.#nowMs());
        // What is read after a file was read to its end before: one that is gone now is no loss.
        if (again !== null) opened.push(again.file);
        else if (each.cursor.position.offset === 0) {
          // Nothing of it was read, so that no content tells what it became when it was compressed.
          // The number in the newest cursor may have gone to another file since: only one that has its content is it.
          const { position, fingerprint } = lost.cursor;
          const newest = await findContent(path, lost.cursor, position.offset, fingerprint);
          const without = [...(newest === null ? [] : [newest]), ...opened.map(({ identity }) => identity)];
          opened.push(...(await this.#since(path, BigInt(each.cursor.changedNs), without)));
        }
      }
    });
    for (const file of opened) file.isKept = known.some(({ name }) => name === file.name);
    const isOpened = ({ name }: Lost) => opened.some((file) => file.name === name);
    this.outdated.push(...known.filter((each) => !isOpened(each)).map(({ name }) => name));
    this.#files.push(...opened);
    this.#lost = lost;
  }

  /**
   * Takes what was opened under the path as the current file, behind those that went before it. `startsAtEnd` is for a
   * first file of which only what comes from now on is wanted; true when that was done.
   */
  async place(path: string, handle: FileHandle, startsAtEnd: boolean): Promise<boolean> {
    // Before anything is listed: what is copied and emptied from here on bears this time or a later one.
    const seen = await handle.stat({ bigint: true });
    const before = this.#files.at(-1) ?? null;
    const lost = this.#lost;
    if (lost !== null) await this.#placeAfterRestart(path, handle, seen, lost);
    else if (before !== null) await this.#placeAfter(path, handle, seen, before);
    else {
      const position = startsAtEnd ? await endOfFile(new PlainBytes(handle), Number(seen.size)) : startPosition(null);
      this.#files.push(await this.#follow(handle, seen, this.#name(), position));
      return startsAtEnd;
    }
    return false;
  }

  async #placeAfterRestart(path: string, handle: FileHandle, seen: BigIntStats, lost: Lost): Promise<void> {
    const opened: FollowedFile[] = [];
    const { name, cursor } = lost;
    const isSame = await isSameFile(handle, seen, cursor);
    await this.#whole(opened, async () => {
      if (!isSame) await this.#findLost(path, lost, seen, opened);
      else if (cursor.position.offset === 0) {
        opened.push(...(await this.#since(path, BigInt(cursor.changedNs), [cursor])));
      }
      const [named, position] = isSame ? [name, cursor.position] : [this.#name(), startPosition(null)];
      const file = await this.#follow(handle, seen, named, position);
      file.isKept = isSame;
      opened.push(file);
    });
    this.#files.push(...opened);
    this.#lost = null;
  }

  async #findLost(path: string, lost: Lost, seen: BigIntStats, opened: FollowedFile[]): Promise<void> {
    const { changedNs, position } = lost.cursor;
    const again = await reopenLost(path, lost, this.#nowMs());
    if (again !== null) {
      again.file.isKept = true;
      opened.push(again.file);
    }
    // Of a file of which nothing was read, copies may have been made before its own last change.
    const sinceNs = again === null || position.offset === 0 ? BigInt(changedNs) : again.found.changedNs;
    const own = identityOf(seen);
    const between = await this.#since(path, sinceNs, again === null ? [own] : [again.found, own]);
    opened.push(...between);
    if (again !== null) return;
    this.outdated.push(lost.name);
    // Of a file of which nothing was read, what was written is read whole with those that came after it.
    if (position.offset === 0 && between.length > 0) return;
    this.#sayUnread(`${path} was replaced while nobody followed it`, lost.cursor);
  }

  async #placeAfter(path: string, handle: FileHandle, seen: BigIntStats, before: FollowedFile): Promise<void> {
    const cursor = before.cursor();
    const last = await before.look(this.#nowMs()).catch(() => null);
    if (await isSameFile(handle, seen, cursor)) {
      // The same content under a new number: a drive that was mounted anew, or a file that was written whole again.
      const file = await this.#follow(handle, seen, before.name, cursor.position);
      file.isKept = before.isKept;
      this.#files.push(file);
      if (last === null || last.size <= cursor.position.offset) await this.drop(before);
      return;
    }
    const opened: FollowedFile[] = [];
    await this.#whole(opened, async () => {
      opened.push(...(await this.#since(path, before.changedNs, [identityOf(seen)])));
      opened.push(await this.#follow(handle, seen, this.#name(), startPosition(null)));
    });
    this.#files.push(...opened);
  }

  /** The file was emptied, perhaps after it was copied: the rest of what it held is in the copy, if there is one. */
  async beginAnew(path: string, file: FollowedFile): Promise<void> {
    const { reader, name } = file;
    const unread = file.behind;
    const lost: Lost = { name, cursor: { ...file.cursor(), dev: '', ino: '' } };
    const opened: FollowedFile[] = [];
    let hasCopy = false;
    await this.#whole(opened, async () => {
      const copy = reader.position.offset === 0 ? null : await reopenLost(path, lost, this.#nowMs());
      hasCopy = copy !== null;
      if (copy !== null) {
        copy.file.isKept = file.isKept;
        opened.push(copy.file);
      }
      // Also without a copy: it may have been emptied more than once, and later copies are there.
      const sinceNs = copy?.found.changedNs ?? file.changedNs;
      opened.push(...(await this.#since(path, sinceNs, copy === null ? [] : [copy.found])));
    });
    const fresh = file.anew(this.#name(), startPosition(reader.position), this.#nowMs());
    fresh.isGone = file.isGone;
    this.#files.splice(this.#files.indexOf(file), 1, ...opened, fresh);
    if (!hasCopy) {
      this.outdated.push(name);
      if (unread > 0) this.sayEmptied(path, unread);
      // Who copies before emptying made a copy of this too, which may have held more than was seen.
      else if (opened.length > 0) this.#sayUnread(`${path} was emptied more than once`, lost.cursor);
    }
    await fresh.look(this.#nowMs());
  }

  /** Looks for copies at once, or only when the folder changed; true when there were some, which are read first. */
  async findUnseen(path: string, current: FollowedFile, when: 'now' | 'onChange'): Promise<boolean> {
    // Of a file of which nothing was read, nothing tells whether it was emptied: only a copy that turns up.
    if (when === 'onChange' && !(await this.#folderChange.isDue(dirname(path), this.#nowMs()))) return false;
    const found = await this.#since(path, current.changedNs, []);
    this.#files.splice(this.#files.indexOf(current), 0, ...found);
    return found.length > 0;
  }

  /** Says that bytes which were seen can be read nowhere any more. */
  sayEmptied(path: string, bytes: number): void {
    this.#note(`${path} was emptied before its last ${bytes} bytes were read, and no copy of them lies beside it.`);
  }

  #sayUnread(what: string, { position }: FileCursor): void {
    this.#note(
      `${what}, and what it held is not beside it under another name. ` +
        `If more than its first ${position.offset} bytes was written, read the old file by hand.`,
    );
  }

  /** Files that were rotated away without ever having been seen under the path, opened but not yet followed. */
  async #since(path: string, sinceNs: bigint, without: readonly FileIdentity[]): Promise<FollowedFile[]> {
    const known = [...without, ...this.#files.map(({ identity }) => identity)];
    const parts = { name: () => this.#name(), nowMs: this.#nowMs() };
    const { files, unreadable } = await openTurnsSince(path, sinceNs, known, parts);
    for (const sentence of unreadable) this.#note(`${sentence}. Read it by hand.`);
    return files;
  }

  async #whole(opened: FollowedFile[], work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  }

  #follow(handle: FileHandle, seen: BigIntStats, name: string, position: FileCursor['position']) {
    return followHandle(handle, { name, position, stat: seen, nowMs: this.#nowMs() });
  }

  #name(): string {
    const name = `f${this.#nextNumber}`;
    this.#nextNumber += 1;
    return name;
  }

  async drop(file: FollowedFile): Promise<void> {
    this.#files = this.#files.filter((each) => each !== file);
    await closeAll([file]);
  }

  close(): Promise<void> {
    return closeAll(this.#files);
  }
}

/** True when the open file goes on with what a cursor was kept of. */
async function isSameFile(handle: FileHandle, seen: BigIntStats, cursor: FileCursor): Promise<boolean> {
  const { dev, ino, position, fingerprint } = cursor;
  if (position.offset > 0) return isSameContent(new PlainBytes(handle), position.offset, fingerprint);
  const own = identityOf(seen);
  return own.dev === dev && own.ino === ino;
}

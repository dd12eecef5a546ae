import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '../../../shared/model/json.ts';
import { PlainBytes } from './byte-source.ts';
import { ContentMark, HEAD_BYTES, isSameContent } from './content-mark.ts';
import { FolderChange } from './folder-change.ts';
import { closeAll, type FollowedFile, followHandle } from './followed-file.ts';
import { type LogFound, type LogSearch, searchLog } from './log-search.ts';
import { endOfFile } from './read-end.ts';
import { startPosition } from './read-position.ts';
import { type FileIdentity, identityOf, isSameFile, keyOf } from './rotated-files.ts';
import { logCursors, numberOf, parseLog, type StoredFile } from './stored-log.ts';

/** Old versions of programs that rotate and compress pass a time on in whole seconds, and some drives have only even ones. */
const COARSE_NS = 2_000_000_000n;
/** So many files that were read are told again, however late the time is that they bear once they are compressed. */
const DONE_KEPT = 16;
const SETTLED_MAX = 10_000;

/**
 * The files of one log: the one under its path, and before it those that were rotated away and are not read to their
 * end. What a restart has to know is all that was read of any of them, by content, and a time: what was last written
 * to before that was read, or never wanted. Both are stored with each delivery. So whatever lies in the folder and
 * bears that time or a later one is either told by its content, or is read from its start.
 * Every change is made as a whole: when something cannot be opened, all is as it was before.
 */
export class FollowedFiles {
  readonly #nowMs: () => number;
  readonly #note: (text: string) => void;
  /** As it was set. */
  readonly #asked: string;
  /** In the order in which they are read. The last one is under the path, unless it is gone from there. */
  #files: FollowedFile[] = [];
  /** What was read before the process ended, until the path leads somewhere. */
  #lost: StoredFile[];
  #isTakenUp = false;
  #hasMore = false;
  #done: StoredFile[];
  /** Null before the path led anywhere. */
  #sinceNs: bigint | null;
  /** What was under the path before the process ended, when nothing of it was read. */
  #unread: FileIdentity | null;
  #nextNumber: number;
  readonly #settled = new Set<string>();
  readonly #folderChange = new FolderChange();

  constructor(parts: {
    path: string;
    cursors: ReadonlyMap<string, unknown>;
    nowMs(): number;
    note(text: string): void;
  }) {
    this.#nowMs = parts.nowMs;
    this.#note = parts.note;
    this.#asked = parts.path;
    const stored = parseLog(parts.path, parts.cursors);
    // Of what was not read nothing can be told again: it is found by its time.
    const read = stored?.files.filter(({ cursor }) => cursor.position.offset > 0) ?? [];
    this.#lost = read.filter(({ cursor }) => cursor.state !== 'done');
    this.#done = read.filter(({ cursor }) => cursor.state === 'done');
    this.#sinceNs = stored?.sinceNs ?? null;
    this.#unread = stored?.unread ?? null;
    this.#nextNumber = 1 + Math.max(0, ...(stored?.files.map(({ name }) => numberOf(name)) ?? []));
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

  /** True while more files wait than are open, and of those not all is read. */
  get isCatchingUp(): boolean {
    return this.#hasMore && this.#files.some(({ isAtEnd }) => !isAtEnd);
  }

  /** All that a restart has to know, by the names of the cursors. */
  cursors(): Map<string, Json> {
    if (this.#sinceNs === null) return new Map();
    const read = this.#files.map((file): StoredFile => ({ name: file.name, cursor: file.cursor() }));
    const { current } = this;
    const unread = current === null || current.reader.position.offset > 0 ? null : current.identity;
    const files = [...this.#lost, ...this.#done, ...read];
    return logCursors(this.#asked, { sinceNs: this.#since(this.#sinceNs), unread, files });
  }

  /** Nothing unread was last written to before this. */
  #since(leastNs: bigint): bigint {
    const times = [
      ...this.#files.map(({ changedNs }) => changedNs),
      ...this.#lost.map(({ cursor }) => BigInt(cursor.changedNs)),
    ];
    const first = times[0];
    if (first === undefined) return leastNs;
    const sinceNs = times.reduce((least, time) => (time < least ? time : least), first) - COARSE_NS;
    return sinceNs > leastNs ? sinceNs : leastNs;
  }

  /**
   * Takes what was opened under the path as the current file, behind those that went before it. `startsAtEnd` is for a
   * first file of which only what comes from now on is wanted. Answers `first` for a first one, whose place is to be
   * stored, and `later` when so many wait before it that it is to be opened again once those are read.
   */
  async place(path: string, handle: FileHandle, startsAtEnd: boolean): Promise<'first' | 'placed' | 'later'> {
    // Before anything is listed: what is copied and emptied from here on bears this time or a later one.
    const seen = await handle.stat({ bigint: true });
    if (this.#sinceNs === null) {
      const position = startsAtEnd ? await endOfFile(new PlainBytes(handle), Number(seen.size)) : startPosition(null);
      this.#files.push(await this.#follow(handle, seen, this.#name(), position));
      // What was emptied just now may have been copied within the same tick, and that copy was there before us.
      this.#sinceNs = seen.size > 0n ? seen.mtimeNs : seen.mtimeNs + 1n;
      return 'first';
    }
    const source = new PlainBytes(handle);
    const fresh = { source, identity: identityOf(seen), size: async () => (await handle.stat()).size };
    const found = await this.#search(path, { sought: this.#lost, fresh });
    if (found.hasMore) {
      this.#takeFirst(found);
      return 'later';
    }
    try {
      await this.#placeBehind(handle, seen, found);
    } catch (error) {
      await closeAll([...found.again, ...found.unseen]);
      throw error;
    }
    this.#sayMissing(path, found, fresh.identity);
    this.#lost = [];
    this.#unread = null;
    return 'placed';
  }

  /** Begins with what was rotated away; what was under the path may still be there, or come back. */
  #takeFirst(found: LogFound): void {
    this.#take(found);
    this.#files.push(...found.again, ...found.unseen);
    this.#lost = found.fresh === null ? found.missing : [...found.missing, found.fresh];
  }

  /** Goes on with what was rotated away before the process ended, when nothing is under the path now. */
  async takeUp(path: string): Promise<void> {
    if (this.#sinceNs === null || this.#isTakenUp || this.current !== null || this.isCatchingUp) return;
    const found = await this.#search(path, { sought: this.#lost, fresh: null });
    this.#takeFirst(found);
    this.#isTakenUp = !found.hasMore;
  }

  async #placeBehind(handle: FileHandle, seen: BigIntStats, found: LogFound): Promise<void> {
    const before = this.#files.at(-1) ?? null;
    const isMoved = found.fresh === null && before !== null && (await isWholeIn(before, handle, this.#nowMs()));
    const known = isMoved ? before : null;
    const name = found.fresh?.name ?? known?.name ?? this.#name();
    const position = found.fresh?.cursor.position ?? known?.reader.position ?? startPosition(null);
    const file = await this.#follow(handle, seen, name, position);
    if (found.copiedNs !== null && found.copiedNs < file.changedNs) file.changedNs = found.copiedNs;
    this.#take(found);
    this.#files.push(...found.again, ...found.unseen, file);
    // The same content under a new number: a drive that was mounted anew, or a file that was written whole again.
    if (known !== null) await this.#letGo(known);
  }

  #sayMissing(path: string, found: LogFound, identity: FileIdentity): void {
    const lost = found.missing.findLast(({ cursor }) => cursor.state === 'open');
    const what = `${path} was replaced while nobody followed it`;
    if (lost !== undefined) this.#sayUnread(what, lost.cursor.position.offset);
    // Of what was not read nothing is known but where it lay.
    else if (this.#unread !== null && !isSameFile(this.#unread, identity) && found.unseen.length === 0) {
      this.#sayUnread(what, 0);
    }
  }

  /** The file was emptied, perhaps after it was copied: the rest of what it held is in the copy, if there is one. */
  async beginAnew(path: string, file: FollowedFile): Promise<void> {
    const { position } = file.reader;
    const unread = file.behind;
    const sought = position.offset === 0 ? [] : [{ name: file.name, cursor: file.cursor() }];
    // Also without a copy of this: it may have been emptied more than once, and later copies are there.
    const found = await this.#search(path, { sought, fresh: null });
    const fresh = file.anew(this.#name(), startPosition(position), this.#nowMs());
    fresh.isGone = file.isGone;
    this.#take(found);
    this.#files.splice(this.#files.indexOf(file), 1, ...found.again, ...found.unseen, fresh);
    if (found.again.length === 0) {
      if (unread > 0) this.sayEmptied(path, unread);
      // Who copies before emptying made a copy of this too, which may have held more than was seen.
      else if (found.unseen.length > 0) this.#sayUnread(`${path} was emptied more than once`, position.offset);
    }
    await fresh.look(this.#nowMs());
  }

  /** Looks for copies at once, or only when the folder changed; true when there were some, which are read first. */
  async findUnseen(path: string, current: FollowedFile, when: 'now' | 'onChange'): Promise<boolean> {
    // Of a file of which nothing was read, nothing tells whether it was emptied: only a copy that turns up.
    if (when === 'onChange' && !(await this.#folderChange.isDue(dirname(path), this.#nowMs()))) return false;
    const found = await this.#search(path, { sought: [], fresh: null });
    if (found.copiedNs !== null && found.copiedNs < current.changedNs) current.changedNs = found.copiedNs;
    this.#take(found);
    this.#files.splice(this.#files.indexOf(current), 0, ...found.unseen);
    return found.unseen.length > 0;
  }

  async #search(path: string, parts: Pick<LogSearch, 'sought' | 'fresh'>): Promise<LogFound> {
    if (this.#settled.size > SETTLED_MAX) this.#settled.clear();
    for (const file of this.#files) await file.look(this.#nowMs());
    return searchLog({
      ...parts,
      path,
      held: this.#files,
      done: this.#done,
      sinceNs: this.#since(this.#sinceNs ?? 0n),
      settled: this.#settled,
      name: () => this.#name(),
      nowMs: this.#nowMs(),
    });
  }

  /** What was let go and has grown since is followed again, and what may not be read is told. */
  #take({ unseen, unreadable, hasMore }: LogFound): void {
    this.#hasMore = hasMore;
    this.#done = this.#done.filter(({ name }) => !unseen.some((file) => file.name === name));
    for (const sentence of unreadable) this.#note(`${sentence}. Read it by hand.`);
  }

  /** Says that bytes which were seen can be read nowhere any more. */
  sayEmptied(path: string, bytes: number): void {
    this.#note(`${path} was emptied before its last ${bytes} bytes were read, and no copy of them lies beside it.`);
  }

  #sayUnread(what: string, bytes: number): void {
    this.#note(
      `${what}, and what it held is not beside it under another name. ` +
        `If more than its first ${bytes} bytes was written, read the old file by hand.`,
    );
  }

  #follow(handle: FileHandle, seen: BigIntStats, name: string, position: StoredFile['cursor']['position']) {
    return followHandle(handle, { name, position, stat: seen, nowMs: this.#nowMs() });
  }

  #name(): string {
    const name = `f${this.#nextNumber}`;
    this.#nextNumber += 1;
    return name;
  }

  /** Lets a file go that was read to its end, and keeps by what it is told again as long as it could be asked for. */
  async finish(file: FollowedFile): Promise<void> {
    const cursor = await file.lastCursor();
    const changedNs = BigInt(cursor.changedNs);
    this.#settled.add(file.listedAs ?? keyOf({ ...file.identity, size: file.size, changedNs }));
    if (cursor.position.offset > 0) this.#done.push({ name: file.name, cursor });
    await this.#letGo(file);
    const sinceNs = this.#since(this.#sinceNs ?? 0n);
    const first = this.#done.length - DONE_KEPT;
    this.#done = this.#done.filter((each, at) => at >= first || BigInt(each.cursor.changedNs) >= sinceNs);
  }

  async #letGo(file: FollowedFile): Promise<void> {
    this.#files = this.#files.filter((each) => each !== file);
    await closeAll([file]);
  }

  close(): Promise<void> {
    return closeAll(this.#files);
  }
}

/** True when all that lies in a file that was followed lies in the one that took its place too. */
async function isWholeIn(file: FollowedFile, handle: FileHandle, nowMs: number): Promise<boolean> {
  const seen = await file.look(nowMs).catch(() => null);
  if (seen === null || seen.size < Math.max(HEAD_BYTES, file.reader.position.offset)) return false;
  const print = (await ContentMark.at(file.source, seen.size)).fingerprint();
  return isSameContent(new PlainBytes(handle), seen.size, print);
}

import type { ByteSource } from './byte-source.ts';
import { isSameContent } from './content-mark.ts';
import { fileProblem } from './file.ts';
import { closeAll, type FollowedFile, followRotated } from './followed-file.ts';
import { KnownContent } from './known-content.ts';
import { startPosition } from './read-position.ts';
import {
  type FileIdentity,
  FileMoved,
  isSameFile,
  isTurnOf,
  keyOf,
  lookInto,
  type RotatedFile,
  relativesOf,
} from './rotated-files.ts';
import { numberOf, type StoredFile } from './stored-log.ts';

/** What is known of a log before its folder is searched. */
export interface LogSearch {
  path: string;
  /** Content that was read before, to be found wherever it lies now. */
  sought: readonly StoredFile[];
  /** What was just opened under the path; it may be what is sought. */
  fresh: { source: ByteSource; identity: FileIdentity; size(): Promise<number> } | null;
  /** Files that lie open, whose numbers nobody else can have. */
  held: readonly FollowedFile[];
  /** Content that was read to its end and let go. */
  done: readonly StoredFile[];
  /** What was last written to before is not asked for, unless it is sought. */
  sinceNs: bigint;
  /** Files that were looked at before and need not be looked at again, by `keyOf`. */
  settled: Set<string>;
  name(): string;
  nowMs: number;
}

export interface LogFound {
  /** What lies under the path, of what was sought. */
  fresh: StoredFile | null;
  /** What else was found of that, in the order in which it was read before. */
  again: FollowedFile[];
  /** Files of which nothing was read, in the order of their last changes: the first ones, if there are many. */
  unseen: FollowedFile[];
  hasMore: boolean;
  missing: StoredFile[];
  /** Sentences about files that may not be read. */
  unreadable: string[];
  /** The time of the oldest copy of a file that was not emptied yet: it is asked for once that is. */
  copiedNs: bigint | null;
}

/** A folder in which files are renamed and compressed is searched anew so many times at once. */
const TRIES_MAX = 8;
/** Content is looked for in so many files at most, the newest first. Of most only the first bytes are read. */
const SEARCHED_MAX = 1_000;
/** After a long pause there may be thousands, and what is to come must not wait until all of them are open. */
const OPENED_MAX = 32;
/** Too many files are open: nothing is wrong with the one that could not be opened. */
const SCARCE = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/**
 * Finds all that belongs to a log and lies beside it. What has been read is told by content alone: names and numbers
 * are given out anew, and times say when something was compressed or copied. Everything that is found is opened, or
 * nothing is, and then this throws.
 */
export async function searchLog(search: LogSearch): Promise<LogFound> {
  for (let tries = 1; ; tries += 1) {
    const found: LogFound = {
      fresh: null,
      again: [],
      unseen: [],
      hasMore: false,
      missing: [],
      unreadable: [],
      copiedNs: null,
    };
    try {
      const relatives = await relativesOf(search.path);
      const taken = await findSought(search, relatives, found);
      await findUnseen(search, relatives, taken, found);
      return found;
    } catch (error) {
      await closeAll([...found.again, ...found.unseen]);
      if (!(error instanceof FileMoved) || tries === TRIES_MAX) throw error;
    }
  }
}

async function findSought(search: LogSearch, relatives: readonly RotatedFile[], found: LogFound) {
  const { fresh, nowMs } = search;
  const taken: RotatedFile[] = [];
  const isFree = (file: RotatedFile) => !taken.includes(file) && !isHeld(search, file);
  // The most that was read of anything first: what begins like it and was read less far may be in any of several files
  // that begin so, and from there on each of them is as good.
  const longestFirst = [...search.sought].sort((a, b) => b.cursor.position.offset - a.cursor.position.offset);
  for (const each of longestFirst) {
    const { position, fingerprint } = each.cursor;
    if (fresh !== null && found.fresh === null && (await isSameContent(fresh.source, position.offset, fingerprint))) {
      found.fresh = each;
      continue;
    }
    const file = await findContent(relatives.filter(isFree), each);
    if (file === null) {
      found.missing.push(each);
      continue;
    }
    taken.push(file);
    found.again.push(await followRotated(file, { name: each.name, position, nowMs }));
  }
  found.again.sort((a, b) => numberOf(a.name) - numberOf(b.name));
  return taken;
}

function isHeld({ held, fresh }: LogSearch, file: RotatedFile): boolean {
  return (
    held.some(({ identity }) => isSameFile(identity, file)) || (fresh !== null && isSameFile(fresh.identity, file))
  );
}

async function findContent(files: readonly RotatedFile[], { cursor }: StoredFile): Promise<RotatedFile | null> {
  const { position, fingerprint } = cursor;
  const likely = files.filter((file) => isSameFile(file, cursor));
  for (const file of [...likely, ...files.filter((each) => !likely.includes(each))].slice(0, SEARCHED_MAX)) {
    if (!file.isGzip && file.size < position.offset) continue;
    const isIt = await lookInto(file, (source) => isSameContent(source, position.offset, fingerprint)).catch(
      (error) => {
        // What may not be read cannot be told, and the next may be it.
        if (isPassing(error)) throw error;
        return false;
      },
    );
    if (isIt) return file;
  }
  return null;
}

async function findUnseen(
  search: LogSearch,
  relatives: readonly RotatedFile[],
  taken: readonly RotatedFile[],
  found: LogFound,
): Promise<void> {
  const { path, sinceNs, settled, nowMs } = search;
  const isAsked = (file: RotatedFile) =>
    file.changedNs >= sinceNs &&
    isTurnOf(path, file.path) &&
    !taken.includes(file) &&
    !isHeld(search, file) &&
    !settled.has(keyOf(file));
  const asked = relatives.filter(isAsked).reverse();
  if (asked.length === 0) return;
  const { done, fresh } = search;
  const known = await KnownContent.of({ relatives, done, fresh, held: [...search.held, ...found.again], nowMs });
  for (const file of asked) {
    if (found.unseen.length === OPENED_MAX) {
      found.hasMore = true;
      return;
    }
    try {
      const verdict = await known.verdict(file);
      if (verdict.kind === 'known') settled.add(keyOf(file));
      else if (verdict.kind === 'copy') {
        if (found.copiedNs === null || file.changedNs < found.copiedNs) found.copiedNs = file.changedNs;
      } else {
        const { name, position } =
          verdict.kind === 'grown'
            ? { name: verdict.from.name, position: verdict.from.cursor.position }
            : { name: search.name(), position: startPosition(null) };
        found.unseen.push(await followRotated(file, { name, position, nowMs }));
      }
    } catch (error) {
      if (isPassing(error)) throw error;
      settled.add(keyOf(file));
      found.unreadable.push(`${file.path} could not be read: ${fileProblem(error)}`);
    }
  }
}

/** True of an error that says nothing of the file itself, so that it is tried again. */
function isPassing(error: unknown): boolean {
  if (error instanceof FileMoved) return true;
  return error instanceof Error && 'code' in error && SCARCE.has(String(error.code));
}

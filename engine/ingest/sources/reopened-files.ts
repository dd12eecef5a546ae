import { fileProblem } from './file.ts';
import { type FileCursor, FollowedFile } from './followed-file.ts';
import { startPosition } from './read-position.ts';
import {
  type FileIdentity,
  findContent,
  isMissing,
  isTurnOf,
  openRotated,
  type RotatedFile,
  relativesOf,
} from './rotated-files.ts';

/** Where reading stood in a file that is not under its path any more. */
export interface Lost {
  name: string;
  cursor: FileCursor;
}

/** Between finding a file and opening it, it may be renamed or compressed so many times. */
const TRIES_MAX = 5;

/**
 * Programs that compress pass a time on in whole milliseconds, rounded down, and may lose one more on the way through a
 * float. Not wider: a log that was compressed at once must not be read again as a whole.
 */
const PACKED_TIME_NS = 2_000_000n;

/** Opens the file that has the content of a cursor now, behind what was read of it; null when it is nowhere. */
export async function reopenLost(
  path: string,
  { name, cursor }: Lost,
  nowMs: number,
): Promise<{ found: RotatedFile; file: FollowedFile } | null> {
  const { position, fingerprint } = cursor;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const found = await findContent(path, cursor, position.offset, fingerprint);
    if (found === null) return null;
    try {
      return { found, file: await openTurn(found, name, position, nowMs) };
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return null;
}

/**
 * Opens the files that were rotated away at or after a time and are not among those known, in the order of their ends.
 * Opens all of them or throws; one that may not be read is left out and named in `unreadable`.
 */
export async function openTurnsSince(
  path: string,
  sinceNs: bigint,
  known: readonly FileIdentity[],
  parts: { name(): string; nowMs: number },
): Promise<{ files: FollowedFile[]; unreadable: string[] }> {
  for (let tries = 1; ; tries += 1) {
    const turns = (await relativesOf(path)).filter(
      (file) =>
        file.changedNs + (file.isGzip ? PACKED_TIME_NS : 0n) >= sinceNs &&
        isTurnOf(path, file.path) &&
        !known.some(({ dev, ino }) => dev === file.dev && ino === file.ino),
    );
    const opened = await openAll(turns.reverse(), parts);
    if (!opened.isMoved || tries === TRIES_MAX) return opened;
    await closeAll(opened.files);
  }
}

async function openAll(turns: readonly RotatedFile[], parts: { name(): string; nowMs: number }) {
  const files: FollowedFile[] = [];
  const unreadable: string[] = [];
  let isMoved = false;
  for (const turn of turns) {
    try {
      files.push(await openTurn(turn, parts.name(), startPosition(null), parts.nowMs));
    } catch (error) {
      if (isMissing(error)) isMoved = true;
      else unreadable.push(`${turn.path} could not be read: ${fileProblem(error)}`);
    }
  }
  return { files, unreadable, isMoved };
}

async function openTurn(
  turn: RotatedFile,
  name: string,
  position: FileCursor['position'],
  nowMs: number,
): Promise<FollowedFile> {
  const { source, handle } = await openRotated(turn);
  try {
    const { dev, ino, changedNs } = turn;
    const parts = { name, identity: { dev, ino }, source, handle, position, changedNs, nowMs };
    const file = await FollowedFile.open(parts);
    file.isGone = true;
    await file.look(nowMs);
    return file;
  } catch (error) {
    await source.close();
    throw error;
  }
}

export async function closeAll(files: readonly FollowedFile[]): Promise<void> {
  await Promise.all(files.map((file) => file.close().catch(() => {})));
}

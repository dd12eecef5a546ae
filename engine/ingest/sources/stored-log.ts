import { z } from 'zod';
import type { Json } from '../../../shared/model/json.ts';
import { type FileCursor, fileCursorSchema } from './followed-file.ts';

/** Under this name stands what is true of the log as a whole; under all others, how far one file of it was read. */
const LOG = 'log';

const logSchema = z.object({
  /** The path that the source is set to. */
  path: z.string(),
  /** What was last written to before this was read, or never wanted; in nanoseconds. */
  sinceNs: z.string(),
  /** The file under the path, when nothing of it was read. */
  unread: z.object({ dev: z.string(), ino: z.string() }).nullable(),
});

/** How far a file was read, with the name of its cursor. */
export interface StoredFile {
  name: string;
  cursor: FileCursor;
}

/** Where reading of a log stood when it was last stored. */
export interface StoredLog {
  sinceNs: bigint;
  unread: { dev: string; ino: string } | null;
  /** In the order in which they were first seen. */
  files: StoredFile[];
}

/** Reads what is stored of the log at this path; null when that is nothing, or of another path. */
export function parseLog(path: string, cursors: ReadonlyMap<string, unknown>): StoredLog | null {
  const files: StoredFile[] = [];
  for (const [name, stored] of cursors) {
    const cursor = fileCursorSchema.safeParse(stored);
    if (name !== LOG && cursor.success) files.push({ name, cursor: cursor.data });
  }
  files.sort((a, b) => numberOf(a.name) - numberOf(b.name));
  const log = logSchema.safeParse(cursors.get(LOG));
  if (log.success) {
    if (log.data.path !== path) return null;
    return { sinceNs: BigInt(log.data.sinceNs), unread: log.data.unread, files };
  }
  // Cursors of a time when only files had one.
  const times = files.map(({ cursor }) => BigInt(cursor.changedNs));
  const first = times[0];
  if (first === undefined) return null;
  return { sinceNs: times.reduce((least, time) => (time < least ? time : least), first), unread: null, files };
}

/** Of the name of a cursor: files get them in the order in which they are seen. */
export function numberOf(name: string): number {
  return Number(name.slice(1)) || 0;
}

/** All that has to be stored of a log, by the names of the cursors. Nothing is told of a file of which nothing was read. */
export function logCursors(path: string, { sinceNs, unread, files }: StoredLog): Map<string, Json> {
  const cursors = new Map<string, Json>([[LOG, { path, sinceNs: String(sinceNs), unread }]]);
  for (const { name, cursor } of files) if (cursor.position.offset > 0) cursors.set(name, cursor);
  return cursors;
}

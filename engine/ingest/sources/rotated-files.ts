import { type BigIntStats, createReadStream } from 'node:fs';
import { type FileHandle, lstat, readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { EngineError } from '../../../shared/model/errors.ts';
import { guarded, gunzipped } from '../records/encodings.ts';
import { type ByteSource, openPlainFile, PlainBytes, StreamBytes } from './byte-source.ts';

/** A file by what a rename leaves as it is. Only of an open file it tells anything: numbers are given out anew. */
export interface FileIdentity {
  dev: string;
  ino: string;
}

export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return { dev: String(dev), ino: String(ino) };
}

export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

export interface RotatedFile extends FileIdentity {
  path: string;
  size: number;
  /** Nanoseconds since the epoch. */
  changedNs: bigint;
  isGzip: boolean;
}

/** A file as it was listed: the same as long as nobody wrote into it. */
export function keyOf({ dev, ino, size, changedNs }: Omit<RotatedFile, 'path' | 'isGzip'>): string {
  return `${dev} ${ino} ${size} ${changedNs}`;
}

/** A file is not where it was a moment ago: it was renamed, compressed or removed since the folder was listed. */
export class FileMoved extends Error {}

/** Of each name that a file takes when it is rotated away: numbers, dates, times, and that it was compressed. */
const TURNED = /^[.\-_][\dTtZz.:+_-]*\d[\dTtZz.:+_-]*(?:\.gz)?$/;

/** A folder is listed so many times until two lists in a row say the same. */
const LISTINGS_MAX = 8;

/**
 * The other files of the folder whose names begin like this one's, the newest first. Throws FileMoved while somebody is
 * at work there: when all numbers move up by one between the list of names and the look at each, a file is in neither.
 */
export async function relativesOf(path: string): Promise<RotatedFile[]> {
  let before = await listRelatives(path);
  for (let listings = 1; listings < LISTINGS_MAX; listings += 1) {
    const again = await listRelatives(path);
    if (isSameList(before, again)) {
      return again.sort((a, b) => (a.changedNs < b.changedNs ? 1 : a.changedNs > b.changedNs ? -1 : 0));
    }
    before = again;
  }
  throw new FileMoved(`The files beside ${path} change while they are listed`);
}

async function listRelatives(path: string): Promise<RotatedFile[]> {
  const own = basename(path);
  const stem = own.slice(0, own.length - extname(own).length) || own;
  const names = (await readdir(dirname(path))).filter((name) => name !== own && name.startsWith(stem));
  const files: RotatedFile[] = [];
  for (const name of names) {
    const file = join(dirname(path), name);
    const found = await lstat(file, { bigint: true }).catch(asMoved);
    if (!found.isFile()) continue;
    files.push({
      path: file,
      ...identityOf(found),
      size: Number(found.size),
      changedNs: found.mtimeNs,
      isGzip: name.endsWith('.gz'),
    });
  }
  return files;
}

function isSameList(a: readonly RotatedFile[], b: readonly RotatedFile[]): boolean {
  const paths = new Map(a.map((file) => [file.path, file]));
  return a.length === b.length && b.every((file) => isSameFile(paths.get(file.path) ?? NOWHERE, file));
}

const NOWHERE: FileIdentity = { dev: '', ino: '' };

/** True for names such as `eve.json.1`, `eve.json-20260302.gz` and `eve-2026-03-02.json` of `eve.json`. */
export function isTurnOf(path: string, candidate: string): boolean {
  const own = basename(path);
  const name = basename(candidate);
  if (name.startsWith(own)) return TURNED.test(name.slice(own.length));
  const extension = extname(own);
  const stem = own.slice(0, own.length - extension.length);
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name;
  return (
    extension !== '' &&
    plain.startsWith(stem) &&
    plain.endsWith(extension) &&
    TURNED.test(plain.slice(stem.length, plain.length - extension.length))
  );
}

/**
 * Opens a file that was rotated away. What is compressed comes out as it was before, and then there is no handle.
 * Throws FileMoved when the name leads to another file by now, as all names do when the newest is always `.1`.
 */
export async function openRotated(file: RotatedFile): Promise<{ source: ByteSource; handle: FileHandle | null }> {
  const handle = await openPlainFile(file.path).catch(asMoved);
  try {
    const opened = identityOf(await handle.stat({ bigint: true }));
    if (!isSameFile(opened, file)) throw new FileMoved(`${file.path} is another file now`);
  } catch (error) {
    await handle.close();
    throw error;
  }
  if (!file.isGzip) return { source: new PlainBytes(handle), handle };
  const stream = createReadStream('', { fd: handle, autoClose: false });
  const source = new StreamBytes(gunzipped(guarded(stream)), async () => {
    stream.destroy();
    await handle.close();
  });
  return { source, handle: null };
}

/** Opens a file for one look at its content. */
export async function lookInto<T>(file: RotatedFile, look: (source: ByteSource) => Promise<T>): Promise<T> {
  const { source } = await openRotated(file);
  try {
    return await look(source);
  } finally {
    await source.close();
  }
}

/** A file that is renamed while it is opened is found under a name that was not asked for. */
function asMoved(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || (error instanceof EngineError && error.code === 'forbidden')) {
    throw new FileMoved(String(error), { cause: error });
  }
  throw error;
}

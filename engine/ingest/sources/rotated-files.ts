import { type BigIntStats, createReadStream } from 'node:fs';
import { type FileHandle, lstat, readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { guarded, gunzipped } from '../records/encodings.ts';
import { type ByteSource, openPlainFile, PlainBytes, StreamBytes } from './byte-source.ts';
import { type Fingerprint, isSameContent } from './content-mark.ts';

/** A file by what a rename leaves as it is. */
export interface FileIdentity {
  dev: string;
  ino: string;
}

export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return { dev: String(dev), ino: String(ino) };
}

export interface RotatedFile extends FileIdentity {
  path: string;
  size: number;
  /** Nanoseconds since the epoch. */
  changedNs: bigint;
  isGzip: boolean;
}

/** Of each name that a file takes when it is rotated away: numbers, dates, times, and that it was compressed. */
const TURNED = /^[.\-_][\dTtZz.:+_-]*\d[\dTtZz.:+_-]*(?:\.gz)?$/;
/** Content is looked for in so many files at most, the newest first. Of most only the first bytes are read. */
const SEARCHED_MAX = 1_000;

/** How often a folder is listed anew because a file went from it in the middle, as one that is compressed does. */
const LISTINGS_MAX = 5;

/** The other files of the folder whose names begin like this one's, the newest first. */
export async function relativesOf(path: string): Promise<RotatedFile[]> {
  for (let listing = 1; ; listing += 1) {
    const { files, isWhole } = await listRelatives(path);
    if (isWhole || listing === LISTINGS_MAX) return files;
  }
}

async function listRelatives(path: string): Promise<{ files: RotatedFile[]; isWhole: boolean }> {
  const own = basename(path);
  const stem = own.slice(0, own.length - extname(own).length) || own;
  const names = (await readdir(dirname(path))).filter((name) => name !== own && name.startsWith(stem));
  const files: RotatedFile[] = [];
  let isWhole = true;
  for (const name of names) {
    const file = join(dirname(path), name);
    const stat = await lstat(file, { bigint: true }).catch(() => null);
    // It may be there under a name that came after the list was made.
    if (stat === null) isWhole = false;
    if (stat?.isFile() !== true) continue;
    files.push({
      path: file,
      dev: String(stat.dev),
      ino: String(stat.ino),
      size: Number(stat.size),
      changedNs: stat.mtimeNs,
      isGzip: name.endsWith('.gz'),
    });
  }
  files.sort((a, b) => (a.changedNs < b.changedNs ? 1 : a.changedNs > b.changedNs ? -1 : 0));
  return { files, isWhole };
}

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

/** Opens a file that was rotated away. What is compressed comes out as it was before, and then there is no handle. */
export async function openRotated(file: RotatedFile): Promise<{ source: ByteSource; handle: FileHandle | null }> {
  const handle = await openPlainFile(file.path);
  if (!file.isGzip) return { source: new PlainBytes(handle), handle };
  const stream = createReadStream('', { fd: handle, autoClose: false });
  const source = new StreamBytes(gunzipped(guarded(stream)), async () => {
    stream.destroy();
    await handle.close();
  });
  return { source, handle: null };
}

/**
 * What became of content that was read up to `offset`: the file that has it now, by its identity first and by its
 * content always, because the numbers of files are given out anew. Null when it is nowhere in the folder of `path`.
 */
export async function findContent(
  path: string,
  identity: FileIdentity,
  offset: number,
  print: Fingerprint,
): Promise<RotatedFile | null> {
  for (let listing = 1; ; listing += 1) {
    const { found, isWhole } = await searchContent(await relativesOf(path), identity, offset, print);
    if (found !== null || isWhole || listing === LISTINGS_MAX) return found;
  }
}

async function searchContent(
  relatives: readonly RotatedFile[],
  identity: FileIdentity,
  offset: number,
  print: Fingerprint,
): Promise<{ found: RotatedFile | null; isWhole: boolean }> {
  const isIt = (file: RotatedFile) => file.dev === identity.dev && file.ino === identity.ino;
  const [first, rest] = [relatives.filter(isIt), relatives.filter((file) => !isIt(file))];
  // Nothing of it was read, so that only its number tells.
  if (offset === 0) return { found: first[0] ?? null, isWhole: true };
  let isWhole = true;
  for (const file of [...first, ...rest].slice(0, SEARCHED_MAX)) {
    if (!file.isGzip && file.size < offset) continue;
    try {
      if (await holds(file, offset, print)) return { found: file, isWhole };
    } catch (error) {
      // What may not be read cannot be told, and the next may be it. What went away may be under another name now.
      if (isMissing(error)) isWhole = false;
    }
  }
  return { found: null, isWhole };
}

async function holds(file: RotatedFile, offset: number, print: Fingerprint): Promise<boolean> {
  const { source } = await openRotated(file);
  try {
    return await isSameContent(source, offset, print);
  } finally {
    await source.close();
  }
}

/** True of an error that says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

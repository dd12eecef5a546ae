import { readFile, realpath, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../../../shared/model/errors.ts';

/**
 * The folders below which sources may read. Whoever sets up a source may sit far away, and what a file holds comes back
 * as alerts and dead letters: so the machine's owner says which folders these are, in a file of the data folder.
 */
const LIST_FILE = 'source-folders.json';
const listSchema = z.array(z.string().min(1)).max(200);

/** Always allowed: a folder of the workspace itself. */
export function inboxDir(dataDir: string): string {
  return join(dataDir, 'inbox');
}

/** Throws EngineError when the list cannot be read as one. */
export async function sourceFolders(dataDir: string): Promise<string[]> {
  const path = join(dataDir, LIST_FILE);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return [inboxDir(dataDir)];
  }
  try {
    return [inboxDir(dataDir), ...listSchema.parse(JSON.parse(text))];
  } catch {
    throw new EngineError('unavailable', `${path} must be a JSON list of folders. Mend it, or remove it.`);
  }
}

/** Adds a folder for good. For somebody at the machine; no procedure of the contract leads here. */
export async function allowSourceFolder(dataDir: string, folder: string): Promise<void> {
  const [, ...known] = await sourceFolders(dataDir);
  const path = resolve(folder);
  if (known.includes(path)) return;
  await writeFile(join(dataDir, LIST_FILE), `${JSON.stringify([...known, path], null, 2)}\n`, { mode: 0o600 });
}

/**
 * The real path, links followed, when it lies in an allowed folder. Of the data folder only the inbox ever does, also
 * where somebody allowed a folder around it. Throws EngineError `forbidden` or `not_found`.
 */
export async function allowedPath(dataDir: string, path: string): Promise<string> {
  if (!isAbsolute(path))
    throw new EngineError('invalid_input', 'Name the file or folder from the root of the disk on.');
  const realOrNull = (folder: string) => realpath(folder).catch(() => null);
  const folders = await Promise.all((await sourceFolders(dataDir)).map(realOrNull));
  const real = await realOf(path);
  const isOf = (folder: string | null | undefined) => folder !== null && folder !== undefined && isInside(folder, real);
  if (isOf(await realOrNull(dataDir)) && !isOf(folders[0])) {
    throw new EngineError(
      'forbidden',
      `${path} is in the data folder, where the database and keys are. Of it sources read only ${inboxDir(dataDir)}.`,
    );
  }
  if (folders.some(isOf)) return real;
  throw new EngineError(
    'forbidden',
    `${path} is in no folder that sources may read. On the machine itself: npm run -s evenwatch -- sources allow FOLDER.`,
  );
}

/** True for the folder itself too. Both must be real paths. */
function isInside(folder: string, real: string): boolean {
  const way = relative(folder, real);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** A file that is not there yet lies where its folder lies. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = resolve(path, '..');
    try {
      return join(await realpath(parent), relative(parent, resolve(path)));
    } catch {
      throw new EngineError('not_found', `The folder ${parent} is not there, or may not be read.`);
    }
  }
}

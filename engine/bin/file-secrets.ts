import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from '../../shared/model/errors.ts';
import type { Secrets } from '../ports.ts';

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;
/** Rights of anybody but the owner. */
const OTHERS = 0o077;

/**
 * Secrets as files of one folder that only the owner of the process may read: never in the database, so that a copy of
 * it gives none away. A file that others may read is refused, as ssh refuses such a key. An empty value removes it.
 */
export function fileSecrets(folder: string): Secrets {
  const pathOf = (name: string): string => {
    if (!NAME.test(name)) throw new EngineError('invalid_input', 'A secret must have a plain name.');
    return join(folder, name);
  };
  return {
    get: async (name) => {
      const path = pathOf(name);
      try {
        await refuseOpenToOthers(folder, 'chmod 700');
        await refuseOpenToOthers(path, 'chmod 600');
        return await readFile(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    set: async (name, value) => {
      const path = pathOf(name);
      if (value === '') return rm(path, { force: true });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await chmod(folder, 0o700);
      await replace(path, value);
    },
  };
}

/** Whole or not at all: a machine that stops within leaves the value from before. */
async function replace(path: string, value: string): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(value);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}

async function refuseOpenToOthers(path: string, mend: string): Promise<void> {
  // Windows keeps rights elsewhere, and a folder of a user is the user's there.
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & OTHERS) === 0) return;
  throw new EngineError(
    'forbidden',
    `Others on this machine may read ${path}, so it is not used. Run: ${mend} ${path}`,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

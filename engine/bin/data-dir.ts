import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { EngineError } from '../../shared/model/errors.ts';

/** Where data lies when nobody says otherwise: what each platform keeps for that. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string): string {
  if (env.EVENWATCH_DATA !== undefined && env.EVENWATCH_DATA !== '') return resolve(env.EVENWATCH_DATA);
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Evenwatch', 'data');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Evenwatch', 'data');
  const dataHome = env.XDG_DATA_HOME;
  // A relative XDG_DATA_HOME is to be ignored (XDG Base Directory Specification).
  return join(dataHome?.startsWith('/') ? dataHome : join(home, '.local', 'share'), 'evenwatch');
}

/** The data folder to use, made if it is not there; only its owner may look into it. Throws EngineError. */
export function openDataDir(given: string | undefined): string {
  const dir = given === undefined ? defaultDataDir(process.platform, process.env, homedir()) : resolve(given);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new EngineError(
      'unavailable',
      `The data folder ${dir} cannot be used: ${why}. Name another one with --data DIR.`,
    );
  }
  return dir;
}

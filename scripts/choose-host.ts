import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How `npm start` shows the product: in its own window, or as a page on a loopback address with the reason why. */
export type Choice = { kind: 'window'; electronPath: string } | { kind: 'page'; why: string };

export interface ChooseOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** User id, where the platform has them. */
  uid: number | null;
  /** Asked for a page, or for no window. */
  wantsPage: boolean;
  say(line: string): void;
  /** How long reaching the download may take. */
  probeMs?: number;
  /** How long the download itself may take, once it was reached. */
  downloadMs?: number;
}

const PROBE_MS = 5_000;
const DOWNLOAD_MS = 180_000;
const DOWNLOADS = 'https://github.com/electron/electron/releases/download/';

/** The Electron binary of this installation, or null when it was not downloaded yet. */
export function electronPath(root: string): string | null {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  if (platform === 'win32') return true;
  if (platform === 'darwin') return env.SSH_CONNECTION === undefined;
  return Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/**
 * Decides between a window and a page. Everything that may hang, such as a firewall that swallows packets, runs in a
 * child with a hard time limit, so that the decision never takes more than a few seconds; a download that was reached
 * may then take its time, and says so.
 */
export async function chooseHost(options: ChooseOptions): Promise<Choice> {
  const { root, env, platform, uid } = options;
  if (options.wantsPage) return { kind: 'page', why: 'no window was asked for' };
  if (!hasDisplay(platform, env)) return { kind: 'page', why: 'there is no display' };
  if (platform === 'linux' && uid === 0) {
    return { kind: 'page', why: 'the window keeps its sandbox, which does not work for the user root' };
  }
  const present = electronPath(root);
  if (present !== null) return { kind: 'window', electronPath: present };
  const probeMs = options.probeMs ?? PROBE_MS;
  if (!(await canReach(downloadAddress(env), probeMs))) {
    return {
      kind: 'page',
      why: `the Electron binary is not here and could not be reached within ${probeMs / 1000} seconds`,
    };
  }
  options.say('Downloading the Electron binary, once…');
  await runLimited(join(root, 'node_modules', 'electron', 'install.js'), [], root, options.downloadMs ?? DOWNLOAD_MS);
  const downloaded = electronPath(root);
  if (downloaded === null) return { kind: 'page', why: 'the Electron binary could not be downloaded' };
  return { kind: 'window', electronPath: downloaded };
}

/** Where Electron's own installer downloads from; a company's mirror where one is set. */
export function downloadAddress(env: NodeJS.ProcessEnv): string {
  return env.npm_config_electron_mirror ?? env.NPM_CONFIG_ELECTRON_MIRROR ?? env.ELECTRON_MIRROR ?? DOWNLOADS;
}

/** Whether anything at all answers at an address, asked in a child that is killed when its time is up. */
function canReach(address: string, limitMs: number): Promise<boolean> {
  const ask = 'fetch(process.argv[1],{method:"HEAD",redirect:"manual"}).then(()=>process.exit(0),()=>process.exit(1))';
  return runLimited('--eval', [ask, address], process.cwd(), limitMs);
}

/** Runs Node and answers whether it ended well within its time. */
function runLimited(first: string, rest: readonly string[], cwd: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [first, ...rest], {
      cwd,
      stdio: 'ignore',
      env: { ...process.env, NODE_USE_ENV_PROXY: '1' },
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve(false);
    }, limitMs);
    child.on('error', () => resolve(false));
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === 0);
    });
  });
}

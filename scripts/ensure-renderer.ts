import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['renderer', 'shared', 'package-lock.json'];

function newestMs(path: string): number {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let newest = 0;
  for (const entry of readdirSync(path)) newest = Math.max(newest, newestMs(join(path, entry)));
  return newest;
}

/** True when out/renderer is missing or older than any of its sources. */
export function isRendererStale(root: string): boolean {
  const index = join(root, 'out', 'renderer', 'index.html');
  if (!existsSync(index)) return true;
  const builtMs = statSync(index).mtimeMs;
  return SOURCES.some((source) => newestMs(join(root, source)) > builtMs);
}

/** Builds the renderer if it is stale. Answers whether there is one now; what Vite said goes to `say` only when it failed. */
export async function ensureRenderer(root: string, say: (line: string) => void): Promise<boolean> {
  if (!isRendererStale(root)) return true;
  say('Building the interface…');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const output: string[] = [];
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, [vite, 'build', '--config', 'renderer/vite.config.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => output.push(String(chunk)));
    child.on('error', (error) => {
      output.push(error.message);
      resolve(null);
    });
    child.on('close', resolve);
  });
  if (code !== 0) say(output.join(''));
  return code === 0;
}

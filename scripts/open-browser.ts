import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Opens a link in the default browser. The link goes through a file that only its owner can read, because the
 * arguments of a process, and so its token, can be read by everybody on the machine.
 */
export function openBrowser(link: string, dataDir: string): void {
  const folder = join(dataDir, 'spool');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const page = join(folder, 'open.html');
  const target = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  writeFileSync(page, `<!doctype html><meta http-equiv="refresh" content="0;url=${target}"><title>Evenwatch</title>`, {
    mode: 0o600,
  });
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', page]
      : process.platform === 'win32'
        ? ['explorer.exe', page]
        : ['xdg-open', page];
  const child = spawn(command ?? 'xdg-open', args, { stdio: 'ignore', detached: true });
  // Without a browser the printed link is still there.
  child.on('error', () => {});
  child.unref();
}

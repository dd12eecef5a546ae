/**
 * `npm start`: opens the desktop, or serves the same interface on a loopback address where there is no window to be had.
 * `npm start -- --no-open --port N --data DIR` for scripts.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Flags, readArguments, UsageError } from '../engine/bin/arguments.ts';
import { standWhereCalled } from '../engine/bin/called-by-npm.ts';
import { openDataDir } from '../engine/bin/data-dir.ts';
import { runHub } from '../engine/bin/hub.ts';
import { EngineError } from '../shared/model/errors.ts';
import { chooseHost, hasDisplay } from './choose-host.ts';
import { ensureRenderer } from './ensure-renderer.ts';
import { openBrowser } from './open-browser.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PORT = 8500;
/** A window that is gone sooner than this never opened. */
const WINDOW_OPENS_MS = 5_000;

const FLAGS: Flags = {
  'no-open': { value: null, help: 'serve a page and open nothing' },
  port: { value: 'N', help: 'serve a page on this port' },
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs the desktop until its window closes. Answers false when there never was one. */
async function runWindow(electronPath: string, dataDir: string): Promise<boolean> {
  if (!(await buildDesktop())) return false;
  const startedAtMs = Date.now();
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(electronPath, ['.', '--data', dataDir], { cwd: ROOT, stdio: 'inherit' });
    child.on('error', () => resolve(-1));
    child.on('exit', resolve);
  });
  return code === 0 || Date.now() - startedAtMs > WINDOW_OPENS_MS;
}

/** Bundles what Electron loads. In a process of its own: a builder that fails must not take the page with it. */
async function buildDesktop(): Promise<boolean> {
  say('Building the desktop…');
  const code = await new Promise<number | null>((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'scripts', 'build-desktop.ts')], {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.on('error', () => resolve(-1));
    child.on('exit', resolve);
  });
  return code === 0;
}

/** Aborts on Ctrl-C, on a request to end, and when npm, which started this, is gone: it does not always say so. */
function untilStopped(): AbortSignal {
  const stop = new AbortController();
  const parent = process.ppid;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  setInterval(() => {
    if (process.ppid !== parent) stop.abort();
  }, 500).unref();
  return stop.signal;
}

async function servePage(dataDir: string, port: number | null, isQuiet: boolean, why: string): Promise<void> {
  const signal = untilStopped();
  const serve = (listenPort: number): Promise<void> =>
    runHub({
      dataDir,
      listen: { host: '127.0.0.1', port: listenPort },
      logLevel: 'error',
      databaseUrl: null,
      tls: null,
      hostNames: [],
      signal,
      onReady({ link, newLink }) {
        say(`Evenwatch runs as a page and not in a window, because ${why}.`);
        say(`Open this link; it works once: ${link}`);
        const canOpen = !isQuiet && hasDisplay(process.platform, process.env);
        if (canOpen && link !== null) openBrowser(link, dataDir);
        say(process.stdin.isTTY ? 'Enter prints a new link, Ctrl-C ends it.' : 'Ctrl-C ends it.');
        if (process.stdin.isTTY)
          createInterface({ input: process.stdin })
            .on('line', () => void newLink().then(say))
            .on('close', () => process.kill(process.pid, 'SIGINT'));
      },
    });
  // Nobody asked for the usual port, so any other will do when it is taken.
  await serve(port ?? ((await isFree(PORT)) ? PORT : 0));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

async function start(): Promise<void> {
  const args = readArguments(process.argv.slice(2), FLAGS);
  if (args.isSet('help')) {
    say('Usage: npm start -- [--no-open] [--port N] [--data DIR]');
    return;
  }
  const [extra] = args.positionals;
  if (extra !== undefined) throw new UsageError(`npm start takes no "${extra}".`);
  const port = args.text('port') === undefined ? null : args.whole('port', 0, 0, 65_535);
  standWhereCalled('start');
  const dataDir = openDataDir(args.text('data'));
  if (!(await ensureRenderer(ROOT, say))) throw new EngineError('unavailable', 'The interface could not be built.');
  const choice = await chooseHost({
    root: ROOT,
    env: process.env,
    platform: process.platform,
    uid: process.getuid?.() ?? null,
    wantsPage: args.isSet('no-open') || port !== null,
    say,
  });
  if (choice.kind === 'window' && (await runWindow(choice.electronPath, dataDir))) return;
  const why = choice.kind === 'page' ? choice.why : 'the window could not be opened';
  await servePage(dataDir, port, args.isSet('no-open'), why);
}

try {
  await start();
  process.exit(0);
} catch (thrown) {
  const isKnown = thrown instanceof EngineError || thrown instanceof UsageError;
  process.stderr.write(`${isKnown ? thrown.message : thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
  process.exit(thrown instanceof UsageError ? 2 : 1);
}

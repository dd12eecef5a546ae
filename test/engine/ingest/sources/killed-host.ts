import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { terminalPorts } from '../../../../engine/bin/host-ports.ts';
import { type HostCode, openHostedEngine } from '../../../../engine/bin/hosted-engine.ts';
import { SOURCE_RESOURCES_DIR, SOURCE_ROOT } from '../../../../engine/bin/resources-dir.ts';
import { terminalSession } from '../../../../engine/bin/terminal-session.ts';

/**
 * A process to be killed: a host with the writer in its own thread and its live sources running. Says where its
 * listeners are once all of them listen, and takes the files that it is given in meanwhile.
 */
const [dataDir = '', ...files] = process.argv.slice(2);
const ports = terminalPorts('error');
const engine = await openHostedEngine({ dataDir, databaseUrl: null, ports, hasScreen: true, code: bundledCode() });
const context = { session: terminalSession() };
const list = () => engine.handlers.sources.list(context, {});

if (files.length > 0) {
  void engine
    .ingest({ paths: files, format: 'auto', isHistory: false, site: null })
    .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
}

const listensAll = (sources: Awaited<ReturnType<typeof list>>) =>
  sources.every(({ source, health }) =>
    source.settings.kind === 'http' || source.settings.kind === 'syslog'
      ? health.listensOn !== null
      : health.state !== 'starting',
  );
let sources = await list();
for (; !listensAll(sources); sources = await list()) await delay(10);
const listensOn = Object.fromEntries(sources.map(({ source, health }) => [source.name, health.listensOn]));
process.stdout.write(`${JSON.stringify({ listensOn })}\n`);

// Every line after that says of which sources more was stored.
const before = new Map<string, number>();
const timer = setInterval(async () => {
  const moved: string[] = [];
  for (const { source, health } of await list()) {
    if (before.has(source.name) && before.get(source.name) !== health.counts.read) moved.push(source.name);
    before.set(source.name, health.counts.read);
  }
  if (moved.length > 0) process.stdout.write(`${JSON.stringify({ moved })}\n`);
}, 10);
timer.unref();
// The parent's end of the pipe closes when the parent goes, so that nothing is left behind.
process.stdin.on('end', () => process.exit(0)).resume();

/** Its threads are bundled beside it. */
function bundledCode(): HostCode {
  const text = readFileSync(join(SOURCE_ROOT, 'package.json'), 'utf8');
  const beside = (name: string) => new URL(`${name}.mjs`, `file://${process.argv[1]}`);
  return {
    resourcesDir: SOURCE_RESOURCES_DIR,
    version: (JSON.parse(text) as { version: string }).version,
    writerWorkerUrl: beside('writer'),
    readerWorkerUrl: beside('reader'),
    sampleWorkerUrl: beside('sample'),
    heavyReadsWorkerUrl: beside('heavy-reads'),
  };
}

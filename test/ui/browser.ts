import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { terminalPorts } from '../../engine/bin/host-ports.ts';
import { SOURCE_RENDERER_DIR, SOURCE_RESOURCES_DIR } from '../../engine/bin/resources-dir.ts';
import { createEngine } from '../../engine/engine.ts';
import { startHttpHost } from '../../engine/serve/http.ts';
import { makeStatement } from '../../renderer/client/statement.ts';

const PEOPLE = [
  'id,name,tier,roles',
  'ana,Ana Ruiz,tier1,analyst',
  'ben,Ben Ito,tier2,analyst',
  'lea,Lea Marsh,lead,lead;admin',
].join('\n');

export { launchBrowser } from '../../scripts/launch-browser.ts';

export interface TestHub {
  /** A link that works once. */
  link: () => string;
  ingest: (lines: readonly string[]) => Promise<void>;
  close: () => Promise<void>;
}

/** The real server over a data folder of its own, with a team of three and these alerts. */
export async function startHub(lines: readonly string[]): Promise<TestHub> {
  if (!existsSync(join(SOURCE_RENDERER_DIR, 'index.html'))) {
    throw new Error('The interface is not built. Run `npm run build` first; `npm test` does it by itself.');
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-ui-'));
  const ports = terminalPorts('error');
  const engine = await createEngine({
    target: { kind: 'sqlite', path: join(dataDir, 'evenwatch.db') },
    dataDir,
    resourcesDir: SOURCE_RESOURCES_DIR,
    rulesDirs: [join(SOURCE_RESOURCES_DIR, 'rules')],
    ports,
    workspace: {
      version: '0.1.0',
      describe: async () => ({ name: 'Halden Foods', isSample: true, preparing: null }),
      startOwn: async () => {
        throw new Error('Not part of these tests');
      },
    },
    writer: { kind: 'inline' },
    tickEveryMs: null,
    runsSources: false,
  });
  const statement = makeStatement({ kind: 'roster.import' });
  await engine.writer.run(
    'sources.importList',
    { statement, kind: 'people', name: '', csv: PEOPLE },
    { kind: 'system', id: 'test' },
  );
  const host = await startHttpHost({
    handlers: engine.handlers,
    ports,
    listen: { host: '127.0.0.1', port: 0 },
    rendererDir: SOURCE_RENDERER_DIR,
  });
  let files = 0;
  const ingest = async (more: readonly string[]) => {
    files += 1;
    const path = join(dataDir, `alerts-${files}.json`);
    writeFileSync(path, more.join('\n'));
    const report = await engine.writer.ingest({ paths: [path], format: 'auto', isHistory: false, site: null });
    if (report.rejected > 0 || report.stored === 0) throw new Error(`Ingest: ${JSON.stringify(report)}`);
    // The search is filled behind ingest, by the engine's tick.
    await engine.tick();
  };
  await ingest(lines);
  return {
    link: () => host.mintLink(null),
    ingest,
    close: async () => {
      await host.close();
      await engine.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface OpenPage {
  page: Page;
  /** What the page complained about: content security policy, errors, failed requests. */
  complaints: string[];
}

/** A window of its own on the queue, with somebody signed in. */
export async function openQueue(
  browser: Browser,
  hub: Pick<TestHub, 'link'>,
  options: { scheme?: 'light' | 'dark'; width?: number; height?: number; person?: string } = {},
): Promise<OpenPage> {
  const { scheme = 'light', width = 1440, height = 900, person = 'Ana Ruiz' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(hub.link());
  await page.getByRole('button', { name: new RegExp(person) }).click();
  await page.getByRole('grid', { name: 'Queue' }).waitFor();
  return { page, complaints };
}

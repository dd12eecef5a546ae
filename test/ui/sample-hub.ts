import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { terminalPorts } from '../../engine/bin/host-ports.ts';
import { SOURCE_RENDERER_DIR, SOURCE_RESOURCES_DIR } from '../../engine/bin/resources-dir.ts';
import { startHttpHost } from '../../engine/serve/http.ts';
import { openWorkspace } from '../../engine/workspace.ts';
import type { OpenPage } from './browser.ts';

export interface SampleHub {
  dataDir: string;
  link: () => string;
  /** Lets the engine's clock go on by this much. */
  advance: (ms: number) => void;
  close: () => Promise<void>;
}

/** The real server over an empty data folder: it makes the sample, a small one, as a first start does. */
export function startSampleHub(): Promise<SampleHub> {
  return start('sample');
}

/** The real server over an empty workspace of one's own, with its live sources running. */
export function startOwnHub(): Promise<SampleHub> {
  return start('own');
}

async function start(whenEmpty: 'sample' | 'own'): Promise<SampleHub> {
  if (!existsSync(join(SOURCE_RENDERER_DIR, 'index.html'))) {
    throw new Error('The interface is not built. Run `npm run build` first; `npm test` does it by itself.');
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-ui-sample-'));
  const own = terminalPorts('error');
  let aheadMs = 0;
  const ports = { ...own, clock: { ...own.clock, nowMs: () => own.clock.nowMs() + aheadMs } };
  const workspace = await openWorkspace({
    dataDir,
    databaseUrl: null,
    ports,
    resourcesDir: SOURCE_RESOURCES_DIR,
    version: '0.1.0',
    writer: { kind: 'inline' },
    tickEveryMs: 300,
    whenEmpty,
    sampleWorkerUrl: null,
    sampleVolume: 0.02,
    ownNames: { name: 'My workspace', myName: 'owner' },
  });
  await workspace.ready();
  const host = await startHttpHost({
    handlers: workspace.handlers,
    ports,
    listen: { host: '127.0.0.1', port: 0 },
    rendererDir: SOURCE_RENDERER_DIR,
  });
  return {
    dataDir,
    link: () => host.mintLink(null),
    advance: (ms) => {
      aheadMs += ms;
    },
    close: async () => {
      await host.close();
      await workspace.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type Person = 'Abena Owusu' | 'Sanne Postma' | 'Elif Yılmaz';

/** A window of its own, on the queue. Complaints hold what its console and its content security policy said. */
export async function openWindow(
  browser: Browser,
  hub: Pick<SampleHub, 'link'>,
  size: { width: number; height: number } = { width: 1280, height: 720 },
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce', acceptDownloads: false });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(hub.link());
  await page.getByRole('grid', { name: 'Queue' }).or(page.getByText('Nothing is waiting')).waitFor({ timeout: 60_000 });
  return { page, complaints };
}

/** Lets another person take the desk, by keyboard alone. */
export async function switchTo(page: Page, person: Person): Promise<void> {
  const button = page.getByRole('button', { name: /Person and view/ });
  if ((await button.textContent())?.includes(person)) return;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).waitFor();
  await page.keyboard.type(person);
  await page.getByRole('option', { name: new RegExp(person) }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: new RegExp(`${person}.*Person and view`) }).waitFor();
}

/** Every screen but the queue, with words that stand on it only when it has been read. */
const READY = {
  escalations: 'To my tier',
  automation: 'What rules closed, and why',
  assurance: 'Rules that close',
  team: /^(Who holds what|The team’s load is shown to leads)$/,
  'my-watch': 'My duties',
  sources: 'Last files and uploads',
} as const;
export type ScreenId = keyof typeof READY;
export const SCREEN_IDS = Object.keys(READY) as ScreenId[];

export async function goToScreen(page: Page, screen: ScreenId): Promise<void> {
  await page.evaluate((id) => {
    window.location.hash = `#/${id}`;
  }, screen);
  await page.getByText(READY[screen], { exact: true }).first().waitFor();
}

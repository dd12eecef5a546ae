/**
 * `npm run screenshots`: the pictures of the guide, from the real server over a fresh sample that always ends at the
 * same moment. The server's clock stands there, so that ages and clocks are the same in every run.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { terminalPorts } from '../engine/bin/host-ports.ts';
import { SOURCE_RENDERER_DIR, SOURCE_RESOURCES_DIR } from '../engine/bin/resources-dir.ts';
import type { Ports } from '../engine/ports.ts';
import { startHttpHost } from '../engine/serve/http.ts';
import { openWorkspace } from '../engine/workspace.ts';
import { ensureRenderer } from './ensure-renderer.ts';
import { launchBrowser } from './launch-browser.ts';
import { showLiveSource } from './live-scene.ts';
import { OWNER, SHOTS, type Shot } from './screenshot-list.ts';
import { shrinkPng } from './shrink-png.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'docs', 'screenshots');
/** A Thursday morning on which the team is at work. */
const ENDS_AT_MS = Date.parse('2026-11-19T09:40:00Z');
const SIZE = { width: 1440, height: 900 };
const KILOBYTES_MAX = 250;

/** Brings the page to what the picture shows. */
async function show(page: Page, shot: Shot): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = `#/${to}`;
  }, shot.screen);
  await page.getByText(shot.ready, { exact: true }).first().waitFor();
  if (shot.live !== undefined) await showLiveSource(page, shot.live, ENDS_AT_MS);
  if (shot.press !== undefined) await page.getByRole('button', { name: shot.press }).click();
  if (shot.pressLink !== undefined) await page.getByRole('link', { name: shot.pressLink }).first().click();
  if (shot.afterwards !== undefined) await page.getByText(shot.afterwards, { exact: true }).first().waitFor();
  // What was pressed must not look as if it were still meant.
  await page.mouse.move(0, SIZE.height);
}

/** Lets somebody take the desk through the command palette. */
async function seat(page: Page, person: string): Promise<void> {
  const who = page.getByRole('button', { name: /Person and view/ });
  if ((await who.textContent())?.includes(person)) return;
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find a command' }).waitFor();
  await page.keyboard.type(person);
  await page.getByRole('option', { name: new RegExp(person) }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: new RegExp(`${person}.*Person and view`) }).waitFor();
}

async function takeAll(browser: Browser, link: string, wanted: readonly Shot[]): Promise<void> {
  const context = await browser.newContext({ viewport: SIZE, reducedMotion: 'reduce', timezoneId: 'UTC' });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('grid', { name: 'Queue' }).or(page.getByText('Nothing is waiting')).waitFor({ timeout: 60_000 });
  for (const shot of wanted) {
    await seat(page, shot.person);
    await show(page, shot);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.mouse.move(0, SIZE.height);
      await page.waitForTimeout(800);
      const path = join(FOLDER, `${shot.name}-${colorScheme}.png`);
      const png = shrinkPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
      writeFileSync(path, png);
      const kilobytes = Math.round(png.length / 1000);
      process.stdout.write(`${shot.name}-${colorScheme}.png  ${kilobytes} kB\n`);
      if (kilobytes > KILOBYTES_MAX) throw new Error(`${path} is larger than ${KILOBYTES_MAX} kB.`);
    }
  }
  await context.close();
}

const named = process.argv.slice(2);
const unknown = named.find((name) => !SHOTS.some((shot) => shot.name === name));
if (unknown !== undefined) throw new Error(`There is no picture "${unknown}": ${SHOTS.map((s) => s.name).join(', ')}.`);
if (!(await ensureRenderer(ROOT, (line) => process.stdout.write(`${line}\n`)))) process.exit(1);
mkdirSync(FOLDER, { recursive: true });
const ports: Ports = { ...terminalPorts('error'), clock: { nowMs: () => ENDS_AT_MS } };
const browser = await launchBrowser();
const shots = SHOTS.filter((shot) => named.length === 0 || named.includes(shot.name));
try {
  for (const whenEmpty of ['sample', 'own'] as const) {
    const own = shots.filter((shot) => (shot.live !== undefined) === (whenEmpty === 'own'));
    if (own.length > 0) await takeOf(whenEmpty, own);
  }
} finally {
  await browser.close();
}

/** Pictures of the sample, or of a workspace of one's own that is empty at first. */
async function takeOf(whenEmpty: 'sample' | 'own', wanted: readonly Shot[]): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-screenshots-'));
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
    ownNames: { name: 'Halden Foods', myName: OWNER },
  });
  const host = await startHttpHost({
    handlers: workspace.handlers,
    ports,
    listen: { host: '127.0.0.1', port: 0 },
    rendererDir: SOURCE_RENDERER_DIR,
  });
  try {
    await workspace.ready();
    await takeAll(browser, host.mintLink(null), wanted);
  } finally {
    await host.close();
    await workspace.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildDesktop } from '../../scripts/build-desktop.ts';
import { launchBrowser } from '../ui/browser.ts';

vi.mock('electron', () => import('./stand-in/electron.ts'));

const standIn = await import('./stand-in/electron.ts');
const { chromiumPresenter } = await import('./stand-in/chromium-presenter.ts');
const { startDesktop } = await import('../../electron/main/start.ts');

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'out');
/** A first start makes the sample; on a busy machine that takes its time. */
const FIRST_START_MS = 120_000;

describe('the desktop, with the real main, preload, engine process and renderer', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-desktop-'));
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    await buildDesktop();
    browser = await launchBrowser();
    const presenter = chromiumPresenter(browser, join(OUT, 'preload', 'index.cjs'));
    standIn.setPresenter(presenter);
    faults = presenter.faults;
    const shown: InstanceType<typeof standIn.BrowserWindow>[] = [];
    const load = presenter.load.bind(presenter);
    presenter.load = (window, url) => {
      shown.push(window);
      return load(window, url);
    };
    await startDesktop({ outDir: OUT, resourcesDir: join(ROOT, 'resources') }, ['evenwatch', '--data', dataDir]);
    await vi.waitUntil(() => shown.length > 0, FIRST_START_MS);
    const [window] = shown;
    if (window === undefined) throw new Error('No window was opened');
    await vi.waitUntil(() => {
      try {
        page = presenter.pageOf(window);
        return true;
      } catch {
        return false;
      }
    }, FIRST_START_MS);
  }, FIRST_START_MS);

  afterAll(async () => {
    standIn.app.quit();
    await new Promise((resolve) => standIn.app.once('stand-in:ended', resolve));
    await browser?.close();
    rmSync(dataDir, { recursive: true, force: true });
  }, 30_000);

  it('turns the sandbox on and registers its scheme before it is ready', () => {
    const names = standIn.calls.map(({ name }) => name);
    const readyAt = names.indexOf('app.whenReady');
    expect(names.indexOf('app.enableSandbox')).toBeLessThan(readyAt);
    expect(names.indexOf('protocol.registerSchemesAsPrivileged')).toBeLessThan(readyAt);
    expect(names.indexOf('protocol.handle')).toBeGreaterThan(readyAt);
  });

  it('opens one window with exactly the secure preferences', () => {
    const windows = standIn.calls.filter(({ name }) => name === 'new BrowserWindow');
    expect(windows).toHaveLength(1);
    expect(windows[0]?.args[0]).toMatchObject({
      webPreferences: { sandbox: true, contextIsolation: true, webSecurity: true, nodeIntegration: false },
    });
  });

  it('keeps the native database binding out of unsigned libraries and gives the engine a process of its own', () => {
    const fork = standIn.calls.find(({ name }) => name === 'utilityProcess.fork');
    expect(fork?.args[2]).toMatchObject({ allowLoadingUnsignedLibraries: false });
  });

  it(
    'shows the queue of the sample',
    async () => {
      await page.getByRole('row').nth(3).waitFor({ timeout: FIRST_START_MS });
      expect(await page.getByRole('row').count()).toBeGreaterThan(5);
    },
    FIRST_START_MS,
  );

  it('gives the page one bridge with two names and no Node', async () => {
    const seen = await page.evaluate(() => ({
      bridge: Object.keys(Reflect.get(globalThis, 'evenwatchHost')).sort(),
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
    }));
    expect(seen).toEqual({ bridge: ['kind', 'requestEnginePort'], require: 'undefined', process: 'undefined' });
  });

  it(
    'comes back by itself when the engine dies',
    async () => {
      const before = standIn.calls.filter(({ name }) => name === 'utilityProcess.fork').length;
      for (const child of standIn.utilityProcess.running) child.kill();
      await vi.waitUntil(
        () => standIn.calls.filter(({ name }) => name === 'utilityProcess.fork').length > before,
        FIRST_START_MS,
      );
      // The old page is still there, asks the new engine, and opens an item.
      await page.getByRole('row').nth(2).click({ timeout: 60_000 });
      await page.keyboard.press('Enter');
      await page.getByText('What happened').first().waitFor({ timeout: 60_000 });
    },
    FIRST_START_MS,
  );

  it('broke no policy and left the bundle nowhere', () => {
    expect(faults).toEqual([]);
  });
});

const electronDir = join(ROOT, 'node_modules', 'electron', 'dist');
const hasBinary = existsSync(electronDir);
if (!hasBinary) {
  console.log('Skipped: checks of the packaged application, because the Electron binary is not on this machine.');
}

describe.skipIf(!hasBinary)('the packaged application', () => {
  it(
    'runs sandboxed and isolated',
    async () => {
      const { _electron: electron } = await import('playwright-core');
      const dataDir = mkdtempSync(join(tmpdir(), 'evenwatch-packaged-'));
      const app = await electron.launch({ args: [ROOT, '--data', dataDir] });
      try {
        const window = await app.firstWindow();
        const page = await window.evaluate(() => ({
          require: typeof Reflect.get(globalThis, 'require'),
          host: Reflect.get(globalThis, 'evenwatchHost')?.kind,
        }));
        expect(page).toEqual({ require: 'undefined', host: 'desktop' });
      } finally {
        await app.close();
        rmSync(dataDir, { recursive: true, force: true });
      }
    },
    FIRST_START_MS,
  );
});

import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { type BrowserWindow, ipcMain, type Presenter, protocol } from './electron.ts';
import type { MessagePortMain } from './message-port-main.ts';

/**
 * Shows the stand-in's windows in a real Chromium. Chromium knows no `app://` scheme, so `https://bundle.localhost/` stands
 * for it (a secure context too); every request is answered by the handler that main registered for `app`. The built preload
 * runs in the page with the two Electron parts that it uses; ports are carried message by message.
 */
const PAGE_ORIGIN = 'https://bundle.localhost';
const APP_ORIGIN = 'app://bundle';

export interface ChromiumPresenter extends Presenter {
  pageOf(window: BrowserWindow): Page;
  /** Everything that went wrong in pages: policy violations, errors, requests that left the bundle. */
  readonly faults: string[];
}

/** The part of Electron that the preload sees, in the page. */
const PRELOAD_SIDE = `
  const listeners = new Map();
  const ports = new Map();
  window.__standIn = {
    contextBridge: { exposeInMainWorld: (name, value) => Object.defineProperty(window, name, { value: Object.freeze(value) }) },
    ipcRenderer: {
      on: (channel, listener) => listeners.set(channel, listener),
      send: (channel) => void window.__toMain(channel),
    },
  };
  window.__deliverPort = (channel, id) => {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.onmessage = ({ data }) => void window.__portMessage(id, data);
    listeners.get(channel)?.({ ports: [port2] });
  };
  window.__portDeliver = (id, data) => ports.get(id)?.postMessage(data);
  window.__portClose = (id) => { ports.get(id)?.close(); ports.delete(id); };
`;

export function chromiumPresenter(browser: Browser, preloadPath: string): ChromiumPresenter {
  const pages = new Map<BrowserWindow, Page>();
  const ports = new Map<number, MessagePortMain>();
  const faults: string[] = [];
  let lastPort = 0;

  async function prepare(window: BrowserWindow): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    pages.set(window, page);
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.route('**/*', async (route) => {
      const url = route.request().url();
      if (!url.startsWith(`${PAGE_ORIGIN}/`)) {
        faults.push(`left the bundle: ${url}`);
        return route.abort();
      }
      const handler = protocol.handlers.get('app');
      const answer = await handler?.(new Request(url.replace(PAGE_ORIGIN, APP_ORIGIN)));
      if (answer === undefined) return route.abort();
      return route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    });
    await page.exposeFunction('__toMain', (channel: string) => {
      const senderFrame = { isDestroyed: () => false, parent: null, url: page.url().replace(PAGE_ORIGIN, APP_ORIGIN) };
      ipcMain.emit(channel, { sender: window.webContents, senderFrame });
    });
    await page.exposeFunction('__portMessage', (id: number, data: unknown) => ports.get(id)?.postMessage(data));
    const preload = readFileSync(preloadPath, 'utf8');
    await page.addInitScript(
      `(() => { ${PRELOAD_SIDE}\nconst require = () => window.__standIn; const exports = {}; const module = { exports };\n${preload}\n})();`,
    );
    return page;
  }

  return {
    faults,
    pageOf(window) {
      const page = pages.get(window);
      if (page === undefined) throw new Error('This window was never loaded');
      return page;
    },
    async load(window, url) {
      const page = pages.get(window) ?? (await prepare(window));
      await page.goto(url.replace(APP_ORIGIN, PAGE_ORIGIN));
    },
    postMessage(window, channel, [port]) {
      const page = pages.get(window);
      if (page === undefined || port === undefined) return;
      lastPort += 1;
      const id = lastPort;
      ports.set(id, port);
      // A page that is gone cannot be told: what fails here is of no interest to main.
      const ignore = () => {};
      port.on('message', ({ data }: { data: unknown }) => {
        page
          .evaluate(([to, what]) => Reflect.get(globalThis, '__portDeliver')(to, what), [id, data] as const)
          .catch(ignore);
      });
      port.on('close', () => {
        ports.delete(id);
        page.evaluate((to) => Reflect.get(globalThis, '__portClose')(to), id).catch(ignore);
      });
      page
        .evaluate(([on, to]) => Reflect.get(globalThis, '__deliverPort')(on, to), [channel, id] as const)
        .then(() => port.start(), ignore);
    },
    close(window) {
      void pages.get(window)?.close();
      pages.delete(window);
    },
  };
}

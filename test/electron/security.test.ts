import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('electron', () => import('./stand-in/electron.ts'));

const standIn = await import('./stand-in/electron.ts');
const { bundlePath, serveBundle, APP_SCHEME_PRIVILEGES } = await import('../../electron/main/security/app-protocol.ts');
const { isOwnUrl } = await import('../../electron/main/security/origin.ts');
const { secureWebPreferences } = await import('../../electron/main/security/secure-web-preferences.ts');
const { contentSecurityPolicy } = await import('../../electron/main/security/content-security-policy.ts');
const { isPermitted, denyPermissions } = await import('../../electron/main/security/permissions.ts');
const { lockNavigation } = await import('../../electron/main/security/navigation.ts');
const { denyDownloads } = await import('../../electron/main/security/downloads.ts');
const { isTrustedSender, onPageMessage } = await import('../../electron/main/security/trusted-ipc.ts');
const { forbiddenSwitches } = await import('../../electron/main/security/command-line.ts');
const { menuTemplate } = await import('../../electron/main/menu.ts');
const { restartDelay } = await import('../../electron/main/restart-delay.ts');

const OTHERS = [
  'app://bundle.evil/',
  'app://bundle:8080/',
  'app://user@bundle/',
  'https://bundle/',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'about:blank',
  'not a url',
  '',
];

describe('what counts as our own page', () => {
  it('takes the bundle and refuses everything that only looks like it', () => {
    expect(isOwnUrl('app://bundle/')).toBe(true);
    expect(isOwnUrl('app://bundle/index.html#/queue')).toBe(true);
    for (const other of OTHERS) expect(isOwnUrl(other), other).toBe(false);
  });
});

describe('web preferences', () => {
  it('are exactly these', () => {
    expect(secureWebPreferences('/p.cjs')).toEqual({
      preload: '/p.cjs',
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
  });
});

describe('the app scheme', () => {
  const dir = mkdtempSync(join(tmpdir(), 'evenwatch-bundle-'));
  mkdirSync(join(dir, 'assets'));
  writeFileSync(join(dir, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__">');
  writeFileSync(join(dir, 'assets', 'a.js'), 'export {};');
  const serve = serveBundle(dir);

  it('is standard and secure and does not bypass the policy', () => {
    expect(APP_SCHEME_PRIVILEGES).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true },
    });
  });

  it.each([
    'app://bundle/../secret.js',
    'app://bundle/%2e%2e/secret.js',
    'app://bundle/..%2fsecret.js',
    'app://bundle/assets%5c..%5c..%5csecret.js',
    'app://bundle/a%00.js',
    'app://bundle//etc/passwd',
    'app://other/index.html',
    'https://bundle/index.html',
    'app://bundle/index.html.bak',
    'app://bundle/%',
  ])('refuses %s', async (address) => {
    const path = bundlePath(dir, address);
    if (path !== null) expect(path.startsWith(dir + sep)).toBe(true);
    const answer = await serve(new Request(address.replace(/%$/, '%25')));
    expect(answer.status).toBe(404);
  });

  it('never leaves its folder, whatever the path', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const file = bundlePath(dir, `app://bundle/${path}`);
        expect(file === null || file.startsWith(dir + sep)).toBe(true);
      }),
    );
  });

  it('answers with the policy, a nonce of its own each time, and the right type', async () => {
    const first = await serve(new Request('app://bundle/'));
    const second = await serve(new Request('app://bundle/'));
    const nonceOf = (answer: Response) =>
      /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
    expect(nonceOf(first)).toMatch(/^[A-Za-z0-9+/]{22}==$/);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
    expect(await first.text()).toContain(`content="${nonceOf(first)}"`);
    expect(first.headers.get('content-security-policy')).toBe(contentSecurityPolicy(nonceOf(first) ?? ''));
    expect(contentSecurityPolicy('x')).not.toContain('unsafe');
    const script = await serve(new Request('app://bundle/assets/a.js'));
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await serve(new Request('app://bundle/', { method: 'POST' }))).status).toBe(404);
  });
});

describe('permissions', () => {
  it('are denied but for two from our own origin', () => {
    const all = [
      'media',
      'geolocation',
      'midi',
      'clipboard-read',
      'hid',
      'serial',
      'usb',
      'fullscreen',
      'openExternal',
    ];
    for (const permission of all) expect(isPermitted(permission, 'app://bundle/'), permission).toBe(false);
    expect(isPermitted('notifications', 'app://bundle/')).toBe(true);
    expect(isPermitted('notifications', 'https://evil.example/')).toBe(false);
  });

  it('have a handler for asking, checking, devices and screens', () => {
    denyPermissions(standIn.session.defaultSession as never);
    expect([...standIn.session.defaultSession.handlers.keys()].sort()).toEqual([
      'check',
      'device',
      'display',
      'request',
    ]);
  });
});

describe('navigation', () => {
  const contents = new standIn.WebContents(new standIn.BrowserWindow({}));
  lockNavigation(contents as never);

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s stays at home', (name) => {
    for (const url of OTHERS) {
      const preventDefault = vi.fn();
      contents.emit(name, { url, preventDefault });
      expect(preventDefault, url).toHaveBeenCalledOnce();
    }
    const preventDefault = vi.fn();
    contents.emit(name, { url: 'app://bundle/index.html', preventDefault });
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('opens no window and attaches no webview', () => {
    expect(contents.openHandler?.({ url: 'app://bundle/' })).toEqual({ action: 'deny' });
    const preventDefault = vi.fn();
    contents.emit('will-attach-webview', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it.each([
    ['blob:app://bundle/7d1f', 'evenwatch-my-data.json', true],
    ['blob:app://bundle/7d1f', 'evenwatch-my-data.csv', true],
    ['blob:app://bundle/7d1f', 'invoice.exe', false],
    ['blob:app://bundle.evil/7d1f', 'evenwatch-my-data.csv', false],
    ['blob:https://evil.example/7d1f', 'evenwatch-my-data.csv', false],
    ['app://bundle/evenwatch-my-data.csv', 'evenwatch-my-data.csv', false],
    ['https://evil.example/evenwatch-my-data.csv', 'evenwatch-my-data.csv', false],
    ['data:text/csv,x', 'evenwatch-my-data.csv', false],
  ])('of %s named %s it may be saved: %s', (url, name, isAllowed) => {
    standIn.session.defaultSession.removeAllListeners('will-download');
    denyDownloads(standIn.session.defaultSession as never);
    const preventDefault = vi.fn();
    const item = { getURL: () => url, getFilename: () => name };
    standIn.session.defaultSession.emit('will-download', { preventDefault }, item);
    expect(preventDefault).toHaveBeenCalledTimes(isAllowed ? 0 : 1);
  });
});

describe('messages from pages', () => {
  const own = { isDestroyed: () => false, parent: null, url: 'app://bundle/index.html' };

  it('are heard from the top frame of our own page only', () => {
    expect(isTrustedSender({ senderFrame: own } as never)).toBe(true);
    expect(isTrustedSender({ senderFrame: null } as never)).toBe(false);
    expect(isTrustedSender({ senderFrame: { ...own, isDestroyed: () => true } } as never)).toBe(false);
    expect(isTrustedSender({ senderFrame: { ...own, parent: own } } as never)).toBe(false);
    expect(isTrustedSender({ senderFrame: { ...own, url: 'https://evil.example/' } } as never)).toBe(false);
  });

  it('reach nobody otherwise, and nobody after the listener is taken off', () => {
    const heard = vi.fn();
    const stop = onPageMessage('engine-port:request', heard);
    standIn.ipcMain.emit('engine-port:request', { senderFrame: { ...own, url: 'app://bundle.evil/' } });
    expect(heard).not.toHaveBeenCalled();
    standIn.ipcMain.emit('engine-port:request', { senderFrame: own });
    expect(heard).toHaveBeenCalledOnce();
    stop();
    standIn.ipcMain.emit('engine-port:request', { senderFrame: own });
    expect(heard).toHaveBeenCalledOnce();
  });
});

describe('starting', () => {
  beforeEach(() => standIn.calls.splice(0));

  it('names the switches that a packaged application refuses', () => {
    expect(forbiddenSwitches(['evenwatch', '--remote-debugging-port=9222', '--data', 'x', '--inspect'])).toEqual([
      '--remote-debugging-port=9222',
      '--inspect',
    ]);
    expect(forbiddenSwitches(['evenwatch', '--data', '/srv/remote-debugging-port'])).toEqual([]);
  });

  it('has no reload and no developer tools in the menu of a packaged application', () => {
    const roles = (isPackaged: boolean) => JSON.stringify(menuTemplate({ isPackaged, isMac: false }));
    expect(roles(true)).not.toMatch(/reload|toggleDevTools/);
    expect(roles(false)).toMatch(/toggleDevTools/);
  });

  it('waits longer after each failure in a row, up to half a minute, and forgets after a healthy run', () => {
    let state = { failures: 0 };
    const delays: number[] = [];
    for (let run = 0; run < 9; run += 1) {
      const next = restartDelay(state, 1_000);
      delays.push(next.delayMs);
      state = next.state;
    }
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(restartDelay(state, 61_000).delayMs).toBe(250);
  });
});

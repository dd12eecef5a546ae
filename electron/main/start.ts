import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, protocol, session } from 'electron';
import { startEngineHost } from './engine-host.ts';
import { menuTemplate } from './menu.ts';
import { APP_SCHEME_PRIVILEGES, serveBundle } from './security/app-protocol.ts';
import { forbiddenSwitches } from './security/command-line.ts';
import { denyDownloads } from './security/downloads.ts';
import { APP_SCHEME } from './security/origin.ts';
import { denyPermissions } from './security/permissions.ts';
import { openWindow } from './window.ts';

export interface DesktopPaths {
  /** Folder of the bundled main, preload and engine process. */
  outDir: string;
  resourcesDir: string;
}

/** The value of `--data DIR` among the arguments, else the user's own folder for this application. */
function dataDir(argv: readonly string[]): string {
  const at = argv.indexOf('--data');
  return (at >= 0 ? argv[at + 1] : undefined) ?? join(app.getPath('userData'), 'data');
}

/** Starts the desktop application. Everything before `whenReady` must come before it: the sandbox and the scheme. */
export async function startDesktop(paths: DesktopPaths, argv: readonly string[]): Promise<void> {
  const forbidden = app.isPackaged ? forbiddenSwitches(argv) : [];
  if (forbidden.length > 0) {
    process.stderr.write(
      `Evenwatch does not start with ${forbidden.join(', ')}: it would open the window to others.\n`,
    );
    app.exit(2);
    return;
  }
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([APP_SCHEME_PRIVILEGES]);
  await app.whenReady();

  protocol.handle(APP_SCHEME, serveBundle(join(paths.outDir, 'renderer')));
  denyPermissions(session.defaultSession);
  denyDownloads(session.defaultSession);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ isPackaged: app.isPackaged, isMac: process.platform === 'darwin' })),
  );

  const engine = startEngineHost({
    modulePath: join(paths.outDir, 'engine', 'engine-process.js'),
    dataDir: dataDir(argv),
    resourcesDir: paths.resourcesDir,
    version: app.getVersion(),
    now: () => performance.now(),
    onLog: (message) => process.stderr.write(`${message}\n`),
    onRefused: (message) => {
      dialog.showErrorBox('Evenwatch cannot open this data folder', message);
      app.exit(1);
    },
  });
  const open = (): BrowserWindow =>
    openWindow({ preload: join(paths.outDir, 'preload', 'index.cjs'), session: session.defaultSession, engine });

  let window = open();
  app.on('second-instance', () => {
    if (window.isDestroyed()) window = open();
    else if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('activate', () => {
    if (window.isDestroyed()) window = open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void engine.stop().then(() => {
      isStopped = true;
      app.quit();
    });
  });
}

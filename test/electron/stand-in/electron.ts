import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MessageChannelMain, MessagePortMain } from './message-port-main.ts';

/**
 * A stand-in for Electron's main-process module: just the calls that our own main code makes, so that the real code runs
 * where the Electron binary cannot be had. It records what it is asked, and windows are shown by whoever sets `presenter`.
 */
export const calls: { name: string; args: readonly unknown[] }[] = [];

function record(name: string, ...args: readonly unknown[]): void {
  calls.push({ name, args });
}

/** Shows a window: given by the test, so that unit tests need no browser. */
export interface Presenter {
  load(window: BrowserWindow, url: string): Promise<void>;
  postMessage(window: BrowserWindow, channel: string, ports: readonly MessagePortMain[]): void;
  close(window: BrowserWindow): void;
}
let presenter: Presenter | null = null;
export function setPresenter(next: Presenter | null): void {
  presenter = next;
}

class App extends EventEmitter {
  isPackaged = false;
  userData = tmpdir();
  hasLock = true;
  enableSandbox(): void {
    record('app.enableSandbox');
  }
  whenReady(): Promise<void> {
    record('app.whenReady');
    return Promise.resolve();
  }
  requestSingleInstanceLock(): boolean {
    record('app.requestSingleInstanceLock');
    return this.hasLock;
  }
  getVersion(): string {
    return '0.0.0-stand-in';
  }
  getPath(): string {
    return this.userData;
  }
  quit(): void {
    record('app.quit');
    let isPrevented = false;
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) });
    if (!isPrevented) this.emit('stand-in:ended');
  }
  exit(code: number): void {
    record('app.exit', code);
  }
}
export const app = new App();

export class WebContents extends EventEmitter {
  readonly owner: BrowserWindow;
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  constructor(owner: BrowserWindow) {
    super();
    this.owner = owner;
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
  postMessage(channel: string, _message: unknown, ports: readonly MessagePortMain[] = []): void {
    presenter?.postMessage(this.owner, channel, ports);
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown>;
  readonly webContents: WebContents;
  isGone = false;
  constructor(options: Record<string, unknown>) {
    super();
    record('new BrowserWindow', options);
    this.options = options;
    this.webContents = new WebContents(this);
  }
  async loadURL(url: string): Promise<void> {
    record('loadURL', url);
    await presenter?.load(this, url);
    this.emit('ready-to-show');
  }
  show(): void {
    record('show');
  }
  focus(): void {
    record('focus');
  }
  restore(): void {
    record('restore');
  }
  isMinimized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  close(): void {
    this.isGone = true;
    presenter?.close(this);
    this.emit('closed');
    app.emit('window-all-closed');
  }
}

type ProtocolHandler = (request: Request) => Promise<Response> | Response;
export const protocol = {
  handlers: new Map<string, ProtocolHandler>(),
  registerSchemesAsPrivileged(schemes: unknown): void {
    record('protocol.registerSchemesAsPrivileged', schemes);
  },
  handle(scheme: string, handler: ProtocolHandler): void {
    record('protocol.handle', scheme);
    this.handlers.set(scheme, handler);
  },
};

class Session extends EventEmitter {
  handlers = new Map<string, (...args: never[]) => unknown>();
  setPermissionRequestHandler(handler: (...args: never[]) => unknown): void {
    this.handlers.set('request', handler);
  }
  setPermissionCheckHandler(handler: (...args: never[]) => unknown): void {
    this.handlers.set('check', handler);
  }
  setDevicePermissionHandler(handler: (...args: never[]) => unknown): void {
    this.handlers.set('device', handler);
  }
  setDisplayMediaRequestHandler(handler: (...args: never[]) => unknown): void {
    this.handlers.set('display', handler);
  }
}
export const session = { defaultSession: new Session() };

export const ipcMain = new EventEmitter();

export const dialog = {
  showErrorBox(title: string, content: string): void {
    record('dialog.showErrorBox', title, content);
  },
};

export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu(menu: unknown): void {
    record('Menu.setApplicationMenu', menu);
  },
};

/** Runs the module in a thread whose `process.parentPort` is what Electron gives a utility process. */
class UtilityProcess extends EventEmitter {
  readonly worker: Worker;
  pid: number | undefined = process.pid;
  constructor(modulePath: string, args: readonly string[]) {
    super();
    this.worker = new Worker(new URL('./utility-process.ts', import.meta.url), {
      workerData: { modulePath },
      argv: [...args],
      stdout: false,
      stderr: false,
    });
    this.worker.on('exit', (code) => {
      this.pid = undefined;
      this.emit('exit', code);
    });
    this.worker.on('message', (message: unknown) => this.emit('message', message));
    this.worker.on('error', (error) => record('utilityProcess.error', String(error)));
  }
  postMessage(data: unknown, ports: readonly MessagePortMain[] = []): void {
    const raw = ports.map((port) => port.raw);
    this.worker.postMessage({ data, ports: raw }, raw);
  }
  kill(): boolean {
    void this.worker.terminate();
    return true;
  }
}
export const utilityProcess = {
  running: new Set<UtilityProcess>(),
  fork(modulePath: string, args: readonly string[], options: unknown): UtilityProcess {
    record('utilityProcess.fork', modulePath, args, options);
    const child = new UtilityProcess(modulePath, args);
    this.running.add(child);
    child.on('exit', () => this.running.delete(child));
    return child;
  },
};

export { MessageChannelMain, MessagePortMain };

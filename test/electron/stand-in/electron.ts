import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import { MessageChannelMain, MessagePortMain } from './message-port-main.ts';
import type { FromUtilityProcess } from './utility-process.ts';

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

/** Runs the module in a Node process whose `process.parentPort` is what Electron gives a utility process; ports are carried message by message. */
class UtilityProcess extends EventEmitter {
  readonly child: ChildProcess;
  readonly ports: MessagePortMain[] = [];
  pid: number | undefined;
  constructor(modulePath: string, args: readonly string[]) {
    super();
    this.child = fork(new URL('./utility-process.ts', import.meta.url), [...args], {
      env: { ...process.env, STAND_IN_MODULE: modulePath },
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.pid = this.child.pid;
    this.child.on('message', (message: FromUtilityProcess) => {
      if (message.kind === 'data') this.emit('message', message.data);
      else this.ports[message.port]?.postMessage(message.data);
    });
    this.child.on('exit', (code) => {
      this.pid = undefined;
      for (const port of this.ports) port.close();
      this.emit('exit', code ?? 1);
    });
  }
  postMessage(data: unknown, ports: readonly MessagePortMain[] = []): void {
    const numbers = ports.map((port) => {
      const number = this.ports.push(port) - 1;
      port.on('message', ({ data: carried }: { data: unknown }) => {
        if (this.child.connected) this.child.send({ kind: 'port', port: number, data: carried });
      });
      port.start();
      return number;
    });
    if (this.child.connected) this.child.send({ kind: 'data', data, ports: numbers });
  }
  kill(): boolean {
    return this.child.kill('SIGKILL');
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

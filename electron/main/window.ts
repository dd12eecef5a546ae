import { BrowserWindow, type Session } from 'electron';
import type { EngineHost } from './engine-host.ts';
import { lockNavigation } from './security/navigation.ts';
import { APP_URL } from './security/origin.ts';
import { secureWebPreferences } from './security/secure-web-preferences.ts';
import { onPageMessage } from './security/trusted-ipc.ts';

export interface WindowOptions {
  preload: string;
  session: Session;
  engine: EngineHost;
}

/** Opens the one window, locked to our own pages, and hands its top frame the engine's port on request. */
export function openWindow({ preload, session, engine }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Evenwatch',
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    autoHideMenuBar: true,
    webPreferences: { ...secureWebPreferences(preload), session },
  });
  lockNavigation(window.webContents);

  let disconnect: (() => void) | null = null;
  const stopListening = onPageMessage('engine-port:request', (event) => {
    if (event.sender !== window.webContents) return;
    // A reload asks again: the old page's ports go with it.
    disconnect?.();
    disconnect = engine.connect((port) => {
      if (!window.isDestroyed()) window.webContents.postMessage('engine-port', null, [port]);
    });
  });
  window.on('closed', () => {
    disconnect?.();
    stopListening();
  });
  window.once('ready-to-show', () => window.show());
  void window.loadURL(APP_URL);
  return window;
}

import type { WebPreferences } from 'electron';

/**
 * The only web preferences that a window of Evenwatch may have (Electron security checklist 2, 3, 4, 6, 8, 9, 10).
 * `preload` is the one thing that differs by build.
 */
export function secureWebPreferences(preload: string): WebPreferences {
  return {
    preload,
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
  };
}

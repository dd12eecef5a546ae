import { contextBridge, ipcRenderer } from 'electron';

/**
 * The whole of what a page can reach: it may ask for the engine's message port, and is given it through
 * `window.postMessage`, because a port cannot cross the context bridge. No channel name, no event object and no
 * `ipcRenderer` reaches the page.
 */
ipcRenderer.on('engine-port', (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage({ kind: 'evenwatch:engine-port' }, window.location.origin, [port]);
});

contextBridge.exposeInMainWorld('evenwatchHost', {
  /** `desktop`: pages ask for this, never for a platform. */
  kind: 'desktop',
  requestEnginePort(): void {
    ipcRenderer.send('engine-port:request');
  },
});

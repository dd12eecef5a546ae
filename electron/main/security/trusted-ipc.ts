import { type IpcMainEvent, ipcMain } from 'electron';
import { isOwnUrl } from './origin.ts';

/** The messages that a page may send to the main process. There is one. */
export type PageMessage = 'engine-port:request';

/**
 * True when a message comes from the top frame of one of our own pages (checklist 17). A frame that is gone,
 * a frame inside another, or another origin is not trusted.
 */
export function isTrustedSender(event: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame !== undefined && !frame.isDestroyed() && frame.parent === null && isOwnUrl(frame.url);
}

/** The one place that listens to pages, so that nobody can forget to ask who speaks. */
export function onPageMessage(message: PageMessage, listener: (event: IpcMainEvent) => void): () => void {
  const guarded = (event: IpcMainEvent) => {
    if (isTrustedSender(event)) listener(event);
  };
  ipcMain.on(message, guarded);
  return () => ipcMain.off(message, guarded);
}

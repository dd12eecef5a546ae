import type { DownloadItem, Session } from 'electron';
import { isOwnUrl } from './origin.ts';

/** What people may save: a copy of their own data, made by our own page in memory. */
const OWN_FILES: readonly string[] = ['evenwatch-my-data.json', 'evenwatch-my-data.csv'];

/** Nothing is downloaded from anywhere, and alert content is never saved (checklist 26). */
export function denyDownloads(session: Session): void {
  session.on('will-download', (event, item) => {
    if (!isOwnFile(item)) event.preventDefault();
  });
}

/** `blob:app://bundle/…` is memory of our own page; the person is asked where to save it. */
function isOwnFile(item: Pick<DownloadItem, 'getURL' | 'getFilename'>): boolean {
  const url = item.getURL();
  return url.startsWith('blob:') && isOwnUrl(url.slice('blob:'.length)) && OWN_FILES.includes(item.getFilename());
}

/** The one origin that Evenwatch's own pages have. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'bundle';
export const APP_URL = `${APP_SCHEME}://${APP_HOST}/`;

/**
 * True for pages of our own bundle. Compared part by part of the parsed address, never by prefix:
 * `app://bundle.evil/` starts with the right letters.
 */
export function isOwnUrl(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  return (
    url.protocol === `${APP_SCHEME}:` &&
    url.hostname === APP_HOST &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { APP_HOST, APP_SCHEME } from './origin.ts';

/** Registered before `ready`. Deliberately without `bypassCSP` (checklist 18: no file://). */
export const APP_SCHEME_PRIVILEGES = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true },
} as const;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};

/**
 * The file of the bundle that an address names, or null for everything else: another host, a path that
 * climbs out, an encoded slash or NUL, a kind of file that the bundle does not hold.
 */
export function bundlePath(bundleDir: string, address: string): string | null {
  let url: URL;
  let path: string;
  try {
    url = new URL(address);
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (url.protocol !== `${APP_SCHEME}:` || url.hostname !== APP_HOST || url.port !== '') return null;
  if (/%2f|%5c|%00/i.test(url.pathname) || path.includes('\\') || path.includes('\0')) return null;
  if (path.split('/').includes('..')) return null;
  const relative = path === '/' ? 'index.html' : path.slice(1);
  const file = normalize(join(bundleDir, relative));
  if (!file.startsWith(normalize(bundleDir) + sep)) return null;
  return CONTENT_TYPES[extname(file)] === undefined ? null : file;
}

/** Answers `app://bundle/…` from the built renderer. The page's style nonce is new for each response. */
export function serveBundle(bundleDir: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const nonce = randomBytes(16).toString('base64');
    const headers = new Headers({
      'content-security-policy': contentSecurityPolicy(nonce),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    const file = request.method === 'GET' ? bundlePath(bundleDir, request.url) : null;
    if (file === null) return new Response('There is no such page.', { status: 404, headers });
    let body: Buffer;
    try {
      body = await readFile(file);
    } catch {
      return new Response('There is no such page.', { status: 404, headers });
    }
    headers.set('content-type', CONTENT_TYPES[extname(file)] ?? 'application/octet-stream');
    if (!file.endsWith('.html')) return new Response(new Uint8Array(body), { headers });
    return new Response(body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce), { headers });
  };
}

/** What the built index.html carries where the nonce of this response belongs. */
export const NONCE_PLACEHOLDER = '__STYLE_NONCE__';

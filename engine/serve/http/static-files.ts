import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { sendText } from './respond.ts';

const gzipAsync = promisify(gzip);

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};
const COMPRESSIBLE: ReadonlySet<string> = new Set(['.html', '.js', '.css', '.svg', '.json']);
/** What the built index.html carries where the nonce of this response belongs. */
const NONCE_PLACEHOLDER = '__STYLE_NONCE__';
/** The builder puts a hash of the content into the name of whatever lies here, so it never changes. */
const HASHED = /^\/assets\/[^/]+-[\w-]{8,}\.\w+$/;

interface StaticFile {
  body: Buffer;
  zipped: Buffer | null;
  etag: string;
  mtimeMs: number;
}

/** The file's path inside the folder, or null for whatever could lead out of it or is of no kind that the bundle holds. */
export function insidePath(pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (/%2f|%5c|%00/i.test(pathname) || /[\\\0]/.test(path)) return null;
  if (!path.startsWith('/') || path.split('/').some((part) => part === '..' || part === '.')) return null;
  const relative = path === '/' ? '/index.html' : path;
  return CONTENT_TYPES[extname(relative)] === undefined ? null : relative;
}

/** Serves the files of one folder, kept in memory once they were asked for. */
export class StaticFiles {
  readonly #dir: string;
  readonly #kept = new Map<string, StaticFile>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  async serve(request: IncomingMessage, response: ServerResponse, pathname: string, nonce: string): Promise<void> {
    const relative = insidePath(pathname);
    const file = relative === null ? null : await this.#load(relative);
    if (relative === null || file === null) {
      sendText(response, 404, 'There is no such page.');
      return;
    }
    response.setHeader('content-type', CONTENT_TYPES[extname(relative)] ?? 'application/octet-stream');
    response.setHeader('vary', 'accept-encoding');
    if (relative.endsWith('.html')) {
      // The nonce is new each time, so a page is never kept.
      response.end(
        request.method === 'HEAD' ? undefined : file.body.toString('utf8').replaceAll(NONCE_PLACEHOLDER, nonce),
      );
      return;
    }
    response.setHeader(
      'cache-control',
      HASHED.test(relative) ? 'private, max-age=31536000, immutable' : 'private, no-cache',
    );
    response.setHeader('etag', file.etag);
    if (request.headers['if-none-match'] === file.etag) {
      response.statusCode = 304;
      response.end();
      return;
    }
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    const body = takesGzip && file.zipped !== null ? file.zipped : file.body;
    if (body === file.zipped) response.setHeader('content-encoding', 'gzip');
    response.setHeader('content-length', body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #load(relative: string): Promise<StaticFile | null> {
    const path = join(this.#dir, relative);
    try {
      const { mtimeMs } = await stat(path);
      const kept = this.#kept.get(relative);
      if (kept?.mtimeMs === mtimeMs) return kept;
      // A symbolic link must not lead out of the folder either.
      const [root, real] = await Promise.all([realpath(this.#dir), realpath(path)]);
      if (!real.startsWith(root + sep)) return null;
      const body = await readFile(real);
      const file: StaticFile = {
        body,
        zipped: COMPRESSIBLE.has(extname(relative)) ? await gzipAsync(body) : null,
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        mtimeMs,
      };
      this.#kept.set(relative, file);
      return file;
    } catch {
      return null;
    }
  }
}

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { checkListen, parseListen } from '../../../engine/serve/http/listen-policy.ts';
import { insidePath } from '../../../engine/serve/http/static-files.ts';
import { type HttpHost, startHttpHost } from '../../../engine/serve/http.ts';
import { enter } from './hosts.ts';
import { scriptedHandlers, stillPorts } from './scripted-handlers.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-http-'));
const bundle = join(root, 'renderer');
const ports = stillPorts();
let host: HttpHost;
let cookie: string;

beforeAll(async () => {
  mkdirSync(join(bundle, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.js'), 'secret');
  writeFileSync(join(bundle, 'index.html'), '<meta name="style-nonce" content="__STYLE_NONCE__">');
  writeFileSync(join(bundle, 'assets', 'index-abcd1234.js'), `export const x = "${'x'.repeat(2000)}";`);
  writeFileSync(join(bundle, 'icon.svg'), '<svg/>');
  writeFileSync(join(bundle, 'notes.txt'), 'of no kind that a bundle holds');
  symlinkSync(join(root, 'secret.js'), join(bundle, 'leak.js'));
  host = await startHttpHost({
    handlers: scriptedHandlers(),
    ports,
    listen: { host: '127.0.0.1', port: 0 },
    rendererDir: bundle,
  });
  cookie = await enter(host.mintLink(null));
});
afterAll(async () => {
  await host.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** A request as raw as `node:http` lets it be: any Host, any path, nothing tidied up. */
function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const url = new URL(host.origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        path,
        method: options.method ?? 'GET',
        headers: { cookie, ...options.headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

/** Bytes straight onto the socket; the first line of what comes back. */
function wire(bytes: string): Promise<string> {
  const { port } = new URL(host.origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
    socket.on('error', () => resolve('closed'));
  });
}

const call = (body: unknown, headers: Record<string, string> = {}) =>
  raw('/rpc/workspace/get', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: host.origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

describe('who is let in', () => {
  it('gives nothing without a session but the way to a link', async () => {
    const page = await raw('/', { headers: { cookie: '' } });
    expect(page.status).toBe(401);
    expect(String(page.body)).toMatch(/hub link/);
    expect((await raw('/assets/index-abcd1234.js', { headers: { cookie: '' } })).status).toBe(401);
    expect((await raw('/openapi.json', { headers: { cookie: '' } })).status).toBe(401);
    expect((await raw('/session', { headers: { cookie: '' } })).status).toBe(401);
    expect((await call({ json: {} }, { cookie: '' })).status).toBe(401);
    expect((await call({ json: {} }, { cookie: `${cookie}x` })).status).toBe(401);
  });

  it('takes a link once, and gives a cookie that no script reads and no other site sends', async () => {
    const link = new URL(host.mintLink(null));
    expect(Buffer.from(link.searchParams.get('token') ?? '', 'base64url').length).toBeGreaterThanOrEqual(16);
    const first = await raw(link.pathname + link.search, { headers: { cookie: '' } });
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect(first.headers['referrer-policy']).toBe('no-referrer');
    const again = await raw(link.pathname + link.search, { headers: { cookie: '' } });
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(String(again.body)).not.toContain(link.searchParams.get('token'));
  });

  it('is not used up by a preview of the link', async () => {
    const link = new URL(host.mintLink(null));
    expect(
      (await raw(link.pathname + link.search, { headers: { cookie: '', 'sec-purpose': 'prefetch' } })).status,
    ).toBe(401);
    expect((await raw(link.pathname + link.search, { headers: { cookie: '' } })).status).toBe(303);
  });

  it('goes on with the session when an old link is opened again', async () => {
    expect((await raw('/?token=used')).status).toBe(303);
  });

  it('lets a link expire after a day', async () => {
    const still = stillPorts();
    const other = await startHttpHost({
      handlers: scriptedHandlers(),
      ports: still,
      listen: { host: '127.0.0.1', port: 0 },
      rendererDir: bundle,
    });
    const link = other.mintLink(null);
    still.advance(24 * 3_600_000 + 1);
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(401);
    await other.close();
  });

  it('stops somebody who tries tokens', async () => {
    const other = await startHttpHost({
      handlers: scriptedHandlers(),
      ports: stillPorts(),
      listen: { host: '127.0.0.1', port: 0 },
      rendererDir: bundle,
    });
    const statuses: number[] = [];
    for (let n = 0; n < 12; n += 1) statuses.push((await fetch(`${other.origin}/?token=guess${n}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    await other.close();
  });
});

describe('whose request it is', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    '',
    'localhost@evil.example',
    '10.0.0.1',
    'a b',
  ])('refuses the Host %j: the name may have been pointed here', async (name) => {
    const answer = await wire(`GET / HTTP/1.1\r\nHost: ${name}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/ (400|403) /);
  });

  it('answers under its own names', async () => {
    const { port } = new URL(host.origin);
    for (const name of [`127.0.0.1:${port}`, `localhost:${port}`])
      expect((await raw('/', { headers: { host: name } })).status).toBe(200);
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1', 'nonsense'])(
    'refuses the Origin %j',
    async (origin) => {
      expect((await call({ json: {} }, { origin })).status).toBe(403);
    },
  );

  it('refuses a call without an Origin', async () => {
    const answer = await raw('/rpc/workspace/get', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"json":{}}',
    });
    expect(answer.status).toBe(403);
  });

  it('refuses a call by GET, which a link or an image can make', async () => {
    expect((await raw(`/rpc/workspace/get?data=${encodeURIComponent('{"json":{}}')}`)).status).not.toBe(200);
  });

  it('refuses a socket from another page, under another name, or without a session', async () => {
    const status = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, { headers });
        socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
        socket.on('open', () => {
          socket.close();
          resolve('open');
        });
        socket.on('error', () => {});
      });
    expect(await status({ cookie, origin: 'http://evil.example' })).toBe(403);
    expect(await status({ cookie, host: 'evil.example' })).toBe(403);
    expect(await status({ origin: host.origin })).toBe(401);
    expect(await status({ cookie, origin: host.origin })).toBe('open');
  });
});

describe('what a request may hold', () => {
  it('refuses a body that is too large, by its header and by its bytes', async () => {
    expect((await call(JSON.stringify({ json: { personId: 'x'.repeat(5_000_000) } }))).status).toBe(413);
    expect((await call(JSON.stringify({ json: { personId: 'x'.repeat(1_500_000) } }))).status).toBe(413);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '{"json":',
    '\u0000',
    '{"json":{},"meta":[[1,"__proto__","x"]]}',
    '{"json":{"__proto__":{"a":1}}}',
  ])('answers %j from the closed list of errors', async (body) => {
    const answer = await call(body);
    expect(answer.status).toBeGreaterThanOrEqual(200);
    expect(answer.status).toBeLessThan(500);
    expect(({} as Record<string, unknown>).a).toBeUndefined();
  });

  it('survives what is not HTTP', async () => {
    expect(await wire('\u0016\u0003\u0001\u0002\u0000')).toMatch(/400|closed|^$/);
    expect(
      await wire(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`),
    ).toMatch(/400/);
    expect((await raw('/')).status).toBe(200);
  });

  it('offers the contract as OpenAPI, and takes calls made from it', async () => {
    const document = JSON.parse(String((await raw('/openapi.json')).body)) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).toContain('/queue/list');
    const answer = await raw('/api/workspace/get', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: host.origin },
      body: '{}',
    });
    expect(JSON.parse(String(answer.body))).toMatchObject({ name: 'Scripted' });
  });
});

describe('the files of the page', () => {
  it('carries a policy without anything unsafe, and a nonce of its own each time', async () => {
    const [one, two] = [await raw('/'), await raw('/')];
    const nonceOf = (answer: Answer) => /content="([^"]+)"/.exec(String(answer.body))?.[1];
    expect(nonceOf(one)).toMatch(/^[A-Za-z0-9+/=]{20,}$/);
    expect(nonceOf(one)).not.toBe(nonceOf(two));
    expect(one.headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonceOf(one)}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(one.headers['x-content-type-options']).toBe('nosniff');
    expect(one.headers['cache-control']).toBe('no-store');
  });

  it('keeps hashed files for good and asks again about others', async () => {
    const script = await raw('/assets/index-abcd1234.js', { headers: { 'accept-encoding': 'gzip' } });
    expect(script.headers['cache-control']).toMatch(/immutable/);
    expect(script.headers['content-encoding']).toBe('gzip');
    expect(String(gunzipSync(script.body))).toMatch(/export const x/);
    expect(script.headers['content-type']).toMatch(/text\/javascript/);
    const icon = await raw('/icon.svg');
    expect(icon.headers['cache-control']).toMatch(/no-cache/);
    const again = await raw('/icon.svg', { headers: { 'if-none-match': String(icon.headers.etag) } });
    expect(again.status).toBe(304);
    expect(again.body.length).toBe(0);
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '/assets/../../secret.js',
    '/assets/..%00/secret.js',
    '/icon.svg%00.js',
    '/leak.js',
    '//etc/passwd',
    '/%',
    '/notes.txt',
    '/assets',
    '/assets/',
  ])('does not give away %j', async (path) => {
    const answer = await raw(path);
    expect([400, 404]).toContain(answer.status);
    expect(String(answer.body)).not.toContain('secret');
  });

  it('never leaves the folder, whatever the path', () => {
    const part = fc.oneof(
      fc.constantFrom('..', '.', '%2e%2e', '%2f', '\\', '%5c', '\0', '%00', 'a.js', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const inside = insidePath(`/${parts.join('/')}`);
        if (inside !== null) expect(join('/bundle', inside).startsWith('/bundle/')).toBe(true);
      }),
    );
  });
});

describe('where it listens', () => {
  it.each([
    ['127.0.0.1:8500', { host: '127.0.0.1', port: 8500 }],
    ['8500', { host: '127.0.0.1', port: 8500 }],
    [':8500', { host: '127.0.0.1', port: 8500 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['soc.example:443', { host: 'soc.example', port: 443 }],
  ])('reads %s', (text, address) => {
    expect(parseListen(text)).toEqual(address);
  });

  it.each(['', 'nowhere', '1.2.3.4:', 'a:b', '127.0.0.1:70000', '::1:80'])('refuses %j', (text) => {
    expect(() => parseListen(text)).toThrow(/no address/);
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'soc.example'])('does not listen on %s without TLS', async (address) => {
    const start = startHttpHost({
      handlers: scriptedHandlers(),
      ports,
      listen: { host: address, port: 0 },
      rendererDir: bundle,
    });
    await expect(start).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('wants a name where it would listen on every address', () => {
    const everywhere = { host: '0.0.0.0', port: 0 };
    expect(() => checkListen(everywhere, true, [])).toThrow(/--host-name/);
    expect(() => checkListen(everywhere, true, ['soc.example'])).not.toThrow();
  });

  it('says that a port is taken', async () => {
    const { port } = new URL(host.origin);
    const start = startHttpHost({
      handlers: scriptedHandlers(),
      ports,
      listen: { host: '127.0.0.1', port: Number(port) },
      rendererDir: bundle,
    });
    await expect(start).rejects.toMatchObject({ code: 'unavailable', message: expect.stringMatching(/taken/) });
  });
});

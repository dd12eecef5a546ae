import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startHttpHost } from '../../../engine/serve/http.ts';
import { person, scriptedHandlers, stillPorts } from './scripted-handlers.ts';

const root = mkdtempSync(join(tmpdir(), 'evenwatch-tls-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A certificate of our own for an hour, or null where no openssl is. */
function certificate(): { cert: string; key: string } | null {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=soc.example', '-addext', 'subjectAltName=DNS:soc.example'],
    ...['-keyout', join(root, 'key.pem'), '-out', join(root, 'cert.pem')],
  ]);
  if (made.status !== 0) return null;
  return { cert: readFileSync(join(root, 'cert.pem'), 'utf8'), key: readFileSync(join(root, 'key.pem'), 'utf8') };
}

const tls = certificate();
if (tls === null) console.warn('Skipped: the server over TLS, because there is no openssl to make a certificate with');

describe.skipIf(tls === null)('a server for a team, over TLS', () => {
  it('knows people by their own links, and its cookie never goes in the clear', async () => {
    const host = await startHttpHost({
      handlers: scriptedHandlers(),
      ports: stillPorts(),
      listen: { host: '127.0.0.1', port: 0 },
      tls,
      hostNames: ['soc.example'],
      rendererDir: root,
    });
    expect(host.origin).toMatch(/^https:\/\/soc\.example:\d+$/);
    const port = Number(new URL(host.origin).port);
    const ask = (path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}) =>
      new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
        const sent = request(
          {
            host: '127.0.0.1',
            port,
            path,
            method: options.method ?? 'GET',
            ca: tls?.cert,
            servername: 'soc.example',
            headers: { host: `soc.example:${port}`, ...options.headers },
          },
          (response) => {
            let body = '';
            response.on('data', (chunk) => {
              body += String(chunk);
            });
            response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
          },
        );
        sent.on('error', reject);
        sent.end(options.body);
      });
    const { id: personId, roles } = person('lee');
    const link = new URL(host.mintLink({ personId, roles }));
    const entered = await ask(link.pathname + link.search);
    expect(entered.status).toBe(303);
    const cookie = String(entered.headers['set-cookie']);
    expect(cookie).toMatch(/^__Host-evenwatch=/);
    expect(cookie).toMatch(/Secure/);
    expect(entered.headers['strict-transport-security']).toMatch(/max-age/);

    const call = (path: string, body: unknown) =>
      ask(path, {
        method: 'POST',
        headers: {
          cookie: cookie.split(';')[0] ?? '',
          origin: `https://soc.example:${port}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(body),
      });
    expect(JSON.parse((await call('/api/workspace/get', {})).body)).toMatchObject({
      me: { id: 'lee' },
      canSwitchPerson: false,
    });
    const switching = await call('/api/workspace/signIn', { personId: 'root' });
    expect(switching.status).toBe(403);
    expect(JSON.parse((await call('/api/workspace/get', {})).body)).toMatchObject({ me: { id: 'lee' } });
    await host.close();
  });
});

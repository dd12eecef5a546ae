import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { listenHttp } from '../../../../engine/ingest/sources/http.ts';
import { HTTP_LIMITS } from '../../../../engine/ingest/sources/http-listener.ts';
import type { RunningSource, SourceContext } from '../../../../engine/ingest/sources/live-source.ts';
import { listenTcp, SYSLOG_TCP_LIMITS } from '../../../../engine/ingest/sources/syslog-tcp.ts';
import { certificateFolder, makeCertificate, removeCertificates } from './certificates.ts';
import { connected, eventually, FakeHost } from './source-setting.ts';

const isMade = makeCertificate('server') && makeCertificate('renewed') && makeCertificate('sender');
if (!isMade) console.warn('Skipped: sources over TLS, because there is no openssl to make a certificate with');

const running: RunningSource[] = [];
afterEach(async () => {
  for (const source of running.splice(0)) await source.stop();
});
afterAll(removeCertificates);

const pathOf = (name: string) => join(certificateFolder, name);
const YEAR_MS = 365 * 86_400_000;

function tlsContext<K extends 'syslog' | 'http'>(host: FakeHost, settings: Record<string, unknown>): SourceContext<K> {
  host.nowMs = Date.now() + 60_000;
  return { ...host.context<K>(settings), tlsPath: pathOf };
}

async function startSyslog(tls: Record<string, unknown> = {}, aheadMs = 0) {
  const host = new FakeHost();
  const files = { certFile: 'server.pem', keyFile: 'server-key.pem', ...tls };
  const context = tlsContext<'syslog'>(host, {
    kind: 'syslog',
    transport: 'tls',
    host: '127.0.0.1',
    port: 0,
    tls: files,
  });
  host.nowMs += aheadMs;
  const source = await listenTcp(context, { ...SYSLOG_TCP_LIMITS, lingerMs: 5, lookEveryMs: 10 });
  running.push(source);
  return { host };
}

/** A connection over TLS; rejected when both sides cannot agree. */
function secure(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: readFileSync(pathOf('server.pem')), ...options });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

describe.skipIf(!isMade)('sources over TLS', () => {
  it('takes syslog with octet counting, as RFC 5425 has it, and nothing in the clear', async () => {
    const { host } = await startSyslog();
    const clear = await connected(host.port);
    clear.write('<1>in the clear\n');
    await new Promise((resolve) => clear.once('close', resolve));
    const sender = await secure(host.port);
    sender.end('4 <1>a4 <1>b');
    await eventually(() => expect(host.frames).toEqual(['<1>a', '<1>b']));
    expect(host.problems).toEqual([]);
  });

  it('takes only senders with a certificate of the authority that was set', async () => {
    const { host } = await startSyslog({ clientCaFile: 'sender.pem' });
    const cert = (name: string) => ({
      cert: readFileSync(pathOf(`${name}.pem`)),
      key: readFileSync(pathOf(`${name}-key.pem`)),
    });
    for (const options of [{}, cert('renewed')]) {
      // With TLS 1.3 the sender only learns after its side is done that the other one refused.
      const refused = await secure(host.port, options).catch(() => null);
      refused?.on('error', () => {});
      refused?.write('<1>refused\n');
      if (refused !== null && !refused.destroyed) await new Promise((resolve) => refused.once('close', resolve));
    }
    const sender = await secure(host.port, cert('sender'));
    sender.end('<1>taken\n');
    await eventually(() => expect(host.frames).toEqual(['<1>taken']));
  });

  it('says what is wrong with a certificate, and names the file', async () => {
    const { host } = await startSyslog({}, YEAR_MS);
    expect(host.problems).toEqual([expect.stringMatching(/^The certificate server\.pem expired on \d{4}-\d\d-\d\d/)]);
    const early = await startSyslog({}, -YEAR_MS);
    expect(early.host.problems).toEqual([expect.stringContaining('valid only from')]);
    await expect(startSyslog({ certFile: 'gone.pem' })).rejects.toMatchObject({
      message: expect.stringContaining('gone.pem is not there'),
    });
    writeFileSync(pathOf('broken.pem'), 'no certificate');
    await expect(startSyslog({ certFile: 'broken.pem' })).rejects.toMatchObject({
      message: expect.stringContaining('broken.pem'),
    });
    await expect(startSyslog({ keyFile: 'sender-key.pem' })).rejects.toMatchObject({
      message: expect.stringContaining('are not a certificate and its key'),
    });
  });

  it('uses a certificate that took the place of another, and goes on with the one before when it is broken', async () => {
    copyFileSync(pathOf('server.pem'), pathOf('live.pem'));
    copyFileSync(pathOf('server-key.pem'), pathOf('live-key.pem'));
    const { host } = await startSyslog({ certFile: 'live.pem', keyFile: 'live-key.pem' });
    (await secure(host.port)).destroy();
    // Half of a renewal: the key of the one before does not go with it.
    copyFileSync(pathOf('renewed.pem'), pathOf('live.pem'));
    await eventually(() => expect(host.problems.at(-1)).toContain('stay in use'));
    (await secure(host.port)).destroy();
    copyFileSync(pathOf('renewed-key.pem'), pathOf('live-key.pem'));
    await eventually(() => expect(host.problems.at(-1)).toBeNull());
    await expect(secure(host.port)).rejects.toThrow();
    (await secure(host.port, { ca: readFileSync(pathOf('renewed.pem')) })).destroy();
  });

  it('takes alerts pushed over HTTPS', async () => {
    const host = new FakeHost();
    const tls = { certFile: 'server.pem', keyFile: 'server-key.pem' };
    const settings = { kind: 'http', host: '0.0.0.0', port: 0, tls };
    running.push(await listenHttp(tlsContext<'http'>(host, settings), HTTP_LIMITS));
    const status = await new Promise((resolve, reject) => {
      const headers = { authorization: 'Bearer a-long-token' };
      const target = { host: '127.0.0.1', port: host.port, path: '/v1/alerts', method: 'POST', headers };
      const sent = request({ ...target, ca: readFileSync(pathOf('server.pem')) }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      sent.on('error', reject);
      sent.end('{"n":1}');
    });
    expect(status).toBe(200);
    expect(host.records).toEqual([{ n: 1 }]);
  });
});

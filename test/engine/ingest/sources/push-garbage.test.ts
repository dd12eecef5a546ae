import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { listenHttp } from '../../../../engine/ingest/sources/http.ts';
import { HTTP_LIMITS } from '../../../../engine/ingest/sources/http-listener.ts';
import type { RunningSource } from '../../../../engine/ingest/sources/live-source.ts';
import { listenTcp, SYSLOG_TCP_LIMITS } from '../../../../engine/ingest/sources/syslog-tcp.ts';
import { listenUdp, SYSLOG_UDP_LIMITS } from '../../../../engine/ingest/sources/syslog-udp.ts';
import { connected, eventually, FakeHost } from './source-setting.ts';

const running: RunningSource[] = [];
afterEach(async () => {
  for (const source of running.splice(0)) await source.stop();
});

const RUNS = { numRuns: 60 };
const loopback = { host: '127.0.0.1', port: 0 };
const piece = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('<1>a\n', '5 <1>ab', '999999999 ', '0 ', '\0\n\r', '{"n":', '{"n":1}\n', '\u001f\u008b\b', '[', '"')
    .map((text) => Buffer.from(text)),
);

/** Sends the pieces over a connection of their own and waits until it is closed. */
async function sendAndClose(port: number, pieces: readonly Uint8Array[]): Promise<string> {
  const socket = await connected(port);
  let said = '';
  socket.on('data', (chunk) => {
    said += String(chunk);
  });
  for (const each of pieces) socket.write(each);
  socket.end();
  if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
  return said;
}

it('no bytes over TCP keep the next sender from being heard', async () => {
  const host = new FakeHost();
  const context = host.context<'syslog'>({ kind: 'syslog', transport: 'tcp', ...loopback });
  running.push(await listenTcp(context, { ...SYSLOG_TCP_LIMITS, lingerMs: 0, messageBytes: 100 }));
  let heard = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      await sendAndClose(host.port, pieces);
      heard += 1;
      await sendAndClose(host.port, [Buffer.from(`<1>heard ${heard}\n`)]);
      await eventually(() => expect(host.frames.at(-1)).toBe(`<1>heard ${heard}`));
    }),
    RUNS,
  );
  expect(host.state.connections).toBe(0);
  expect(host.records.length).toBeGreaterThanOrEqual(heard);
});

it('no datagram keeps the next one from being heard', async () => {
  const host = new FakeHost();
  const context = host.context<'syslog'>({ kind: 'syslog', transport: 'udp', ...loopback });
  running.push(await listenUdp(context, { ...SYSLOG_UDP_LIMITS, lingerMs: 0 }));
  const socket = createSocket('udp4');
  const send = (bytes: Uint8Array | string) =>
    new Promise<void>((resolve) => socket.send(bytes, host.port, '127.0.0.1', () => resolve()));
  let heard = 0;
  try {
    await fc.assert(
      fc.asyncProperty(piece, async (bytes) => {
        await send(bytes);
        heard += 1;
        await send(`<1>heard ${heard}`);
        await eventually(() => expect(host.frames.at(-1)).toBe(`<1>heard ${heard}`));
      }),
      RUNS,
    );
  } finally {
    socket.close();
  }
  expect(host.records.length).toBeGreaterThanOrEqual(heard);
});

it('no body and no head over HTTP keep the next request from being answered, and each body gets one answer', async () => {
  const host = new FakeHost();
  running.push(await listenHttp(host.context<'http'>({ kind: 'http', ...loopback }), HTTP_LIMITS));
  const head = (path: string, length: number, more = '') =>
    Buffer.from(
      `POST ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Splunk a-long-token\r\nContent-Length: ${length}\r\n${more}\r\n`,
    );
  const path = fc.constantFrom(
    '/v1/alerts',
    '/services/collector/event',
    '/services/collector/raw',
    '/services/collector/ack',
  );
  await fc.assert(
    fc.asyncProperty(path, fc.array(piece, { maxLength: 6 }), fc.boolean(), async (to, pieces, isPacked) => {
      const body = Buffer.concat(pieces);
      const more = `X-Splunk-Request-Channel: a\r\n${isPacked ? 'Content-Encoding: gzip\r\n' : ''}`;
      const said = await sendAndClose(host.port, [head(to, body.length, more), body]);
      expect(said.match(/^HTTP\/1\.1 \d+/gm)).toHaveLength(1);
      expect(said).toMatch(/^HTTP\/1\.1 (?:200|400|413) /);
      await sendAndClose(host.port, pieces);
      const one = Buffer.from('{"n":1}');
      expect(await sendAndClose(host.port, [head('/v1/alerts', one.length), one])).toMatch(/^HTTP\/1\.1 200 /);
    }),
    RUNS,
  );
});

import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { listenHttp } from '../../../../engine/ingest/sources/http.ts';
import { HTTP_LIMITS, type HttpLimits } from '../../../../engine/ingest/sources/http-listener.ts';
import type { RunningSource } from '../../../../engine/ingest/sources/live-source.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { connected, eventually, FakeHost } from './source-setting.ts';

const running: RunningSource[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((source) => source.stop()));
});

async function start(
  limits: Partial<HttpLimits> = {},
  settings: Record<string, unknown> = {},
  host = new FakeHost(),
  id = 1,
) {
  const full = { kind: 'http', host: '127.0.0.1', port: 0, ...settings };
  const source = await listenHttp(host.context<'http'>(full, id), { ...HTTP_LIMITS, ...limits });
  running.push(source);
  return { host, source };
}

interface Said {
  status: number;
  headers: Record<string, unknown>;
  body: unknown;
}

interface Asked {
  method?: string;
  token?: string | null;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

function send(port: number, path: string, { method = 'POST', token = 'a-long-token', headers = {}, body }: Asked = {}) {
  return new Promise<Said>((resolve, reject) => {
    const auth: Record<string, string> = token === null ? {} : { authorization: `Splunk ${token}` };
    const sent = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { ...auth, ...headers } },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text === '' ? null : JSON.parse(text),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const EVENT = '/services/collector/event';
const ALERTS = '/v1/alerts';
const alert = (n: number) => ({ event_type: 'alert', n });

/** Everything that comes back over a plain connection until it is closed. */
async function raw(port: number, text: string | Uint8Array): Promise<string> {
  const socket = await connected(port);
  let said = '';
  socket.on('data', (chunk) => {
    said += String(chunk);
  });
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return said;
}

describe('the HTTP event collector', () => {
  it('stores the record of each event and says so once it is stored', async () => {
    const { host } = await start();
    host.hold();
    const body =
      '{"time": 1, "host": "a", "event": {"event_type":"alert",  "n": 1.0}}{"event": "{\\"n\\": 2}"}\n[{"event":{"n":3}}]';
    const said = send(host.port, EVENT, { body });
    let isAnswered = false;
    void said.then(() => {
      isAnswered = true;
    });
    await eventually(() => expect(host.inFlight).toBe(1));
    expect(isAnswered).toBe(false);
    host.release();
    expect(await said).toMatchObject({ status: 200, body: { text: 'Success', code: 0 } });
    // Exactly the bytes of the product, blanks and all.
    expect(host.frames).toEqual(['{"event_type":"alert",  "n": 1.0}', '{"n": 2}', '{"n":3}']);
  });

  it('keeps the object around a line of text, which has the time that the line has not', async () => {
    const { host } = await start();
    const cef = { time: 1_700_000_000, event: 'CEF:0|V|P|1|7|Name|5|src=10.0.0.1' };
    const syslog = { event: '<134>Nov 21 07:00:00 fw {"n":1}' };
    await send(host.port, EVENT, { body: JSON.stringify(cef) + JSON.stringify(syslog) });
    expect(host.records).toEqual([cef, { n: 1 }]);
  });

  it('takes what is no event for a record, so that nothing is lost on who knows no collector', async () => {
    const { host } = await start();
    expect(await send(host.port, '/services/collector', { body: JSON.stringify(alert(1)) })).toMatchObject({
      status: 200,
    });
    expect(host.records).toEqual([alert(1)]);
  });

  it('stores the good events of a body with a bad one, keeps the bad one, and says which it was', async () => {
    const { host } = await start();
    const body = '{"event":{"n":1}}\n{"event":{"n":}}\n{"event":{"n":3}}\n';
    expect(await send(host.port, EVENT, { body })).toMatchObject({
      status: 400,
      body: { code: 6, 'invalid-event-number': 1 },
    });
    expect(host.records).toEqual([{ n: 1 }, { n: 3 }, 'invalid_json']);
    expect(host.faults).toMatchObject([{ reason: 'invalid_json', text: '{"event":{"n":}}' }]);
    const blank = '{"event":{"n":4}}{"event":""}';
    expect(await send(host.port, EVENT, { body: blank })).toMatchObject({
      status: 400,
      body: { code: 13, 'invalid-event-number': 1 },
    });
    expect(await send(host.port, EVENT, { body: '' })).toMatchObject({ status: 400, body: { code: 5 } });
  });

  it('takes lines of text on /raw, and says that it is well', async () => {
    const { host } = await start();
    const body = 'CEF:0|V|P|1|7|Name|5|\n<13>Nov 21 07:00:00 host cron: a line\n{"n":1}\n';
    expect(await send(host.port, '/services/collector/raw', { body })).toMatchObject({
      status: 200,
      body: { code: 0 },
    });
    expect(host.records).toEqual([
      { line: 'CEF:0|V|P|1|7|Name|5|' },
      { line: '<13>Nov 21 07:00:00 host cron: a line' },
      { n: 1 },
    ]);
    const health = await send(host.port, '/services/collector/health', { method: 'GET', token: null });
    expect(health).toMatchObject({ status: 200, body: { code: 17 } });
  });

  it('acknowledges what is stored, per channel, and nothing that it does not know', async () => {
    const { host } = await start();
    const headers = { 'x-splunk-request-channel': '0f1e-a' };
    const first = await send(host.port, EVENT, { headers, body: '{"event":{"n":1}}' });
    const { ackId } = first.body as { ackId: number };
    expect(first.body).toEqual({ text: 'Success', code: 0, ackId: expect.any(Number) });
    const ask = (acks: unknown, channel = '0f1e-a') =>
      send(host.port, '/services/collector/ack', {
        body: JSON.stringify({ acks }),
        headers: { 'x-splunk-request-channel': channel },
      });
    expect(await ask([ackId, ackId + 1])).toMatchObject({
      status: 200,
      body: { acks: { [ackId]: true, [ackId + 1]: false } },
    });
    expect(await ask([ackId], 'other')).toMatchObject({ body: { acks: { [ackId]: false } } });
    expect(await ask('all')).toMatchObject({ status: 400, body: { code: 6 } });
    expect(await send(host.port, '/services/collector/ack', { body: '{"acks":[1]}' })).toMatchObject({
      body: { code: 10 },
    });
    expect(await send(host.port, `${EVENT}?channel=a%20b`, { body: '{}' })).toMatchObject({ body: { code: 11 } });
  });

  it('refuses what has no token or a wrong one, in the words of Splunk', async () => {
    const { host } = await start();
    const body = '{"event":{"n":1}}';
    expect(await send(host.port, EVENT, { token: null, body })).toMatchObject({ status: 401, body: { code: 2 } });
    expect(await send(host.port, EVENT, { token: 'wrong', body })).toMatchObject({ status: 403, body: { code: 4 } });
    const query = await send(host.port, `${EVENT}?token=a-long-token`, { token: null, body });
    expect(query).toMatchObject({ status: 400, body: { code: 16 } });
    const digest = { authorization: 'Digest realm' };
    expect(await send(host.port, EVENT, { token: null, headers: digest, body })).toMatchObject({
      status: 401,
      body: { code: 3 },
    });
    expect(host.deliveries).toEqual([]);
    const basic = { authorization: `Basic ${Buffer.from('any:a-long-token').toString('base64')}` };
    expect(await send(host.port, EVENT, { token: null, headers: basic, body })).toMatchObject({ status: 200 });
  });
});

describe('alerts over plain HTTP', () => {
  it('takes an object, an array, lines and a packed body, and says how many it stored', async () => {
    const { host } = await start();
    const lines = `${JSON.stringify(alert(3))}\n${JSON.stringify(alert(4))}\n`;
    const bodies: [string | Uint8Array, Record<string, string>][] = [
      [JSON.stringify(alert(1), null, 2), {}],
      [JSON.stringify([alert(2)]), {}],
      [lines, { 'content-type': 'application/x-ndjson' }],
      [gzipSync(lines), { 'content-encoding': 'gzip' }],
    ];
    const answers: unknown[] = [];
    for (const [body, headers] of bodies) {
      const bearer = { authorization: 'Bearer a-long-token', ...headers };
      answers.push((await send(host.port, ALERTS, { token: null, headers: bearer, body })).body);
    }
    expect(answers).toEqual([1, 1, 2, 2].map((received) => ({ received, unreadable: 0 })));
    expect(host.records).toEqual([1, 2, 3, 4, 3, 4].map(alert));
  });

  it('says what of a body could not be read, which is kept', async () => {
    const { host } = await start();
    const mixed = await send(host.port, ALERTS, { body: '{"n":1}\n{"n":\n{"n":2}\n' });
    expect(mixed).toMatchObject({ status: 200, body: { received: 3, unreadable: 1 } });
    expect(await send(host.port, ALERTS, { body: '{"n":' })).toMatchObject({ status: 400, body: { unreadable: 1 } });
    expect(host.faults).toHaveLength(2);
  });

  it('stores a body of any length piece by piece', async () => {
    const { host } = await start({ body: { ...HTTP_LIMITS.body, sliceBytes: 10_000 } });
    const body = Array.from({ length: 3_000 }, (_, n) => `${JSON.stringify(alert(n))}\n`).join('');
    expect(await send(host.port, ALERTS, { body })).toMatchObject({ body: { received: 3_000 } });
    expect(host.deliveries.length).toBeGreaterThan(5);
    expect(host.records).toEqual(Array.from({ length: 3_000 }, (_, n) => alert(n)));
  });

  it('keeps the beginning of a record that is too long, whatever else is waited for', async () => {
    const body = { ...HTTP_LIMITS.body, recordBytes: 20_000, sliceBytes: 20_000 };
    const { host } = await start({ body, sourceBytes: 80_000 });
    const long = `{"n":"${'x'.repeat(500_000)}"}\n{"n":2}\n`;
    expect(await send(host.port, ALERTS, { body: long })).toMatchObject({
      status: 200,
      body: { received: 2, unreadable: 1 },
    });
    expect(host.faults).toMatchObject([{ reason: 'too_long', bytes: 500_008 }]);
  });

  it('refuses a body that is too large, packed too tightly or packed twice, and says what of it is stored', async () => {
    const body = { ...HTTP_LIMITS.body, bodyBytes: 1_000_000, sliceBytes: 50_000, ratioFromBytes: 100_000, ratio: 100 };
    const { host } = await start({ body });
    const line = `${JSON.stringify({ n: 1, pad: 'x'.repeat(990) })}\n`;
    const large = line.repeat(1_100);
    expect(await send(host.port, ALERTS, { body: large })).toMatchObject({ status: 413 });
    expect(host.deliveries).toEqual([]);
    const chunked = await send(host.port, ALERTS, { body: large, headers: { 'transfer-encoding': 'chunked' } });
    expect(chunked).toMatchObject({
      status: 413,
      body: { text: expect.stringMatching(/first \d+ records are stored/) },
    });
    const bomb = gzipSync(JSON.stringify({ n: 'x'.repeat(900_000) }));
    expect(await send(host.port, ALERTS, { body: bomb })).toMatchObject({
      status: 413,
      body: { text: expect.stringContaining('packed') },
    });
    const twice = gzipSync(gzipSync(line));
    expect(await send(host.port, ALERTS, { body: twice })).toMatchObject({ status: 413 });
    const damaged = Uint8Array.from(gzipSync(line)).fill(255, 20, 30);
    expect(await send(host.port, ALERTS, { body: damaged })).toMatchObject({ status: 400 });
  });

  it('refuses what it does not speak before it looks at a body', async () => {
    const { host } = await start();
    expect(await send(host.port, '/elsewhere', { body: '{}' })).toMatchObject({ status: 404 });
    expect(await send(host.port, ALERTS, { method: 'PUT', body: '{}' })).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
    expect(await send(host.port, ALERTS, { method: 'TRACE' })).toMatchObject({ status: 405 });
    expect(await send(host.port, ALERTS, { method: 'OPTIONS' })).toMatchObject({ status: 405 });
    const brotli = { 'content-encoding': 'br' };
    expect(await send(host.port, ALERTS, { headers: brotli, body: '{}' })).toMatchObject({ status: 415 });
    expect(await send(host.port, ALERTS, { token: 'wrong', body: '{}' })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer', connection: 'close' },
    });
    expect(host.deliveries).toEqual([]);
  });

  it('speaks HTTP/1.0 and chunks, asks for a body that waits for it, and ends what is no HTTP', async () => {
    const { host } = await start();
    const auth = 'Authorization: Bearer a-long-token\r\n';
    expect(await raw(host.port, `POST ${ALERTS} HTTP/1.0\r\n${auth}Content-Length: 7\r\n\r\n{"n":1}`)).toMatch(
      /^HTTP\/1\.1 200 .*"received":1/s,
    );
    const chunks = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${auth}Transfer-Encoding: chunked\r\n\r\n`;
    expect(await raw(host.port, `${chunks}3\r\n{"n\r\n4\r\n":2}\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(
      await raw(host.port, `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\n${auth}Content-Length: 3\r\n\r\n{"n":3}\r\n\r\n`),
    ).toMatch(/HTTP\/1\.1 400 /);
    const both = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\n${auth}Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(await raw(host.port, both)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(host.port, '\x16\x03\x01\x02\x00\x01')).toMatch(/^HTTP\/1\.1 400 /);
    const expecting = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 7\r\nExpect: 100-continue\r\n`;
    const wrong = await raw(host.port, `${expecting}Authorization: Bearer wrong\r\n\r\n`);
    expect(wrong).toMatch(/^HTTP\/1\.1 401 /);
    const socket = await connected(host.port);
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.write(`${expecting}${auth}\r\n`);
    await eventually(() => expect(said).toMatch(/^HTTP\/1\.1 100 Continue/));
    socket.write('{"n":4}');
    await eventually(() => expect(said).toContain('"received":1'));
    expect(host.records).toEqual([{ n: 1 }, { n: 2 }, expect.anything(), { n: 4 }]);
  });
});

describe('a slow store and bad senders', () => {
  it('stores requests of the same moment together', async () => {
    const { host } = await start();
    host.hold();
    const all = Array.from({ length: 20 }, (_, n) => send(host.port, ALERTS, { body: JSON.stringify(alert(n)) }));
    await eventually(() => expect(host.state.connections).toBe(20));
    await eventually(() => expect(host.inFlight).toBe(1));
    host.release();
    for (const said of await Promise.all(all)) expect(said.status).toBe(200);
    expect(host.records).toHaveLength(20);
    expect(host.deliveries.length).toBeLessThan(20);
    expect(host.mostInFlight).toBe(1);
  });

  it('tells senders to come back while too much waits, and takes them again afterwards', async () => {
    const { host } = await start({ sourceBytes: 40_000 });
    host.hold();
    const held = [1, 2].map((n) => send(host.port, ALERTS, { body: JSON.stringify(alert(n)) }));
    await eventually(() => expect(host.inFlight).toBe(1));
    await eventually(() => expect(host.state.connections).toBe(2));
    const refused = await send(host.port, ALERTS, { body: '{"n":3}' });
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
    expect(await send(host.port, EVENT, { body: '{"event":{"n":3}}' })).toMatchObject({
      status: 503,
      body: { code: 9 },
    });
    expect(host.state.isHeld).toBe(true);
    host.release();
    for (const said of await Promise.all(held)) expect(said.status).toBe(200);
    expect(await send(host.port, ALERTS, { body: '{"n":3}' })).toMatchObject({ status: 200 });
    expect(host.state.isHeld).toBe(false);
  });

  it('answers for one request that nothing of it is stored, and stores those beside it', async () => {
    const { host } = await start();
    host.failures.push(new EngineError('unavailable', 'The disk is full.'));
    expect(await send(host.port, ALERTS, { body: '{"n":1}' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
    });
    host.failures.push(new EngineError('unavailable', 'The disk is full.'));
    expect(await send(host.port, EVENT, { body: '{"event":{}}' })).toMatchObject({ status: 503, body: { code: 9 } });
    host.hold();
    host.refuses = ({ records }) =>
      Buffer.from(records?.bytes ?? []).includes('poison') ? new Error('A bug of ours') : null;
    const all = ['1', '"poison"', '3'].map((n) => send(host.port, ALERTS, { body: `{"n":${n}}` }));
    await eventually(() => expect(host.state.connections).toBeGreaterThanOrEqual(3));
    host.release();
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual([200, 500, 200]);
    expect(host.records).toEqual(expect.arrayContaining([{ n: 1 }, { n: 3 }]));
  });

  it('gives up bodies that come too slowly, heads that never end, and senders that say nothing', async () => {
    const pace = { idleSeconds: 20, graceSeconds: 40, bytesPerSecond: 1_000_000 };
    const { host } = await start({ headersMs: 300, lookEveryMs: 10, pace });
    const head = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a-long-token\r\nContent-Length: 9999\r\n\r\n`;
    expect(await raw(host.port, `${head}{"n":`)).toMatch(/^HTTP\/1\.1 408 /);
    const dripping = await connected(host.port);
    let said = '';
    dripping.on('data', (chunk) => {
      said += String(chunk);
    });
    dripping.write(head);
    const drip = setInterval(() => dripping.write(' '), 20);
    await new Promise((resolve) => dripping.once('close', resolve));
    clearInterval(drip);
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(host.port, 'POST / HTTP/1.1\r\nHost: a\r\nX: ')).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(host.port, '')).toBeDefined();
    expect(host.deliveries).toEqual([]);
    await eventually(() => expect(host.state.connections).toBe(0));
  });

  it('bounds what a sender costs that reads no answers, and closes it in the end', async () => {
    const { host } = await start({ silentMs: 500 });
    const socket = await connected(host.port);
    socket.pause();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const one = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a-long-token\r\nContent-Length: 7\r\n\r\n{"n":1}`;
    const sent = 60_000;
    for (let n = 0; n < sent; n += 1_000) socket.write(one.repeat(1_000));
    await eventually(() => expect(host.state.connections).toBe(0));
    socket.resume();
    await closed;
    expect(host.frames.length).toBeLessThan(sent);
    expect(await send(host.port, ALERTS, { body: '{"n":2}' })).toMatchObject({ status: 200 });
  });

  it('leaves alone what a sender broke off', async () => {
    const { host } = await start();
    const socket = await connected(host.port);
    socket.write(
      `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a-long-token\r\nContent-Length: 99\r\n\r\n{"n":1}\n{"n":`,
    );
    await eventually(() => expect(host.state.connections).toBe(1));
    socket.destroy();
    await eventually(() => expect(host.state.connections).toBe(0));
    expect(await send(host.port, ALERTS, { body: '{"n":2}' })).toMatchObject({ status: 200 });
    expect(host.records).toEqual([{ n: 2 }]);
    expect(host.faults).toEqual([]);
  });

  it('takes as many connections as it may and closes the rest at once', async () => {
    const { host } = await start({ connections: 5 });
    const open = await Promise.all(Array.from({ length: 5 }, () => connected(host.port)));
    await eventually(() => expect(host.state.connections).toBe(5));
    for (let i = 0; i < 20; i += 1) {
      const refused = await connected(host.port).catch(() => null);
      if (refused !== null && !refused.destroyed) await new Promise((resolve) => refused.once('close', resolve));
    }
    for (const socket of open) socket.destroy();
    await eventually(() => expect(host.state.connections).toBe(0));
    expect(await send(host.port, ALERTS, { body: '{"n":1}' })).toMatchObject({ status: 200 });
  });

  it('stores and answers what it has when it stops, and breaks off what is still coming', async () => {
    const { host, source } = await start();
    host.hold();
    const stored = send(host.port, ALERTS, { body: '{"n":1}' });
    const unfinished = await connected(host.port);
    let said = '';
    unfinished.on('data', (chunk) => {
      said += String(chunk);
    });
    const head = `POST ${ALERTS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a-long-token\r\nContent-Length: 99\r\n\r\n`;
    unfinished.write(`${head}{"n":2}\n`);
    await eventually(() => expect(host.inFlight).toBe(1));
    await eventually(() => expect(host.state.connections).toBe(2));
    const stopped = source.stop();
    host.release();
    await stopped;
    expect((await stored).status).toBe(200);
    await eventually(() => expect(said).toMatch(/^HTTP\/1\.1 503 .*"code":23/s));
    expect(host.records).toEqual([{ n: 1 }]);
  });
});

describe('an address', () => {
  it('is shared by sources, and the token says whose a request is', async () => {
    const first = await start();
    const { port } = first.host;
    await first.source.stop();
    running.length = 0;
    const a = await start({}, { port });
    const other = new FakeHost();
    other.token = 'another-token';
    const b = await start({}, { port }, other, 2);
    await send(port, ALERTS, { body: '{"n":1}' });
    await send(port, ALERTS, { body: '{"n":2}', token: 'another-token' });
    expect(a.host.records).toEqual([{ n: 1 }]);
    expect(b.host.records).toEqual([{ n: 2 }]);
    await a.source.stop();
    running.shift();
    // Its sender waits until it is back, instead of taking its token for wrong.
    expect(await send(port, ALERTS, { body: '{"n":3}' })).toMatchObject({ status: 503 });
    expect(await send(port, ALERTS, { body: '{"n":3}', token: 'wrong' })).toMatchObject({ status: 401 });
    expect(await send(port, ALERTS, { body: '{"n":4}', token: 'another-token' })).toMatchObject({ status: 200 });
  });

  it('is not opened to other machines without TLS', async () => {
    await expect(start({}, { host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('without TLS'),
    });
  });
});

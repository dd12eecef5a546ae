import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { ReceiverState } from './push-receiver.ts';
import { connected, eventually } from './source-setting.ts';

const MEBIBYTE = 1024 * 1024;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.disconnect();
});

async function start() {
  const child = fork(join(import.meta.dirname, 'push-receiver.ts'));
  children.push(child);
  const [first] = (await once(child, 'message')) as [ReceiverState];
  const portOf = (address: string | null) => Number(/:(\d+)$/.exec(address ?? '')?.[1]);
  const state = async (): Promise<ReceiverState> => {
    child.send('state');
    return (await once(child, 'message'))[0] as ReceiverState;
  };
  return { tcp: portOf(first.tcp), http: portOf(first.http), state };
}

/** Pushes a body of any length and gives status and answer. */
async function push(port: number, body: AsyncIterable<Uint8Array>, headers: Record<string, string> = {}) {
  const sent = request({
    host: '127.0.0.1',
    port,
    path: '/v1/alerts',
    method: 'POST',
    headers: { authorization: 'Bearer a-long-token', ...headers },
  });
  const answered = once(sent, 'response');
  // Refused in the middle, it is closed while it is still sending.
  await pipeline(Readable.from(body), sent).catch(() => {});
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode as number, body: JSON.parse(text) as Record<string, unknown> };
}

it('bounds what ten thousand connections cost, and still serves those who send', async () => {
  const { tcp, http, state } = await start();
  for (const port of [tcp, http]) {
    const before = (await state()).peakRssBytes;
    const held: Socket[] = [];
    for (let n = 0; n < 10_000; n += 100) {
      const some = await Promise.all(Array.from({ length: 100 }, () => connected(port).catch(() => null)));
      held.push(...some.filter((socket) => socket !== null));
    }
    const { connections, peakRssBytes } = await state();
    expect(connections[port === tcp ? 'tcp' : 'http']).toBeLessThanOrEqual(1_000);
    expect(peakRssBytes - before).toBeLessThan(200 * MEBIBYTE);
    if (port === tcp) {
      const sender = await connected(tcp);
      sender.end('<1>heard\n');
      await eventually(async () => expect((await state()).records.tcp).toBe(1));
    }
    for (const socket of held) socket.destroy();
    await eventually(async () => expect((await state()).connections[port === tcp ? 'tcp' : 'http']).toBe(0));
  }
  async function* one(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"n":1}');
  }
  expect(await push(http, one())).toMatchObject({ status: 200 });
});

it('stores a body of 2 GB piece by piece, in a memory that does not grow with it', async () => {
  const { http, state } = await start();
  const line = Buffer.from(`${JSON.stringify({ n: 1, text: 'x'.repeat(980) })}\n`);
  const block = Buffer.concat(Array.from({ length: 1_000 }, () => line));
  const blocks = Math.ceil((2 * 1024 * MEBIBYTE) / block.length);
  async function* body(): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < blocks; n += 1) yield block;
  }
  expect(await push(http, body())).toEqual({ status: 200, body: { received: blocks * 1_000, unreadable: 0 } });
  const { records, peakRssBytes } = await state();
  expect(records.http).toBe(blocks * 1_000);
  expect(peakRssBytes).toBeLessThan(500 * MEBIBYTE);
});

it('stops at a packed body that is made to do harm, many at once', async () => {
  const { http, state } = await start();
  // A record of 10 GB that is packed into 10 MB.
  async function* zeros(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('{"n":"');
    const block = Buffer.alloc(MEBIBYTE, 'x');
    for (let n = 0; n < 10 * 1024; n += 1) yield block;
  }
  const bomb = () => Readable.from(zeros()).pipe(createGzip());
  const answers = await Promise.all(
    Array.from({ length: 4 }, () => push(http, bomb(), { 'content-encoding': 'gzip' })),
  );
  for (const { status } of answers) expect(status).toBe(413);
  const { peakRssBytes, records } = await state();
  expect(records.http).toBe(0);
  expect(peakRssBytes).toBeLessThan(500 * MEBIBYTE);
});

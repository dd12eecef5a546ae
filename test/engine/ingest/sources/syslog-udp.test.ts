import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningSource } from '../../../../engine/ingest/sources/live-source.ts';
import { LOSS_SAID_FOR_MS } from '../../../../engine/ingest/sources/remarks.ts';
import { listenUdp, SYSLOG_UDP_LIMITS } from '../../../../engine/ingest/sources/syslog-udp.ts';
import { dropsIn } from '../../../../engine/ingest/sources/udp-drops.ts';
import { eventually, FakeHost } from './source-setting.ts';

const running: RunningSource[] = [];
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const source of running.splice(0)) await source.stop();
  for (const close of closing.splice(0)) close();
});

async function start(limits: Partial<typeof SYSLOG_UDP_LIMITS> = {}, address = '127.0.0.1') {
  const host = new FakeHost();
  const settings = { kind: 'syslog', transport: 'udp', host: address, port: 0 };
  const source = await listenUdp(host.context<'syslog'>(settings), { ...SYSLOG_UDP_LIMITS, lingerMs: 5, ...limits });
  running.push(source);
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  closing.push(() => socket.close());
  const to = address === '::' ? '::1' : address;
  const send = (text: string) =>
    new Promise<void>((resolve, reject) =>
      socket.send(text, host.port, to, (error) => (error ? reject(error) : resolve())),
    );
  return { host, source, send };
}

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'));
if (!hasIpv6) console.warn('Skipped: syslog over IPv6, because this machine has no address of it');

describe('syslog over UDP', () => {
  it('takes each datagram as one message, line breaks and all, and nothing for an empty one', async () => {
    const { host, send } = await start();
    expect(host.state.listensOn).toMatch(/^127\.0\.0\.1:\d+$/);
    await send('<1>a\n');
    await send('');
    await send('{"n":\n1}');
    await eventually(() => expect(host.frames).toEqual(['<1>a\n', '{"n":\n1}']));
    expect(host.records).toEqual([{ line: '<1>a' }, { n: 1 }]);
  });

  it.skipIf(!hasIpv6)('listens on IPv6', async () => {
    const { host, send } = await start({}, '::1');
    expect(host.state.listensOn).toMatch(/^\[::1\]:\d+$/);
    await send('<1>six');
    await eventually(() => expect(host.frames).toEqual(['<1>six']));
  });

  it('counts what it could not hold while the store was slow, and says so for a while', async () => {
    const { host, send } = await start({ holdBytes: 20_000, packBytes: 5_000, lookEveryMs: 10 });
    host.hold();
    const sent = 200;
    for (let n = 0; n < sent; n += 1) await send(`<1>${String(n).padStart(500, '0')}`);
    await eventually(() => expect(host.problems).toEqual([expect.stringContaining('some are lost')]));
    expect(host.state.isHeld).toBe(true);
    host.release();
    await eventually(() => expect(host.frames.length + host.dropped).toBe(sent));
    expect(host.dropped).toBeGreaterThan(100);
    // The first that came are kept, in their order.
    expect(host.frames.map((frame) => Number(frame.slice(3)))).toEqual(host.frames.map((_, n) => n));
    host.nowMs += LOSS_SAID_FOR_MS + 1;
    await eventually(() => expect(host.problems.at(-1)).toBeNull());
    await send('<1>well again');
    await eventually(() => expect(host.frames.at(-1)).toBe('<1>well again'));
  });

  it('delivers what it took in when it is stopped', async () => {
    const { host, source, send } = await start({ lingerMs: 60_000 });
    await send('<1>a');
    await eventually(() => expect(host.state.behind).toBe(1));
    host.end();
    await source.stop();
    running.length = 0;
    expect(host.frames).toEqual(['<1>a']);
  });

  it('says that a port is taken', async () => {
    const { host } = await start();
    const taken = { kind: 'syslog', transport: 'udp', host: '127.0.0.1', port: host.port };
    await expect(listenUdp(new FakeHost().context<'syslog'>(taken))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is taken'),
    });
  });

  it('reads from the table of the kernel what was dropped before anybody saw it', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops',
      ' 1234: 0100007F:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 36012 2 0000000000000000 17',
      ' 1235: 00000000:158A 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 36013 2 0000000000000000 3',
      '',
    ].join('\n');
    expect(dropsIn(table, '127.0.0.1', 5514)).toBe(17);
    expect(dropsIn(table, '0.0.0.0', 5514)).toBe(3);
    expect(dropsIn(table, '127.0.0.1', 5515)).toBeNull();
    expect(dropsIn(table, null, 5514)).toBe(17);
  });
});

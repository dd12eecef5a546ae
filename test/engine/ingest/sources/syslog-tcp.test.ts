import { afterEach, describe, expect, it } from 'vitest';
import type { RunningSource } from '../../../../engine/ingest/sources/live-source.ts';
import { listenTcp, SYSLOG_TCP_LIMITS } from '../../../../engine/ingest/sources/syslog-tcp.ts';
import { EngineError } from '../../../../shared/model/errors.ts';
import { connected, eventually, FakeHost } from './source-setting.ts';

const running: RunningSource[] = [];
afterEach(async () => {
  for (const source of running.splice(0)) await source.stop();
});

const LIMITS = { ...SYSLOG_TCP_LIMITS, lingerMs: 5 };

async function start(limits: Partial<typeof SYSLOG_TCP_LIMITS> = {}) {
  const host = new FakeHost();
  const settings = { kind: 'syslog', transport: 'tcp', host: '127.0.0.1', port: 0 };
  const source = await listenTcp(host.context<'syslog'>(settings), { ...LIMITS, ...limits });
  running.push(source);
  return { host, source };
}

describe('syslog over TCP', () => {
  it('delivers what several senders send, each with its own way to end messages', async () => {
    const { host } = await start();
    expect(host.state.listensOn).toMatch(/^127\.0\.0\.1:\d+$/);
    const [lines, octets] = await Promise.all([connected(host.port), connected(host.port)]);
    lines.write('<1>a\n<1>b\n');
    octets.write('4 <2>c4 <2>d');
    await eventually(() => expect(host.frames.toSorted()).toEqual(['<1>a', '<1>b', '<2>c', '<2>d']));
    await eventually(() => expect(host.state.connections).toBe(2));
    lines.end('<1>last without an end');
    octets.destroy();
    await eventually(() => expect(host.frames).toContain('<1>last without an end'));
    await eventually(() => expect(host.state).toMatchObject({ connections: 0, behind: 0 }));
    expect(host.mostInFlight).toBe(1);
  });

  it('delivers what it took in when it is stopped, in order, and what was cut off as such', async () => {
    const { host, source } = await start({ lingerMs: 60_000 });
    const sender = await connected(host.port);
    sender.write('<1>a\n<1>b\n<1>half');
    await eventually(() => expect(host.state.behind).toBe(2));
    host.end();
    await source.stop();
    expect(host.frames).toEqual(['<1>a', '<1>b']);
    expect(host.faults).toMatchObject([{ reason: 'truncated', text: '<1>half' }]);
  });

  it('makes senders wait while the store is slow, and loses nothing', async () => {
    const { host } = await start({ holdBytes: 64 * 1024, packBytes: 16 * 1024 });
    host.hold();
    const sender = await connected(host.port);
    const lines = 200_000;
    const line = (n: number) => `<1>${String(n).padStart(100, '0')}\n`;
    let sent = 0;
    // As much as the sender's own system takes: it must come to a stop.
    const push = () => {
      for (let more = true; more && sent < lines; sent += 1) more = sender.write(line(sent));
    };
    sender.on('drain', push);
    push();
    await eventually(() => expect(host.state.isHeld).toBe(true));
    // It stands still: the socket of the sender does not drain any more.
    let before = -1;
    for (; sent !== before; await new Promise((resolve) => setTimeout(resolve, 300))) before = sent;
    expect(sent).toBeLessThan(lines);
    host.release();
    await eventually(() => expect(sent).toBe(lines));
    sender.end();
    await eventually(() => expect(host.deliveries.length && host.state.behind).toBe(0));
    await eventually(() => expect(host.state.connections).toBe(0));
    const frames = host.frames;
    expect(frames).toHaveLength(lines);
    expect(frames.every((frame, i) => `${frame}\n` === line(i))).toBe(true);
    expect(host.state.isHeld).toBe(false);
    expect(host.dropped).toBe(0);
  });

  it('tries a delivery again until the store is back, and then goes on in order', async () => {
    const { host } = await start();
    host.failures.push(new EngineError('unavailable', 'The disk is full.'), new EngineError('unavailable', 'Still.'));
    const sender = await connected(host.port);
    sender.write('<1>a\n');
    await eventually(() => expect(host.state.isHeld).toBe(true));
    sender.write('<1>b\n');
    await eventually(() => expect(host.frames).toEqual(['<1>a', '<1>b']));
    expect(host.state.isHeld).toBe(false);
    expect(host.problems).toEqual([]);
  });

  it('gives up one message that cannot be stored, and no other', async () => {
    const { host } = await start({ lingerMs: 50 });
    host.refuses = ({ records }) =>
      Buffer.from(records?.bytes ?? []).includes('poison') ? new Error('A bug of ours') : null;
    const sender = await connected(host.port);
    sender.write('<1>a\n<1>b\n<1>poison\n<1>c\n<1>d\n');
    await eventually(() => expect(host.frames).toEqual(['<1>a', '<1>b', '<1>c', '<1>d']));
    sender.write('<1>e\n');
    await eventually(() => expect(host.dropped).toBe(1));
    expect(host.problems).toEqual([expect.stringContaining('could not be stored')]);
  });

  it('takes a store that is away without a name for no fault of a message, and loses nothing', async () => {
    const { host } = await start({ retryMs: 20 });
    let isAway = true;
    host.refuses = () => (isAway ? new Error('Connection terminated unexpectedly') : null);
    const sender = await connected(host.port);
    sender.write('<1>a\n<1>b\n<1>c\n');
    await eventually(() => expect(host.refusals).toBeGreaterThan(20));
    isAway = false;
    await eventually(() => expect(host.frames).toEqual(['<1>a', '<1>b', '<1>c']));
    expect(host.dropped).toBe(0);
    expect(host.problems).toEqual([]);
  });

  it('takes as many senders as it may and says when there are more', async () => {
    const { host } = await start({ connections: 3 });
    const senders = [await connected(host.port), await connected(host.port), await connected(host.port)];
    for (const sender of senders) sender.write('<1>here\n');
    await eventually(() => expect(host.frames).toHaveLength(3));
    const refused = await connected(host.port);
    await new Promise((resolve) => refused.once('close', resolve));
    await eventually(() => expect(host.problems).toEqual([expect.stringContaining('3 connections are open')]));
    for (const sender of senders) sender.end('<1>still heard\n');
    await eventually(() => expect(host.frames).toHaveLength(6));
    await eventually(() => expect(host.problems.at(-1)).toBeNull());
  });

  it('lets whoever only holds connections give way to a sender', async () => {
    const { host } = await start({ connections: 3 });
    const speaking = await connected(host.port);
    speaking.write('<1>here\n');
    await eventually(() => expect(host.frames).toHaveLength(1));
    const silent = [await connected(host.port), await connected(host.port)];
    await eventually(() => expect(host.state.connections).toBe(3));
    const sender = await connected(host.port);
    await new Promise((resolve) => silent[0]?.once('close', resolve));
    sender.write('<1>new\n');
    speaking.write('<1>again\n');
    await eventually(() => expect(host.frames.toSorted()).toEqual(['<1>again', '<1>here', '<1>new']));
    expect(host.problems).toEqual([]);
  });

  it('cuts off a sender that fills the memory with messages that do not end', async () => {
    const { host } = await start({ unfinishedBytes: 200_000, messageBytes: 1024 * 1024 });
    const good = await connected(host.port);
    const bad = await connected(host.port);
    bad.write('x'.repeat(400_000));
    await new Promise((resolve) => bad.once('close', resolve));
    good.write('<1>a\n');
    await eventually(() => expect(host.frames).toEqual(['<1>a']));
  });

  it('says what keeps it from listening', async () => {
    const { host } = await start();
    const other = new FakeHost();
    const taken = { kind: 'syslog', transport: 'tcp', host: '127.0.0.1', port: host.port };
    await expect(listenTcp(other.context<'syslog'>(taken))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('is taken by another program'),
    });
    const elsewhere = { ...taken, host: '192.0.2.1', port: 0 };
    await expect(listenTcp(other.context<'syslog'>(elsewhere))).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('no address 192.0.2.1'),
    });
  });
});

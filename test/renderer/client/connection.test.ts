import type { ClientLink } from '@orpc/client';
import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import {
  type Channel,
  ReconnectingLink,
  retryDelayMs,
  type StatusReport,
} from '../../../renderer/client/connection.ts';
import { ClientError, toClientError } from '../../../renderer/client/transport-error.ts';

interface Wire {
  channel: Channel;
  close(): void;
}

function wire(call: ClientLink<Record<never, never>>['call']): Wire {
  let close = (): void => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  return { channel: { link: { call }, closed }, close };
}

const never = () => new Promise<never>(() => {});
const ask = (link: ReconnectingLink) => link.call(['queue', 'next'], {}, { context: {} });

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error('It was not refused.');
}

describe('a link that outlives its channels', () => {
  it('asks again on the next channel when the first breaks under a call', async () => {
    const first = wire(never);
    const second = wire(async () => 'answer');
    const wires = [first, second];
    const link = new ReconnectingLink(async () => wires.shift()?.channel ?? never());
    const answer = ask(link);
    await link.ready();
    first.close();
    expect(await answer).toBe('answer');
  });

  it('gives an error of the engine on at once, as code and sentence', async () => {
    let calls = 0;
    const link = new ReconnectingLink(
      async () =>
        wire(async () => {
          calls += 1;
          throw new ORPCError('conflict', { status: 409, message: 'Was closed meanwhile.', data: { message: '' } });
        }).channel,
    );
    expect(await rejection(ask(link))).toMatchObject({ code: 'conflict', message: 'Was closed meanwhile.' });
    expect(calls).toBe(1);
  });

  it('asks twice at most', async () => {
    let calls = 0;
    const link = new ReconnectingLink(
      async () =>
        wire(async () => {
          calls += 1;
          throw new Error('broken pipe');
        }).channel,
    );
    expect(await rejection(ask(link))).toMatchObject({ code: 'unavailable' });
    expect(calls).toBe(2);
  });

  it('says how it stands, and tries again after a refusal', async () => {
    let attempts = 0;
    const link = new ReconnectingLink(async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('refused');
      return wire(async () => 'answer').channel;
    });
    const seen: StatusReport['status'][] = [];
    link.onStatus(({ status }) => void seen.push(status));
    expect(await ask(link)).toBe('answer');
    expect(seen.at(-1)).toBe('connected');
    expect(seen).toContain('waiting');
  });

  it('stops for good when the session is over', async () => {
    let attempts = 0;
    const link = new ReconnectingLink(async () => {
      attempts += 1;
      throw new ClientError('unauthenticated', 'This session has ended.');
    });
    expect(await rejection(ask(link))).toMatchObject({ code: 'unauthenticated' });
    expect(await rejection(ask(link))).toMatchObject({ code: 'unauthenticated' });
    expect(attempts).toBe(1);
    const seen: StatusReport['status'][] = [];
    link.onStatus(({ status }) => void seen.push(status));
    expect(seen).toEqual(['ended']);
  });

  it('waits longer each time, ten seconds at most, and never all at once', () => {
    const delays = Array.from({ length: 30 }, (_, failures) => retryDelayMs(failures, 0.5));
    expect(delays[0]).toBe(250);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(Math.max(...delays)).toBe(10_000);
    expect(retryDelayMs(3, 0)).toBeLessThan(retryDelayMs(3, 0.99));
  });
});

describe('what a failed call is to a screen', () => {
  it.each([
    [new ORPCError('forbidden', { status: 403, message: 'No.' }), 'forbidden'],
    [new ORPCError('UNAUTHORIZED', { status: 401 }), 'unauthenticated'],
    [new ORPCError('PAYLOAD_TOO_LARGE', { status: 413 }), 'too_large'],
    [new ORPCError('TEAPOT', { status: 418 }), 'internal'],
    [new TypeError('Failed to fetch'), 'unavailable'],
    ['nonsense', 'unavailable'],
  ])('%s', (thrown, code) => {
    expect(toClientError(thrown).code).toBe(code);
  });

  it('keeps the number of the fault', () => {
    const thrown = new ORPCError('internal', { status: 500, data: { message: '', correlationId: 'abc' } });
    expect(toClientError(thrown).correlationId).toBe('abc');
  });
});

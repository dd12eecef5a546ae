import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { FRAME_QUEUE_LIMITS, FrameQueue, type FrameQueueLimits } from './frame-queue.ts';
import { listenError, shownAddress } from './listen.ts';
import type { RunningSource, SourceContext } from './live-source.ts';
import { LOSS_SAID_FOR_MS, Remarks } from './remarks.ts';
import { kernelDrops } from './udp-drops.ts';

export interface SyslogUdpLimits extends FrameQueueLimits {
  /** Room that the kernel is asked for; it gives what its own limit allows. */
  kernelBytes: number;
  /** How often the kernel is asked what it dropped, in milliseconds. */
  lookEveryMs: number;
}

export const SYSLOG_UDP_LIMITS: SyslogUdpLimits = {
  ...FRAME_QUEUE_LIMITS,
  holdBytes: 32 * 1024 * 1024,
  kernelBytes: 8 * 1024 * 1024,
  lookEveryMs: 1_000,
};

/** Syslog over UDP: one datagram is one message. Nobody can be held, so what finds no room is counted and said. */
export async function listenUdp(
  context: SourceContext<'syslog'>,
  limits: SyslogUdpLimits = SYSLOG_UDP_LIMITS,
): Promise<RunningSource> {
  const { host, port } = context.source.settings;
  const remarks = new Remarks(context.problem);
  const queue = new FrameQueue({ ...context, problem: remarks.about('records') }, () => {}, limits);
  const socket = await bind(host, port, limits.kernelBytes);
  const losses = new Losses({ ...context, problem: remarks.about('datagrams') }, queue);
  socket.on('message', (datagram) => {
    if (datagram.length === 0) return;
    if (queue.isFull) losses.add(1);
    else queue.add(datagram);
  });
  socket.on('error', (error) => context.log.warn({ error: String(error) }, 'A datagram could not be taken'));
  const { address, port: given, family } = socket.address();
  let known = (await kernelDrops(family === 'IPv6', address, given)) ?? 0;
  const look = async (): Promise<void> => {
    const now = await kernelDrops(family === 'IPv6', address, given);
    if (now !== null && now > known) losses.add(now - known);
    known = now ?? known;
    losses.say();
  };
  const timer = setInterval(() => void look(), limits.lookEveryMs);
  timer.unref();
  context.show({ listensOn: shownAddress(address, given), behind: 0 });
  context.log.info({ source: context.source.id, bytes: socket.getRecvBufferSize() }, 'Datagrams are received');
  return {
    stop: async () => {
      clearInterval(timer);
      await look();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      await queue.stop();
    },
  };
}

async function bind(host: string, port: number, recvBufferSize: number): Promise<Socket> {
  const address = isIP(host) > 0 ? host : await resolved(host, port);
  const socket = createSocket({ type: isIP(address) === 6 ? 'udp6' : 'udp4', recvBufferSize });
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException): void => {
      socket.close();
      reject(listenError(host, port, error));
    };
    socket.once('error', refuse);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', refuse);
      resolve(socket);
    });
  });
}

async function resolved(host: string, port: number): Promise<string> {
  try {
    return (await lookup(host)).address;
  } catch (error) {
    throw listenError(host, port, error as NodeJS.ErrnoException);
  }
}

/** Counts datagrams that nobody could hold, and says so until it has been well for a while. */
class Losses {
  readonly #context: SourceContext<'syslog'>;
  readonly #queue: FrameQueue;
  #lastAtMs: number | null = null;
  #unsaid = false;

  constructor(context: SourceContext<'syslog'>, queue: FrameQueue) {
    this.#context = context;
    this.#queue = queue;
  }

  add(count: number): void {
    this.#queue.drop(count);
    this.#unsaid = true;
  }

  say(): void {
    const nowMs = this.#context.clock.nowMs();
    if (this.#unsaid) {
      this.#unsaid = false;
      this.#lastAtMs = nowMs;
      this.#context.problem(
        'Datagrams came faster than they could be stored, and some are lost. Send over TCP or TLS, which wait.',
      );
    } else if (this.#lastAtMs !== null && nowMs - this.#lastAtMs > LOSS_SAID_FOR_MS) {
      this.#lastAtMs = null;
      this.#context.problem(null);
    }
  }
}

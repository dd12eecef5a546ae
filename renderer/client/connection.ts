import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client';
import { ClientError, isAnswer, toClientError } from './transport-error.ts';

/** `ended`: this session is over and only a new link helps. */
export type ConnectionStatus = 'connecting' | 'connected' | 'waiting' | 'ended';

export interface StatusReport {
  status: ConnectionStatus;
  /** When the next attempt is made, in ms from now; null unless `waiting`. */
  retryInMs: number | null;
}

/** One living way to the engine. `closed` settles once, when it is gone. */
export interface Channel {
  link: ClientLink<ClientContext>;
  closed: Promise<void>;
}

/** Opens a channel; rejects when there is no way at the moment. */
export type OpenChannel = () => Promise<Channel>;

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 10_000;
/** How long a call waits for a way to the engine before it says that there is none. */
const CALL_PATIENCE_MS = 8_000;

/** Delay before attempt `failures + 1`: doubled each time up to ten seconds, spread by a quarter so that many clients do not return at once. */
export function retryDelayMs(failures: number, random: number): number {
  const base = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.round(base * (0.75 + 0.5 * random));
}

/**
 * A link that outlives its channels. A call that was under way when a channel broke is asked once more on the next one:
 * commands carry a command id and answer a replay with the first answer, so nothing is done twice. A stream is not
 * resumed here: who reads it subscribes again from the last seq that it saw.
 */
export class ReconnectingLink implements ClientLink<ClientContext> {
  readonly #open: OpenChannel;
  readonly #listeners = new Set<(report: StatusReport) => void>();
  #report: StatusReport = { status: 'connecting', retryInMs: null };
  #channel: Promise<Channel>;
  #failures = 0;

  constructor(open: OpenChannel) {
    this.#open = open;
    this.#channel = this.#connect();
    this.#channel.catch(() => {});
  }

  /** Calls `listener` with the state now and at each change, until the returned function is called. */
  onStatus(listener: (report: StatusReport) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#report);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with the first channel; later ones replace it without a word. */
  async ready(): Promise<void> {
    await this.#channel;
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<ClientContext>): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const channel = await this.#patiently();
      try {
        return await Promise.race([channel.link.call(path, input, options), rejectWhenClosed(channel)]);
      } catch (thrown) {
        const isAborted = options.signal?.aborted === true;
        if (isAborted) throw thrown;
        if (isAnswer(thrown) || attempt === 2) throw toClientError(thrown);
      }
    }
  }

  #patiently(): Promise<Channel> {
    if (this.#report.status === 'ended') {
      throw new ClientError('unauthenticated', 'This session has ended. Open a new link.');
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new ClientError('unavailable', 'The engine cannot be reached. Trying again.')),
        CALL_PATIENCE_MS,
      );
      this.#channel.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async #connect(): Promise<Channel> {
    for (;;) {
      this.#tell({ status: 'connecting', retryInMs: null });
      try {
        const channel = await this.#open();
        this.#failures = 0;
        this.#tell({ status: 'connected', retryInMs: null });
        void channel.closed.then(() => {
          this.#channel = this.#connect();
          // Who calls next hears of it; until then a session that ended must not count as a fault that nobody handled.
          this.#channel.catch(() => {});
        });
        return channel;
      } catch (thrown) {
        if (thrown instanceof ClientError && thrown.code === 'unauthenticated') {
          this.#tell({ status: 'ended', retryInMs: null });
          throw thrown;
        }
        const delayMs = retryDelayMs(this.#failures, Math.random());
        this.#failures += 1;
        this.#tell({ status: 'waiting', retryInMs: delayMs });
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
  }

  #tell(report: StatusReport): void {
    this.#report = report;
    for (const listener of this.#listeners) listener(report);
  }
}

async function rejectWhenClosed(channel: Channel): Promise<never> {
  await channel.closed;
  throw new Error('The connection closed.');
}

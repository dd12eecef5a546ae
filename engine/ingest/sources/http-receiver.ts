import type { IncomingMessage } from 'node:http';
import { EngineError } from '../../../shared/model/errors.ts';
import type { Json } from '../../../shared/model/json.ts';
import type { FramePack } from './frame-pack.ts';
import { Acknowledgements } from './http-acks.ts';
import { type Answer, BUSY, BUSY_TEXT, FULL, HEC, invalidEvent, plain, RETRY_LATER } from './http-answers.ts';
import { type BodyLimits, type BodyOutcome, type BodyRefusal, storeBody } from './http-body.ts';
import { CommitQueue } from './http-commit.ts';
import { Pace, type PaceLimits } from './http-progress.ts';
import { Reservation, Room } from './http-room.ts';
import type { SourceContext } from './live-source.ts';

export interface ReceiverLimits {
  body: BodyLimits;
  pace: PaceLimits;
  /** What all requests of one source may hold at once. */
  sourceBytes: number;
}

/** How a path takes what it is sent. */
export type Endpoint = 'events' | 'lines' | 'alerts';

/** A request that is being read; ended from outside when it is too slow or the source stops. */
interface Reading {
  request: IncomingMessage;
  pace: Pace;
  why: 'too_slow' | 'stopping' | null;
}

/** A request takes at least this much, whatever it says of its size. */
const LEAST_BYTES = 16 * 1024;
const ACK_BODY_BYTES = 256 * 1024;

/** What comes in for one source: from the request that its token opened to the answer that says it is stored. */
export class HttpReceiver {
  readonly context: SourceContext<'http'>;
  readonly #limits: ReceiverLimits;
  readonly #room: Room;
  readonly #rooms: readonly Room[];
  readonly #commits: CommitQueue;
  readonly #acks: Acknowledgements;
  readonly #readings = new Set<Reading>();
  #isStopping = false;

  constructor(context: SourceContext<'http'>, limits: ReceiverLimits, allRoom: Room) {
    this.context = context;
    this.#limits = limits;
    this.#room = new Room(limits.sourceBytes);
    this.#rooms = [this.#room, allRoom];
    this.#commits = new CommitQueue(context);
    this.#acks = new Acknowledgements(Buffer.from(context.random.bytes(4)).readUInt32LE());
  }

  /**
   * Stores the body and says what to answer; null when nobody is there to hear it. `goOn` tells a sender that waits for
   * it to send the body.
   */
  async receive(
    request: IncomingMessage,
    endpoint: Endpoint,
    channel: string | null,
    goOn: () => void,
  ): Promise<Answer | null> {
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > this.#limits.body.bodyBytes) return refusalAnswer(endpoint, 'too_large', 0);
    if (this.#isStopping) return HEC.stopping;
    const reservation = new Reservation(this.#rooms);
    if (!reservation.reach(Math.max(LEAST_BYTES, Math.min(length, this.#limits.body.sliceBytes)))) {
      this.context.show({ isHeld: true });
      return endpoint === 'alerts' ? FULL : HEC.busy;
    }
    goOn();
    const reading: Reading = { request, pace: new Pace(this.#limits.pace), why: null };
    this.#readings.add(reading);
    try {
      const outcome = await storeBody(this.#chunks(reading), {
        holds: endpoint === 'events' ? 'events' : 'records',
        limits: this.#limits.body,
        reservation,
        store: (pack) => this.#store(reading, pack),
      });
      return this.#answerTo(endpoint, channel, outcome, reading.why);
    } catch (error) {
      return this.#failureAnswer(endpoint, error);
    } finally {
      this.#readings.delete(reading);
      reservation.end();
      if (!this.#room.isFull) this.context.show({ isHeld: false });
    }
  }

  async *#chunks({ request, pace }: Reading): AsyncGenerator<Uint8Array> {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      pace.came(chunk.byteLength);
      yield chunk;
    }
    // A sender that goes away in the middle may end the stream as if it were done.
    if (!request.complete) throw new EngineError('unavailable', 'The body was cut off.');
  }

  async #store(reading: Reading, pack: FramePack): Promise<void> {
    reading.pace.isWaiting = true;
    try {
      await this.#commits.store(pack);
    } finally {
      reading.pace.isWaiting = false;
    }
    if (this.#isStopping && !reading.request.complete) end(reading, 'stopping');
  }

  #answerTo(endpoint: Endpoint, channel: string | null, outcome: BodyOutcome, why: Reading['why']): Answer | null {
    const { stored, unreadable, firstBad, refusal } = outcome;
    if (why === 'stopping') return HEC.stopping;
    if (why === 'too_slow') return TOO_SLOW;
    if (refusal !== null) return refusalAnswer(endpoint, refusal, stored);
    if (stored === 0) return HEC.noData;
    if (endpoint === 'alerts') {
      return { status: stored === unreadable ? 400 : 200, body: { received: stored, unreadable } };
    }
    if (firstBad !== null) return invalidEvent(firstBad.index, firstBad.isBlank);
    return {
      status: 200,
      body: { text: 'Success', code: 0, ...(channel === null ? {} : { ackId: this.#acks.give(channel) }) },
    };
  }

  #failureAnswer(endpoint: Endpoint, error: unknown): Answer {
    const isHec = endpoint !== 'alerts';
    if (error instanceof EngineError && (error.code === 'unavailable' || error.code === 'not_found')) {
      return isHec ? HEC.busy : BUSY;
    }
    this.context.log.error({ source: this.context.source.id, error: String(error) }, 'A request could not be stored');
    return isHec
      ? HEC.internal
      : plain(500, 'Something went wrong here, and the log says what. Nothing was acknowledged.');
  }

  /** Says which of the sender's requests are stored; null when nobody is there to hear it. */
  async acknowledge(request: IncomingMessage, channel: string): Promise<Answer | null> {
    const reading: Reading = { request, pace: new Pace(this.#limits.pace), why: null };
    this.#readings.add(reading);
    try {
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of this.#chunks(reading)) {
        bytes += chunk.byteLength;
        if (bytes > ACK_BODY_BYTES) return HEC.tooLarge;
        chunks.push(chunk);
      }
      const body = this.#acks.answer(channel, parsed(Buffer.concat(chunks).toString('utf8')));
      return body === null ? invalidEvent(0, false) : { status: 200, body };
    } catch {
      if (reading.why === 'too_slow') return TOO_SLOW;
      return reading.why === 'stopping' ? HEC.stopping : null;
    } finally {
      this.#readings.delete(reading);
    }
  }

  get isBusy(): boolean {
    return this.#room.isFull;
  }

  /** Called once a second: ends what comes too slowly. */
  tick(): void {
    for (const reading of this.#readings) if (reading.pace.tick()) end(reading, 'too_slow');
  }

  /** Nothing more is taken; what is being stored is stored and answered. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const reading of this.#readings) if (!reading.pace.isWaiting) end(reading, 'stopping');
    await this.#commits.idle();
  }
}

const TOO_SLOW = plain(408, 'The body came too slowly.');

function refusalAnswer(endpoint: Endpoint, refusal: BodyRefusal, stored: number): Answer | null {
  const isHec = endpoint !== 'alerts';
  // Of a long body the first pieces may be stored already; sent again, they are known.
  const since = stored === 0 ? '' : ` The first ${stored} records are stored.`;
  switch (refusal) {
    case 'too_large':
      return isHec ? HEC.tooLarge : plain(413, `The body is larger than is taken. Send it in parts.${since}`);
    case 'bomb':
      return plain(413, `The body is packed far more tightly than alerts are, or packed twice.${since}`);
    case 'damaged':
      return plain(400, `The packed body is damaged.${since}`);
    case 'busy':
      return isHec ? HEC.busy : plain(503, `${BUSY_TEXT}${since}`, RETRY_LATER);
    case 'ended':
      return null;
  }
}

/** Breaks the reading off and leaves the connection for the answer. */
function end(reading: Reading, why: 'too_slow' | 'stopping'): void {
  reading.why ??= why;
  // An error ends the reading; without it the answer could only be sent when the sender is done.
  reading.request.emit('error', new EngineError('unavailable', 'The body is given up.'));
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

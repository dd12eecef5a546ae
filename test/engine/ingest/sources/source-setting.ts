import { connect, type Socket } from 'node:net';
import { vi } from 'vitest';
import type { Delivery } from '../../../../engine/ingest/delivery.ts';
import { recordsOfFrames } from '../../../../engine/ingest/frame-records.ts';
import type { LiveState, SourceContext } from '../../../../engine/ingest/sources/live-source.ts';
import type { IngestReport } from '../../../../shared/model/ingest.ts';
import { type SettingsOf, type SourceKind, sourceDraftSchema } from '../../../../shared/model/source.ts';
import { quiet, stillClock } from '../../../store/databases.ts';

const NOTHING: IngestReport = {
  read: 0,
  stored: 0,
  updated: 0,
  duplicates: 0,
  rejected: 0,
  skipped: 0,
  autoClosed: 0,
  queued: 0,
  elapsedMs: 0,
  byFormat: {},
  problems: [],
};

/** What a source delivers and says, with a store that can be slow or away. */
export class FakeHost {
  readonly deliveries: Omit<Delivery, 'sourceId'>[] = [];
  readonly problems: (string | null)[] = [];
  readonly state: LiveState = { listensOn: null, connections: null, behind: null, isHeld: false };
  token = 'a-long-token';
  /** Thrown by the next deliveries, one each. */
  readonly failures: Error[] = [];
  refuses: ((delivery: Omit<Delivery, 'sourceId'>) => Error | null) | null = null;
  nowMs = stillClock.nowMs();
  readonly #stopping = new AbortController();
  #gate: Promise<void> | null = null;
  #open: () => void = () => {};
  refusals = 0;
  inFlight = 0;
  mostInFlight = 0;

  /** From now on deliveries wait until `release`. */
  hold(): void {
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  release(): void {
    this.#gate = null;
    this.#open();
  }

  end(): void {
    this.#stopping.abort();
  }

  context<K extends SourceKind>(settings: SettingsOf<K> | Record<string, unknown>, id = 1): SourceContext<K> {
    const draft = sourceDraftSchema.parse({ name: `Source ${id}`, settings });
    return {
      // The draft's settings are of the kind that the test asks for.
      source: { ...draft, id, version: 1, createdAtMs: 0, tokenHint: null } as SourceContext<K>['source'],
      clock: { nowMs: () => this.nowMs },
      random: { bytes: (length) => new Uint8Array(length).fill(7) },
      log: quiet,
      signal: this.#stopping.signal,
      cursors: new Map(),
      secret: async () => null,
      isToken: (token) => token === this.token,
      tlsPath: (name) => name,
      allowedPath: async (path) => path,
      deliver: (delivery) => this.#deliver(delivery),
      show: (state) => void Object.assign(this.state, state),
      problem: (sentence) => void this.problems.push(sentence),
    };
  }

  async #deliver(delivery: Omit<Delivery, 'sourceId'>): Promise<IngestReport> {
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    try {
      await this.#gate;
      const failure = this.failures.shift() ?? this.refuses?.(delivery) ?? null;
      if (failure !== null) this.refusals += 1;
      if (failure !== null) throw failure;
      this.deliveries.push(delivery);
      return NOTHING;
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Every frame that was delivered, in order, as text. */
  get frames(): string[] {
    return this.deliveries.flatMap(({ records }) => framesOf(records));
  }

  get faults(): { reason: string; bytes: number; text: string }[] {
    return this.deliveries.flatMap(({ records }) =>
      records?.kind === 'frames'
        ? (records.faults ?? []).map(({ reason, bytes, text }) => ({ reason, bytes, text }))
        : [],
    );
  }

  get dropped(): number {
    return this.deliveries.reduce((sum, { dropped }) => sum + dropped, 0);
  }

  /** The records that the frames are, each as its value. */
  get records(): unknown[] {
    return this.deliveries.flatMap(({ records }) =>
      records?.kind === 'frames'
        ? [...recordsOfFrames(records, true)].map((record) => (record.kind === 'record' ? record.value : record.reason))
        : [],
    );
  }

  /** Port on which the source listens. */
  get port(): number {
    return Number(/:(\d+)$/.exec(this.state.listensOn ?? '')?.[1]);
  }
}

export function framesOf(records: Delivery['records']): string[] {
  if (records === null || records.kind !== 'frames') return [];
  const { bytes } = records;
  return [...records.ends].map((end, i) => Buffer.from(bytes.subarray(records.ends[i - 1] ?? 0, end)).toString('utf8'));
}

/** Connects over loopback; resolved when connected. */
export async function connected(port: number, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host });
  socket.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  return socket;
}

/** Waits until it holds, however slow the machine is. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 60_000, interval: 10 });
}

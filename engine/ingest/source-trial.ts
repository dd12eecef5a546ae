import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../shared/model/errors.ts';
import type { SourceDraft, SourceKind, SourcePreview } from '../../shared/model/source.ts';
import { type DeliveredBytes, takesText } from './delivery.ts';
import { Tally } from './pipeline-tally.ts';
import { type PreviewOptions, previewsOf } from './source-preview.ts';
import type { LiveState, RunningSource, SourceContext, StartSource } from './sources/live-source.ts';

/** So many records are shown. */
export const TRIAL_RECORDS = 10;
/** After the first records nothing more is waited for than what comes with them. */
const MORE_WITHIN_MS = 1_000;
const STOP_WITHIN_MS = 2_000;

export interface Trial {
  /** Null when it could not be reached, and why. */
  failure: string | null;
  listensOn: string | null;
  records: SourcePreview[];
}

/** Those who send are told that nothing was stored, so that they send it again; what is read lies where it lay. */
export function isPushed(kind: SourceKind): boolean {
  return kind === 'syslog' || kind === 'http';
}

/** Gathers the first records, each once: what is not stored is offered again. */
export class TrialCollector {
  readonly #options: PreviewOptions;
  readonly #seen = new Set<string>();
  readonly #records: SourcePreview[] = [];
  readonly #came = Promise.withResolvers<void>();
  #working: Promise<void> = Promise.resolve();

  constructor(draft: SourceDraft, options: Pick<PreviewOptions, 'formats' | 'nowMs'>) {
    const { format, settings } = draft;
    this.#options = { ...options, format, takesText: takesText(settings.kind, format), limit: TRIAL_RECORDS };
  }

  /** Settles with the first record. */
  get came(): Promise<void> {
    return this.#came.promise;
  }

  get isFull(): boolean {
    return this.#records.length >= TRIAL_RECORDS;
  }

  add(records: DeliveredBytes): Promise<void> {
    // Whoever delivered it gives it away next.
    const copy = structuredClone(records);
    this.#working = this.#working.then(() => this.#preview(copy));
    return this.#working;
  }

  async #preview(records: DeliveredBytes): Promise<void> {
    if (this.isFull) return;
    for (const preview of await previewsOf(records, this.#options)) {
      if (this.isFull || this.#seen.has(preview.text)) continue;
      this.#seen.add(preview.text);
      this.#records.push(preview);
    }
    if (this.#records.length > 0) this.#came.resolve();
  }

  async records(): Promise<SourcePreview[]> {
    await this.#working;
    return this.#records;
  }
}

/**
 * Starts a source for at most `waitMs`, keeps nothing of it, and gives what it delivered first. What a person must mend
 * is the answer's `failure`; only a mistake of ours throws.
 */
export async function trySource(
  start: StartSource,
  given: Omit<SourceContext, 'deliver' | 'show' | 'problem' | 'signal'>,
  { collector, waitMs }: { collector: TrialCollector; waitMs: number },
): Promise<Trial> {
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  const state: Partial<LiveState> = {};
  let failure: string | null = null;
  const pushed = isPushed(given.source.settings.kind);
  const context: SourceContext = {
    ...given,
    signal: stopping.signal,
    deliver: async ({ records }) => {
      if (records !== null) await collector.add(records);
      if (pushed || stopping.signal.aborted) throw new EngineError('unavailable', 'This is a test: nothing is stored.');
      if (collector.isFull) ended.resolve();
      return new Tally().report(0);
    },
    show: (change) => {
      Object.assign(state, change);
      // Whoever reads by himself knows when he has read everything.
      if (!pushed && change.behind === 0) ended.resolve();
    },
    problem: (sentence) => {
      failure = sentence;
      if (sentence !== null) ended.resolve();
    },
  };
  let running: RunningSource | null = null;
  try {
    running = await start(context);
    const first = collector.came.then(() => delay(MORE_WITHIN_MS, undefined, { signal: stopping.signal, ref: false }));
    await Promise.race([ended.promise, first, delay(waitMs, undefined, { signal: stopping.signal, ref: false })]);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    failure = error.message;
  } finally {
    stopping.abort();
    if (running !== null) await Promise.race([running.stop(), delay(STOP_WITHIN_MS, undefined, { ref: false })]);
  }
  return { failure, listensOn: state.listensOn ?? null, records: await collector.records() };
}

import type { IngestReport } from '../../shared/model/ingest.ts';
import type { Clock, Log } from '../ports.ts';
import { reserveIds } from '../store/ids.ts';
import { originId } from '../store/ingest-rows.ts';
import type { Store } from '../store/store.ts';
import { boundHeap } from './bounded-heap.ts';
import { makeClassifier } from './pipeline-classify.ts';
import { commitSlice, type RunContext } from './pipeline-commit.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { Prioritiser } from './pipeline-priority.ts';
import { RecordQueue } from './pipeline-slices.ts';
import { Tally } from './pipeline-tally.ts';
import type { RecordBatch } from './records/raw-record.ts';
import { storableText } from './storable-text.ts';

export interface IngestOptions {
  /** Where the records come from, as people know it: a path, `stdin`, the name of a source. */
  origin: string;
  site?: string | null;
  /** `auto`, or the name of a format. */
  format: string;
  /** Starts no clocks and counts as nobody's work of today. */
  isHistory: boolean;
  /** Called after each transaction with the counts so far. */
  onProgress?(report: IngestReport): void;
  /** Stops after the transaction under way; what was stored stays. */
  signal?: AbortSignal;
  /** True while a person waits for the writer: then slices become small. */
  yieldToOthers?(): boolean;
  /** Waits until those who wait have been served. Called between two transactions. */
  stepAside?(): Promise<void>;
}

export interface Ingest {
  /** Stores everything that `batches` gives. Throws EngineError when the store refuses; what was reported before is kept. */
  ingest(batches: AsyncIterable<RecordBatch>, options: IngestOptions): Promise<IngestReport>;
}

export interface IngestParts {
  store: Store;
  ports: { clock: Clock; log: Log };
  /** Asked once for each transaction. */
  triage(): TriageState;
  append: AppendMachineDecision;
}

/** The way from records to alert groups: recognise, normalise, tell known from new, enrich, triage, group, prioritise, store. */
export function createIngest({ store, ports, triage, append }: IngestParts): Ingest {
  let prioritiser: { state: TriageState; prioritiser: Prioritiser } | null = null;
  const prioritiserFor = (state: TriageState): Prioritiser => {
    if (prioritiser?.state !== state) prioritiser = { state, prioritiser: new Prioritiser(state) };
    return prioritiser.prioritiser;
  };

  async function ingest(batches: AsyncIterable<RecordBatch>, options: IngestOptions): Promise<IngestReport> {
    boundHeap();
    const startedAtMs = ports.clock.nowMs();
    const origin = storableText(options.origin, 1_000);
    const site = options.site ?? null;
    const total = new Tally();
    let known: { originId: number; runId: number } | null = null;
    const classify = makeClassifier(options.format, () => ports.clock.nowMs());
    const records = new RecordQueue(batches, options);
    const commit = async (): Promise<void> => {
      const state = triage();
      let forget: (() => void) | undefined;
      const write = store.write(async (tx) => {
        forget = state.mark?.();
        const ids = known ?? {
          originId: await originId(tx, origin, site),
          runId: await reserveIds(tx, 'ingest_run', 1),
        };
        const context: RunContext = {
          triage: state,
          prioritiser: prioritiserFor(state),
          append,
          originId: ids.originId,
          origin,
          site,
          isHistory: options.isHistory,
          run: { id: ids.runId, started_at_ms: startedAtMs },
          before: total,
        };
        return { ids, tally: await commitSlice(tx, records.slice(classify), context, ports.clock.nowMs()) };
      });
      const done = await write.catch((error: unknown) => {
        forget?.();
        throw error;
      });
      known = done.ids;
      total.add(done.tally);
      options.onProgress?.(total.report(ports.clock.nowMs() - startedAtMs));
    };
    try {
      while (!options.signal?.aborted && (await records.fill())) {
        await commit();
        await options.stepAside?.();
      }
    } finally {
      await records.close();
    }
    return total.report(ports.clock.nowMs() - startedAtMs);
  }
  return { ingest };
}

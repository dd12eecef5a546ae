import type { IngestReport } from '../../shared/model/ingest.ts';
import type { Clock, Log } from '../ports.ts';
import { reserveIds } from '../store/ids.ts';
import { originId } from '../store/ingest-rows.ts';
import type { LetterLimits } from '../store/letter-room.ts';
import type { Store, Write } from '../store/store.ts';
import { boundHeap } from './bounded-heap.ts';
import { BUILT_IN, type FormatCatalogue } from './formats/index.ts';
import { type Classified, makeClassifier } from './pipeline-classify.ts';
import { commitSlice, type RunContext } from './pipeline-commit.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { Prioritiser } from './pipeline-priority.ts';
import { type IngestBatch, RecordQueue } from './pipeline-slices.ts';
import { Tally } from './pipeline-tally.ts';
import type { RawRecord, RecordBatch } from './records/raw-record.ts';
import { storableText } from './storable-text.ts';

export interface IngestOptions {
  /** Where the records come from, as people know it: a path, `stdin`, the name of a source. */
  origin: string;
  site?: string | null;
  /** `auto`, or the name of a format. */
  format: string;
  /** Line of the first byte in its file, 1 when left out; null where the records have no lines to speak of. */
  firstLine?: number | null;
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
  ingest(batches: AsyncIterable<IngestBatch>, options: IngestOptions): Promise<IngestReport>;
  /**
   * Stores all of these in one transaction together with what `within` writes, or nothing of either. Keeps no run: who
   * delivers keeps count. The batches must be few enough for one transaction.
   */
  ingestWhole(
    batches: readonly RecordBatch[],
    options: Pick<IngestOptions, 'origin' | 'site' | 'format' | 'firstLine'> & {
      /** May say otherwise of a record than its format did, such as that a rejected one is only to be counted. */
      judge?(record: RawRecord, classified: Classified): Classified;
    },
    within: (tx: Write, report: IngestReport, nowMs: number) => Promise<void>,
  ): Promise<IngestReport>;
}

export interface IngestParts {
  store: Store;
  ports: { clock: Clock; log: Log };
  /** Asked once for each transaction. */
  triage(): TriageState;
  append: AppendMachineDecision;
  /** Those of the program when left out. */
  formats?: FormatCatalogue;
  /** How much of what cannot be read is kept; no limit when left out. */
  letterLimits?: LetterLimits;
  /** Told of large groups that got alerts, before that is stored. */
  noteLarge?(groupIds: readonly number[]): void;
}

/** The way from records to alert groups: recognise, normalise, tell known from new, enrich, triage, group, prioritise, store. */
export function createIngest(parts: IngestParts): Ingest {
  const { store, ports, triage, append, formats = BUILT_IN, letterLimits, noteLarge } = parts;
  let prioritiser: { state: TriageState; prioritiser: Prioritiser } | null = null;
  const prioritiserFor = (state: TriageState): Prioritiser => {
    if (prioritiser?.state !== state) prioritiser = { state, prioritiser: new Prioritiser(state) };
    return prioritiser.prioritiser;
  };

  // Deliveries of a source are many and small: what is known of the shapes of records stays between them.
  const classifiers = new Map<string, { by: FormatCatalogue; classify: ReturnType<typeof makeClassifier> }>();
  /** Asked once for each transaction, so that all of it is read by the same formats. */
  const classifierFor = (format: string): ReturnType<typeof makeClassifier> => {
    const by = formats.now;
    const known = classifiers.get(format);
    if (known?.by === by) return known.classify;
    // What is under way when its mapping is taken away is read by the one under which it was accepted.
    if (known !== undefined && format !== 'auto' && by.named(format) === null) return known.classify;
    const classify = makeClassifier(format, () => ports.clock.nowMs(), by);
    classifiers.set(format, { by, classify });
    return classify;
  };

  /** What a failed transaction decided was never so: triage forgets it. */
  async function transaction<T>(work: (tx: Write, state: TriageState) => Promise<T>): Promise<T> {
    const state = triage();
    let forget: (() => void) | undefined;
    try {
      return await store.write((tx) => {
        forget = state.mark?.();
        return work(tx, state);
      });
    } catch (error) {
      forget?.();
      throw error;
    }
  }

  const shared = (state: TriageState, from: Pick<RunContext, 'origin' | 'site' | 'isHistory' | 'firstLine'>) => ({
    triage: state,
    prioritiser: prioritiserFor(state),
    append,
    formats: formats.now,
    ...(letterLimits === undefined ? {} : { letterLimits }),
    ...(noteLarge === undefined ? {} : { noteLarge }),
    ...from,
  });

  const ingestWhole: Ingest['ingestWhole'] = async (batches, options, within) => {
    boundHeap();
    const startedAtMs = ports.clock.nowMs();
    const origin = storableText(options.origin, 1_000);
    const { site = null, firstLine = 1 } = options;
    return transaction(async (tx, state) => {
      const nowMs = ports.clock.nowMs();
      const classify = classifierFor(options.format);
      const context: RunContext = {
        ...shared(state, { origin, site, isHistory: false, firstLine }),
        originId: await originId(tx, origin, site),
        run: null,
        before: new Tally(),
      };
      const { judge } = options;
      const read = (record: RawRecord): Classified => {
        const classified = classify(record);
        return judge === undefined ? classified : judge(record, classified);
      };
      const tally = await commitSlice(tx, classified(batches, read), context, nowMs);
      const report = tally.report(ports.clock.nowMs() - startedAtMs);
      await within(tx, report, nowMs);
      return report;
    });
  };

  async function ingest(batches: AsyncIterable<IngestBatch>, options: IngestOptions): Promise<IngestReport> {
    boundHeap();
    const startedAtMs = ports.clock.nowMs();
    const origin = storableText(options.origin, 1_000);
    const site = options.site ?? null;
    const total = new Tally();
    let known: { originId: number; runId: number } | null = null;
    // Says at once when nobody knows the format.
    classifierFor(options.format);
    const records = new RecordQueue(batches, options);
    const commit = async (): Promise<void> => {
      const done = await transaction(async (tx, state) => {
        const ids = known ?? {
          originId: await originId(tx, origin, site),
          runId: await reserveIds(tx, 'ingest_run', 1),
        };
        const context: RunContext = {
          ...shared(state, { origin, site, isHistory: options.isHistory, firstLine: 1 }),
          originId: ids.originId,
          run: { id: ids.runId, started_at_ms: startedAtMs },
          before: total,
        };
        return {
          ids,
          tally: await commitSlice(tx, records.slice(classifierFor(options.format)), context, ports.clock.nowMs()),
        };
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
  return { ingest, ingestWhole };
}

function* classified(
  batches: readonly RecordBatch[],
  classify: (record: RawRecord) => Classified,
): Generator<Classified> {
  for (const batch of batches) for (const record of batch) yield classify(record);
}

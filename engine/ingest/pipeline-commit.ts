import type { ChangeKind } from '../handlers.ts';
import { countFormats, keepDeadLetters, saveRun } from '../store/ingest-rows.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import type { Candidate, Classified, Rejected } from './pipeline-classify.ts';
import { runsWithoutConflict } from './pipeline-dedupe.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import type { Prioritiser } from './pipeline-priority.ts';
import { SliceWork } from './pipeline-slice-work.ts';
import { Tally } from './pipeline-tally.ts';
import { storableText } from './storable-text.ts';

/** What all transactions of one run share. */
export interface RunContext {
  triage: TriageState;
  prioritiser: Prioritiser;
  append: AppendMachineDecision;
  originId: number;
  origin: string;
  site: string | null;
  isHistory: boolean;
  run: Pick<Tables['ingest_run'], 'id' | 'started_at_ms'>;
  /** Counts of the run before this transaction. */
  before: Tally;
  /** Given where the caller writes the transaction's one row of the change feed itself. */
  touch?(kind: ChangeKind, groupId?: number): void;
}

/** Records that are looked up, decided and written together within a transaction: few enough to die young. */
const STEP_RECORDS = 512;

/** Stores one slice of a source in the open transaction, with everything that follows from it. Answers its counts. */
export async function commitSlice(
  tx: Write,
  slice: readonly Classified[],
  context: RunContext,
  nowMs: number,
): Promise<Tally> {
  const tally = new Tally();
  const work = new SliceWork(tx, context, nowMs, tally);
  const rejected = slice.filter((item): item is Rejected => item.kind === 'rejected');
  for (const item of slice) if (item.kind === 'skipped') tally.count(item.format, 'skipped');
  for (const item of rejected) tally.count(item.format, 'rejected');
  const candidates = slice.filter((item): item is Candidate => item.kind === 'alert');
  for (const { run, repeats } of runsWithoutConflict(candidates)) {
    for (const repeat of repeats) tally.count(repeat.format, 'duplicates');
    for (let from = 0; from < run.length; from += STEP_RECORDS) await work.store(run.slice(from, from + STEP_RECORDS));
  }
  await keepDeadLetters(
    tx,
    rejected.map(({ fault }) => ({
      ...fault,
      atMs: nowMs,
      origin: context.origin,
      text: storableText(fault.text, 65_536),
      message: storableText(fault.message, 2_000),
    })),
  );
  await work.finish();
  const total = new Tally();
  total.add(context.before);
  total.add(tally);
  await countFormats(tx, tally.report(0).byFormat, nowMs);
  const report = total.report(Math.max(0, nowMs - context.run.started_at_ms));
  await saveRun(tx, { ...context.run, origin: context.origin, report_json: JSON.stringify(report) });
  return tally;
}

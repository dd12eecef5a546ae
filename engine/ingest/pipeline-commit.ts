import type { ChangeKind } from '../handlers.ts';
import { countFormats, keepDeadLetters, saveRun } from '../store/ingest-rows.ts';
import { type LetterLimits, letOldestGo } from '../store/letter-room.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import type { FormatCatalogue } from './formats/index.ts';
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
  formats: FormatCatalogue;
  /** How much of what cannot be read is kept; no limit when left out. */
  letterLimits?: LetterLimits;
  originId: number;
  origin: string;
  site: string | null;
  isHistory: boolean;
  /** Line of the first byte in its file; null where the records have no lines to speak of. */
  firstLine: number | null;
  /** Null where what comes in is counted by its source and is no run of its own. */
  run: Pick<Tables['ingest_run'], 'id' | 'started_at_ms'> | null;
  /** Counts of the run before this transaction. */
  before: Tally;
  /** Told of large groups that got alerts. */
  noteLarge?(groupIds: readonly number[]): void;
  /** Given where the caller writes the transaction's one row of the change feed itself. */
  touch?(kind: ChangeKind, groupId?: number): void;
}

/**
 * Records that are read, looked up, decided and written together within a transaction: enough for a statement to serve
 * many, and few enough for everything about them to die young.
 */
const STEP_RECORDS = 128;

/** Stores one slice of a source in the open transaction, with everything that follows from it. Answers its counts. */
export async function commitSlice(
  tx: Write,
  slice: Iterable<Classified>,
  context: RunContext,
  nowMs: number,
): Promise<Tally> {
  const tally = new Tally();
  const work = new SliceWork(tx, context, nowMs, tally);
  let candidates: Candidate[] = [];
  let rejected: Rejected[] = [];
  const step = async (): Promise<void> => {
    await storeCandidates(work, candidates, tally);
    await keepRejected(tx, rejected, context, nowMs);
    candidates = [];
    rejected = [];
  };
  for (const item of slice) {
    if (item.kind === 'alert') candidates.push(item);
    else if (item.kind === 'rejected') rejected.push(item);
    if (item.kind !== 'alert') tally.count(item.format, item.kind);
    if (candidates.length + rejected.length === STEP_RECORDS) await step();
  }
  await step();
  await work.finish();
  await countFormats(tx, tally.report(0).byFormat, nowMs);
  await keepRun(tx, tally, context, nowMs);
  return tally;
}

async function keepRun(tx: Write, tally: Tally, { run, before, origin }: RunContext, nowMs: number): Promise<void> {
  if (run === null) return;
  const total = new Tally();
  total.add(before);
  total.add(tally);
  const report = total.report(Math.max(0, nowMs - run.started_at_ms));
  await saveRun(tx, { ...run, origin, report_json: JSON.stringify(report) });
}

async function storeCandidates(work: SliceWork, candidates: readonly Candidate[], tally: Tally): Promise<void> {
  for (const { run, repeats } of runsWithoutConflict(candidates)) {
    for (const repeat of repeats) tally.count(repeat.format, 'duplicates');
    await work.store(run);
  }
}

/**
 * A port that anybody reaches can be sent more rubbish in an hour than a disk holds: who brings more than the limit lets
 * its own oldest go in the same transaction. What is above it for another reason is left to upkeep.
 */
async function keepRejected(
  tx: Write,
  rejected: readonly Rejected[],
  context: RunContext,
  nowMs: number,
): Promise<void> {
  if (rejected.length === 0) return;
  const letters = rejected.map(({ fault }) => ({
    ...fault,
    line: context.firstLine === null ? null : fault.line + context.firstLine - 1,
    atMs: nowMs,
    origin: context.origin,
    text: storableText(fault.text, 65_536),
    message: storableText(fault.message, 2_000),
  }));
  await keepDeadLetters(tx, letters);
  if (context.letterLimits === undefined) return;
  for (let gone = 0; gone < 2 * letters.length; ) {
    const more = await letOldestGo(tx, context.letterLimits, nowMs);
    if (more === 0) return;
    gone += more;
  }
}

import type { DecisionKind, Statement } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { DeadLetter, IngestReport } from '../../shared/model/ingest.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, DecisionSubject, InputOf } from '../handlers.ts';
import { checkStatement } from '../routing/decide.ts';
import { groupOfStableId } from '../store/alerts.ts';
import { currentId } from '../store/group-links.ts';
import { loadDecidable } from '../store/group-state.ts';
import { originId } from '../store/ingest-rows.ts';
import { newestMappingMs } from '../store/mapping-versions.ts';
import {
  chosenLetters,
  deleteLetters,
  keepTried,
  type LetterSpan,
  newestLetterId,
  siteOfOrigin,
} from '../store/sources.ts';
import { storedFilter } from './dead-letter-filter.ts';
import { alertsIn, type ReadLetter, readLetter } from './dead-letter-reading.ts';
import type { FormatCatalogue } from './formats/index.ts';
import { commitSlice, type RunContext } from './pipeline-commit.ts';
import type { AppendMachineDecision, TriageState } from './pipeline-input.ts';
import { Prioritiser } from './pipeline-priority.ts';
import { sumReports, Tally } from './pipeline-tally.ts';
import { storableText } from './storable-text.ts';

/** Letters of one transaction: people's commands go between two. */
const READ_SLICE = 100;
const READ_SLICE_BYTES = 1024 * 1024;
const DISCARD_SLICE = 2_000;
/** How many of the letters that stay are told one by one. */
const SKIPPED_TOLD = 100;
/** What the queue shows of an item whose record somebody changed before it could be read. */
export const MENDED_TAG = 'mended by hand';

/**
 * One slice of a request about many letters. Its statement has an id of its own, made from that of the request and the
 * place, so that a request which is sent again after a lost answer or a killed process goes the same way: slices that
 * were done answer as before, and the rest is done.
 */
export interface LetterSlice<R> {
  statement: Statement;
  request: R;
  /** Null for the first slice, which says where all of them end. */
  span: LetterSpan | null;
}

export interface LetterSliceAnswer {
  decisionId: number | null;
  /** Letters that were looked at, and those of them that left the list. */
  looked: number;
  changed: number;
  skipped: { id: number; reason: string }[];
  report: IngestReport;
  /** Where the next slice begins; null after the last. */
  next: LetterSpan | null;
  seq: number;
}

export type ReadAgain = InputOf<'sources', 'readAgain'>;
export type Discard = InputOf<'sources', 'discard'>;

export interface LetterCommandDeps {
  triage(): TriageState;
  append: AppendMachineDecision;
  formats: FormatCatalogue;
}

export function deadLetterCommands(deps: LetterCommandDeps): Readonly<Record<string, Command>> {
  return {
    'sources.readAgain': command((context, slice: LetterSlice<ReadAgain>) => readAgain(context, deps, slice)),
    'sources.discard': command(discard),
  };
}

async function readAgain(
  context: CommandContext,
  deps: LetterCommandDeps,
  { request, span }: LetterSlice<ReadAgain>,
): Promise<LetterSliceAnswer> {
  checkStatement(request.statement, 'letters.read_again', null);
  const { text, format } = request;
  if (text !== null && request.ids?.length !== 1) {
    throw new EngineError('invalid_input', 'A mended text is that of one letter: name it by its id.');
  }
  const { letters, next } = await sliceOf(context, request, span, READ_SLICE);
  if (text !== null && letters.length === 0) {
    throw new EngineError('not_found', 'This record is on the list no longer. Somebody read or discarded it.');
  }
  const formats = deps.formats.now;
  const read: Extract<ReadLetter, { kind: 'read' }>[] = [];
  const stays: Extract<ReadLetter, { kind: 'stays' }>[] = [];
  for (const letter of letters) {
    const result = await readLetter(formats, letter, format, text);
    if (result.kind === 'read') read.push(result);
    else stays.push(result);
  }
  const skipped = stays.map(({ letter, why }) => ({ id: letter.id, reason: why }));
  if (text === null && format === 'auto') await rememberTried(context, stays);
  const report = await store(context, deps, read, text !== null);
  await deleteLetters(
    context.tx,
    read.map(({ letter }) => letter.id),
  );
  const subjects = text === null ? [] : await subjectsOf(context, read);
  const summary = text === null ? readSentence(read.length, report) : mendedSentence(read[0]?.letter);
  const decisionId = await done(context, request.statement, 'letters.read_again', read.length, { summary, subjects });
  const answer = { decisionId, looked: letters.length, changed: read.length, report, next, seq: 0 };
  return { ...answer, skipped: skipped.slice(0, SKIPPED_TOLD) };
}

/** A list that a changed mapping could not read either says so, and why: nobody is to try it again for nothing. */
async function rememberTried(
  { tx, nowMs, touch }: CommandContext,
  stays: readonly Extract<ReadLetter, { kind: 'stays' }>[],
): Promise<void> {
  const mappedAtMs = await newestMappingMs(tx);
  const tried = stays.flatMap(({ letter, why, reason }) =>
    mappedAtMs !== null && reason !== null && letter.atMs < mappedAtMs
      ? [{ id: letter.id, reason, message: storableText(why, 2_000) }]
      : [],
  );
  if (tried.length === 0) return;
  await keepTried(tx, tried, nowMs);
  touch('source');
}

async function discard(context: CommandContext, { request, span }: LetterSlice<Discard>): Promise<LetterSliceAnswer> {
  checkStatement(request.statement, 'letters.discard', null);
  const { letters, next } = await sliceOf(context, request, span, DISCARD_SLICE);
  await deleteLetters(
    context.tx,
    letters.map(({ id }) => id),
  );
  const changed = letters.length;
  const origins = [...new Set(letters.map(({ origin }) => origin))];
  const from = origins.length === 1 ? `of ${origins[0]}` : `of ${origins.length} origins`;
  const summary = `Discarded ${counted(changed)} ${from} that could not be read`;
  const decisionId = await done(context, request.statement, 'letters.discard', changed, { summary, subjects: [] });
  const report = new Tally().report(0);
  return { decisionId, looked: changed, changed, skipped: [], report, next, seq: 0 };
}

/** The letters of one transaction. The first slice draws the line after what is there now. */
async function sliceOf(
  { tx }: CommandContext,
  chosen: Pick<ReadAgain | Discard, 'ids' | 'filter'>,
  span: LetterSpan | null,
  limit: number,
): Promise<{ letters: DeadLetter[]; next: LetterSpan | null }> {
  const place = span ?? { afterId: 0, upToId: await newestLetterId(tx) };
  const filter = await storedFilter(tx, chosen.filter);
  const found = await chosenLetters(tx, { ids: chosen.ids, filter }, place, limit);
  let bytes = 0;
  const letters = found.filter((letter, i) => {
    bytes += letter.text.length;
    return i === 0 || bytes <= READ_SLICE_BYTES;
  });
  const lastId = letters.at(-1)?.id;
  const isLast = lastId === undefined || (found.length < limit && letters.length === found.length);
  return { letters, next: isLast ? null : { ...place, afterId: lastId } };
}

/** The way of every other record: rules, groups, priorities. By origin, so that each stays known by where it came from. */
async function store(
  context: CommandContext,
  { triage, append, formats }: LetterCommandDeps,
  read: readonly Extract<ReadLetter, { kind: 'read' }>[],
  isMended: boolean,
): Promise<IngestReport> {
  const { tx, nowMs } = context;
  const state = isMended ? tagged(triage()) : triage();
  const forget = state.mark?.();
  try {
    const reports: IngestReport[] = [];
    for (const [origin, letters] of Map.groupBy(read, ({ letter }) => letter.origin)) {
      const site = await siteOfOrigin(tx, origin);
      const run: RunContext = {
        triage: state,
        prioritiser: new Prioritiser(state),
        append,
        formats,
        originId: await originId(tx, origin, site),
        origin,
        site,
        isHistory: false,
        firstLine: null,
        run: null,
        before: new Tally(),
        touch: context.touch,
      };
      const items = letters.flatMap((letter) => letter.items);
      reports.push((await commitSlice(tx, items, run, nowMs)).report(0));
    }
    return sumReports(reports);
  } catch (error) {
    forget?.();
    throw error;
  }
}

/** Whatever rules say, the item says that its record was changed by hand. */
function tagged(state: TriageState): TriageState {
  return {
    enrich: (alert) => state.enrich(alert),
    severityOf: (alert, nowMs) => state.severityOf(alert, nowMs),
    decide: (subject, nowMs) => {
      const outcome = state.decide(subject, nowMs);
      return { ...outcome, tags: [...outcome.tags, MENDED_TAG] };
    },
    mark: () => state.mark?.() ?? (() => {}),
    sla: state.sla,
    priority: state.priority,
    cveFacts: (cves) => state.cveFacts(cves),
    techniqueFactor: (id) => state.techniqueFactor(id),
    grouping: (product, ruleId) => state.grouping(product, ruleId),
  };
}

/** The items that a mended record went into: their timelines then say by whom it was mended. */
async function subjectsOf(
  { tx }: CommandContext,
  read: readonly Extract<ReadLetter, { kind: 'read' }>[],
): Promise<DecisionSubject[]> {
  const groupIds = new Set<number>();
  for (const { format, alert } of alertsIn(read.flatMap(({ items }) => items))) {
    const groupId = await groupOfStableId(tx, format, alert.stableId);
    if (groupId !== null) groupIds.add(await currentId(tx, groupId));
  }
  const rows = await loadDecidable(tx, [...groupIds]);
  return rows.map(({ id, version }) => ({ groupId: id, before: {}, after: {}, versionAfter: version }));
}

/** One entry in the ledger for what changed; none where nothing did. */
async function done(
  context: CommandContext,
  statement: Statement,
  kind: DecisionKind,
  changed: number,
  entry: { summary: string; subjects: readonly DecisionSubject[] },
): Promise<number | null> {
  if (changed === 0) return null;
  context.touch('source');
  return context.record({ kind, statement, ...entry });
}

function readSentence(letters: number, { stored, updated, duplicates, skipped }: IngestReport): string {
  const parts = [
    `${stored} stored`,
    ...(updated > 0 ? [`${updated} changed`] : []),
    ...(duplicates > 0 ? [`${duplicates} known already`] : []),
    ...(skipped > 0 ? [`${skipped} no alerts`] : []),
  ];
  return `Read ${counted(letters)} again that could not be read before: ${parts.join(', ')}`;
}

function mendedSentence(letter: DeadLetter | undefined): string {
  if (letter === undefined) return 'Nothing changed';
  const line = letter.line === null ? '' : `, line ${letter.line}`;
  return `Mended by hand: a record of ${letter.origin}${line} could not be read as it came (${letter.message})`;
}

function counted(letters: number): string {
  return letters === 1 ? '1 record' : `${letters} records`;
}

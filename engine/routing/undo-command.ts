import { itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import type { DecisionKind, DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import { checkReading, takeReadingBack } from '../assurance/undo-audit.ts';
import type { CommandContext, DecisionSubject, InputOf } from '../handlers.ts';
import type { FormatCatalogue } from '../ingest/formats/index.ts';
import { answerByClosing, openAnsweredByClosing, setAcceptedBy, setWithdrawn } from '../store/escalation-writes.ts';
import { GroupChanges } from '../store/group-changes.ts';
import { type DecidableRow, type DecidedState, loadDecidable } from '../store/group-state.ts';
import { entryBySeq, type SubjectText, setUndoneBy, subjectTexts } from '../store/ledger.ts';
import { setNotesRemoved } from '../store/notes.ts';
import { personNames } from '../store/people.ts';
import { wholeGroups } from '../store/regroup.ts';
import type { Tables } from '../store/schema.ts';
import type { Write } from '../store/store.ts';
import { CoverageOf } from './coverage.ts';
import { checkStatement, decidedBy } from './decide.ts';
import { sampleHandling } from './handling.ts';
import { regroup, regroupingOf, reversed, subjectsOf } from './regroup.ts';
import type { RegroupDeps } from './regroup-content.ts';
import { type Skipped, whyMoved } from './selection.ts';

type Entry = Tables['decision'];

/** What can be taken back: everything that people do to items. */
const UNDOABLE: readonly string[] = [
  'group.acknowledge',
  'group.take',
  'group.release',
  'group.dispose',
  'group.escalate',
  'group.hold',
  'group.not_now',
  'group.tag',
  'group.reopen',
  'group.join',
  'group.split',
  'note.add',
  'escalation.accept',
  'audit.answer',
  'decision.undo',
  'decision.redo',
] satisfies DecisionKind[];

const SLICE = 2_000;
const SKIPPED_TOLD = 100;

/**
 * Takes back one decision whole: every item gets the state that it had before, unless somebody decided on it since;
 * those are left alone and told by name. Taking back an undo is a redo.
 */
export async function undoDecision(
  context: CommandContext,
  deps: RegroupDeps,
  { statement, decisionId }: InputOf<'decisions', 'undo'>,
): Promise<DecisionResult> {
  const { tx } = context;
  const entry = await checkedEntry(context, decisionId);
  const root = await rootOf(tx, entry);
  const isTakenBack = root.undone_by === null;
  if (root.kind === 'audit.answer' && !isTakenBack) {
    throw new EngineError('unsupported', 'A reading is not redone as it was. Read the audit again.');
  }
  const reading = root.kind === 'audit.answer' ? await checkReading(context, root) : null;
  const kind: DecisionKind = isTakenBack ? 'decision.undo' : 'decision.redo';
  if (statement.kind !== 'decision.undo') checkStatement(statement, kind, null);
  const { subjects, skipped, restored } = await restoreAny(context, entry, root, deps);
  const [first] = skipped;
  if (restored.length === 0 && first !== undefined) {
    const which = skipped.length === 1 ? 'the item' : 'the first item';
    throw new EngineError('conflict', `This cannot be undone any more: ${which} ${first.reason}.`);
  }
  await restoreAround(context, root, restored);
  if (reading !== null) await takeReadingBack(context, root, reading);
  const verb = isTakenBack ? 'Undid' : 'Redid';
  const summary = `${verb}: ${root.summary}`;
  const seq = await context.record({ kind, statement, summary, subjects, undoOf: entry.seq });
  await setUndoneBy(tx, entry.seq, seq);
  // Whether the first decision stands is what its own line says, however often it went back and forth.
  if (root.seq !== entry.seq) await setUndoneBy(tx, root.seq, isTakenBack ? seq : null);
  context.touch('group');
  return {
    // A reading is made anew, not redone.
    decisionId: reading === null ? seq : null,
    changed: reading === null ? restored.length : 1,
    skipped: skipped.slice(0, SKIPPED_TOLD),
    summary:
      reading === null
        ? `${verb} it for ${itemsInWords(restored.length)}`
        : 'Took the reading back. It comes again with your next audit.',
    seq: 0,
  };
}

async function checkedEntry(context: CommandContext, decisionId: number): Promise<Entry> {
  const by = decidedBy(context);
  const entry = await entryBySeq(context.tx, decisionId);
  if (entry === null) throw new EngineError('not_found', 'This decision does not exist.');
  if (!UNDOABLE.includes(entry.kind)) {
    throw new EngineError('unsupported', 'This cannot be taken back as it was. Decide anew instead.');
  }
  if (!by.isLead && (entry.actor_kind !== 'person' || entry.actor_id !== by.id)) {
    const names = await personNames(context.tx);
    const who = entry.actor_kind === 'person' ? (names.get(entry.actor_id) ?? entry.actor_id) : 'the system';
    throw new EngineError('forbidden', `This was decided by ${who}. They or a lead can undo it; you can decide anew.`);
  }
  if (entry.undone_by !== null) throw new EngineError('conflict', 'This was undone already.');
  return entry;
}

interface Restored {
  subjects: readonly DecisionSubject[];
  skipped: Skipped[];
  restored: DecidableRow[];
}

/** Joins and splits go backwards as a whole; everything else item by item. */
function restoreAny(context: CommandContext, entry: Entry, root: Entry, deps: RegroupDeps): Promise<Restored> {
  const isRegrouping = root.kind === 'group.join' || root.kind === 'group.split';
  return isRegrouping ? restoreRegrouping(context, entry, deps) : restore(context, entry, deps.formats);
}

async function restoreRegrouping(context: CommandContext, entry: Entry, deps: RegroupDeps): Promise<Restored> {
  const { tx } = context;
  const change = regroupingOf(await subjectTexts(tx, entry.seq));
  if (change === null) throw new Error(`The entry ${entry.seq} has lost what it joined or split`);
  const rows = await wholeGroups(
    tx,
    change.groups.map(({ id }) => id),
  );
  for (const { id, after } of change.groups) {
    if ((rows.get(id)?.version ?? null) === (after?.version ?? null)) continue;
    return { subjects: [], restored: [], skipped: [{ id, reason: await whyMoved(tx, id) }] };
  }
  const done = await regroup(context, deps, reversed(change));
  const restored = await loadDecidable(
    tx,
    done.groups.map(({ id }) => id),
  );
  return { subjects: subjectsOf(done), skipped: [], restored };
}

async function restore(context: CommandContext, entry: Entry, formats: FormatCatalogue): Promise<Restored> {
  const { tx, nowMs } = context;
  const changes = new GroupChanges(tx, nowMs);
  const skipped: Skipped[] = [];
  const restored: DecidableRow[] = [];
  const coverage = new CoverageOf(tx, formats);
  const subjects = await subjectTexts(tx, entry.seq);
  for (let from = 0; from < subjects.length; from += SLICE) {
    const slice = subjects.slice(from, from + SLICE);
    const rows = await loadDecidable(
      tx,
      slice.map(({ groupId }) => groupId),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const subject of slice) {
      const row = byId.get(subject.groupId);
      if (row === undefined || !isAsDecided(row, subject)) {
        skipped.push({ id: subject.groupId, reason: await whyMoved(tx, subject.groupId) });
        continue;
      }
      const target = { ...row, ...stateBefore(row, subject) };
      // What came in while it was open again was looked at by nobody who closed it.
      const covering = await coveredAgain(row, target, coverage);
      if (covering.kind === 'refused') {
        skipped.push({ id: row.id, reason: covering.reason });
        continue;
      }
      await changes.change(row, { ...target, later_count: covering.laterCount });
      restored.push(row);
      context.touch('group', row.id);
    }
  }
  await changes.finish();
  return { subjects: changes.subjects, skipped, restored };
}

async function coveredAgain(
  row: DecidableRow,
  target: DecidedState,
  coverage: CoverageOf,
): Promise<{ kind: 'covers'; laterCount: number } | { kind: 'refused'; reason: string }> {
  const through = target.closed_alert_id;
  if (target.is_open === 1) return { kind: 'covers', laterCount: 0 };
  if (row.is_open === 0 || through === null) return { kind: 'covers', laterCount: target.later_count };
  const found = await coverage.again(row.id, through);
  return found.kind === 'refused' ? found : { kind: 'covers', laterCount: found.covers.laterCount };
}

/**
 * The columns that the decision changed, as they were. Of tags only what it added or took away, since alerts that came
 * in meanwhile may have brought others.
 */
function stateBefore(row: DecidableRow, subject: SubjectText): Partial<DecidedState> {
  const before: Partial<DecidedState> = JSON.parse(subject.beforeJson);
  const after: Partial<DecidedState> = JSON.parse(subject.afterJson);
  if (before.tags_json === undefined || after.tags_json === undefined) return before;
  if (after.tags_json === row.tags_json) return before;
  const tagsOf = (json: string): string[] => JSON.parse(json);
  const [was, made] = [tagsOf(before.tags_json), tagsOf(after.tags_json)];
  const kept = tagsOf(row.tags_json).filter((tag) => was.includes(tag) || !made.includes(tag));
  const back = was.filter((tag) => !made.includes(tag) && !kept.includes(tag));
  return { ...before, tags_json: JSON.stringify([...kept, ...back]) };
}

/** A note changed nothing of its item, so nothing can stand in the way of taking it back. */
function isAsDecided(row: DecidableRow, subject: SubjectText): boolean {
  return subject.beforeJson === '{}' || row.version === subject.versionAfter;
}

/** The decision at the start of a chain of undo and redo. */
async function rootOf(tx: Write, entry: Entry): Promise<Entry> {
  let root = entry;
  while (root.undo_of !== null) {
    const earlier = await entryBySeq(tx, root.undo_of);
    if (earlier === null) break;
    root = earlier;
  }
  return root;
}

/** Notes, questions and handling times that hang on the first decision follow it back and forth. */
async function restoreAround(context: CommandContext, root: Entry, restored: readonly DecidableRow[]): Promise<void> {
  const { tx } = context;
  const groupIds = new Set(restored.map((row) => row.id));
  const isTakenBack = root.undone_by === null;
  switch (root.kind) {
    case 'note.add':
      await setNotesRemoved(tx, root.seq, isTakenBack);
      context.touch('note');
      return;
    case 'group.escalate':
      await setWithdrawn(tx, root.seq, isTakenBack);
      context.touch('escalation');
      return;
    case 'escalation.accept':
      for (const id of groupIds) await setAcceptedBy(tx, id, root.actor_id, !isTakenBack);
      context.touch('escalation');
      return;
    case 'group.dispose': {
      const closing = { answeredBy: root.actor_id, atMs: root.at_ms };
      if (isTakenBack) await openAnsweredByClosing(tx, groupIds, closing);
      else await answerByClosing(tx, groupIds, { ...closing, answer: root.summary });
      const [row] = restored;
      if (row !== undefined && root.subject_count === 1) {
        await sampleHandling(tx, row, root.at_ms, isTakenBack ? 'remove' : 'add');
      }
      context.touch('escalation');
      return;
    }
    default:
      return;
  }
}

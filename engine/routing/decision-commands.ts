import { decide } from '../../shared/domain/decisions/group-transition.ts';
import { dispositionInWords, itemsInWords } from '../../shared/domain/decisions/sentences.ts';
import { planEscalation, tierInWords } from '../../shared/domain/routing/escalate.ts';
import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { Selection } from '../../shared/model/queue.ts';
import { severityOfRank, type Tier } from '../../shared/model/vocabulary.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf, OutputOf } from '../handlers.ts';
import { answerByClosing, insertEscalation } from '../store/escalation-writes.ts';
import { type DecidableRow, loadDecidable, stateOf } from '../store/group-state.ts';
import { insertNotes } from '../store/notes.ts';
import { personById } from '../store/people.ts';
import { type DecisionDeps, decidedBy, decideOn } from './decide.ts';
import { sampleHandling } from './handling.ts';
import { rosterNow } from './roster-now.ts';
import { undoDecision } from './undo-command.ts';

type In<P extends keyof OutputOfDecisions> = InputOf<'decisions', P>;
type OutputOfDecisions = { [P in DecisionName]: OutputOf<'decisions', P> };
type DecisionName =
  | 'acknowledge'
  | 'assign'
  | 'dispose'
  | 'reopen'
  | 'escalate'
  | 'hold'
  | 'notNow'
  | 'tag'
  | 'note'
  | 'undo';

const HOLD_MAX_MS = 90 * 86_400_000;

/** Everything that a person does to items, by the name of its procedure. */
export function decisionCommands(deps: DecisionDeps): Readonly<Record<string, Command>> {
  return {
    'decisions.acknowledge': command((context, input: In<'acknowledge'>) => acknowledge(context, deps, input)),
    'decisions.assign': command((context, input: In<'assign'>) => assign(context, deps, input)),
    'decisions.dispose': command((context, input: In<'dispose'>) => dispose(context, deps, input)),
    'decisions.reopen': command((context, input: In<'reopen'>) => reopen(context, deps, input)),
    'decisions.escalate': command((context, input: In<'escalate'>) => escalate(context, deps, input)),
    'decisions.hold': command((context, input: In<'hold'>) => hold(context, deps, input)),
    'decisions.notNow': command((context, input: In<'notNow'>) => notNow(context, deps, input)),
    'decisions.tag': command((context, input: In<'tag'>) => tag(context, deps, input)),
    'decisions.note': command((context, input: In<'note'>) => note(context, deps, input)),
    'decisions.undo': command((context, input: In<'undo'>) => undoDecision(context, deps, input)),
  };
}

async function acknowledge(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection }: In<'acknowledge'>,
): Promise<DecisionResult> {
  const { result } = await decideOn(context, deps, {
    kind: 'group.acknowledge',
    statement,
    selection,
    decision: { kind: 'acknowledge' },
    summary: 'Acknowledged',
    tell: (n) => `Acknowledged ${itemsInWords(n)}`,
  });
  return result;
}

async function assign(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, personId }: In<'assign'>,
): Promise<DecisionResult> {
  const by = decidedBy(context);
  if (personId === null) {
    const { result } = await decideOn(context, deps, {
      kind: 'group.release',
      statement,
      selection,
      decision: { kind: 'assign', personId },
      summary: 'Released to the pool',
      tell: (n) => `Released ${itemsInWords(n)} to the pool`,
    });
    return result;
  }
  if (personId !== by.id && !by.isLead) {
    throw new EngineError('forbidden', 'Only a lead can give work to another person. You can take it, or release it.');
  }
  const person = await personById(context.tx, personId);
  if (person === null || !person.isActive) throw new EngineError('not_found', 'Nobody on the team list has this id.');
  const isOwn = personId === by.id;
  const { result } = await decideOn(context, deps, {
    kind: 'group.take',
    statement,
    selection,
    decision: { kind: 'assign', personId },
    summary: isOwn ? `Taken by ${person.name}` : `Given to ${person.name}`,
    tell: (n) => (isOwn ? `Took ${itemsInWords(n)}` : `Gave ${itemsInWords(n)} to ${person.name}`),
  });
  return result;
}

async function dispose(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, disposition, reason }: In<'dispose'>,
): Promise<DecisionResult> {
  const words = dispositionInWords(disposition);
  const summary = `Closed as ${words}: ${reason}`;
  const { result, rows } = await decideOn(context, deps, {
    kind: 'group.dispose',
    statement,
    selection,
    decision: { kind: 'dispose', disposition, reason },
    summary,
    tell: (n) => `Closed ${itemsInWords(n)} as ${words}`,
  });
  await afterClosing(context, selection, rows, summary);
  return result;
}

/** Open questions about what was closed are answered by it. Only an item closed by itself tells how long one takes. */
async function afterClosing(
  context: CommandContext,
  selection: Selection,
  rows: readonly DecidableRow[],
  answer: string,
): Promise<void> {
  const { tx, nowMs } = context;
  if (rows.length === 0) return;
  const ids = new Set(rows.map((row) => row.id));
  const answered = await answerByClosing(tx, ids, { answer, answeredBy: decidedBy(context).id, atMs: nowMs });
  if (answered > 0) context.touch('escalation');
  const [row] = rows;
  if (row !== undefined && selection.kind === 'items' && selection.items.length === 1) {
    await sampleHandling(tx, row, nowMs, 'add');
  }
}

async function reopen(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, reason }: In<'reopen'>,
): Promise<DecisionResult> {
  const { result } = await decideOn(context, deps, {
    kind: 'group.reopen',
    statement,
    selection,
    decision: { kind: 'reopen' },
    summary: `Reopened: ${reason}`,
    tell: (n) => `Reopened ${itemsInWords(n)}`,
  });
  return result;
}

async function escalate(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, id, version, toTier, question }: In<'escalate'>,
): Promise<DecisionResult> {
  const { tx, nowMs } = context;
  const by = decidedBy(context);
  const row = await theItem(context, id);
  const fromTier = row.tier as Tier;
  const plan = planEscalation(
    { severity: severityOfRank(row.severity), fromTier, toTier, askedBy: by.id, askedAtMs: nowMs },
    await rosterNow(tx, nowMs),
    deps.policies.sla,
  );
  if (plan.kind === 'refused') throw new EngineError('conflict', plan.reason);
  const { result } = await decideOn(context, deps, {
    kind: 'group.escalate',
    statement,
    selection: oneItem(id, version),
    decision: { kind: 'escalate', toTier: plan.toTier, dueAtMs: plan.dueAtMs },
    summary: `Escalated to ${tierInWords(plan.toTier)}: ${question}`,
    tell: () => plan.why,
  });
  if (result.decisionId === null) return result;
  await insertEscalation(tx, {
    group_id: id,
    from_tier: fromTier,
    to_tier: plan.toTier,
    question,
    asked_by: by.id,
    asked_at_ms: nowMs,
    due_at_ms: plan.dueAtMs,
    backup_id: plan.backupId,
    decision_seq: result.decisionId,
  });
  context.touch('escalation', id);
  return result;
}

async function hold(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, untilMs }: In<'hold'>,
): Promise<DecisionResult> {
  if (untilMs <= context.nowMs) throw new EngineError('invalid_input', 'Name a time in the future to hold it until.');
  if (untilMs > context.nowMs + HOLD_MAX_MS) {
    throw new EngineError('invalid_input', 'Hold it for 90 days at most, or close it with a reason.');
  }
  const until = new Date(untilMs).toISOString().slice(0, 16).replace('T', ' ');
  const { result } = await decideOn(context, deps, {
    kind: 'group.hold',
    statement,
    selection,
    decision: { kind: 'hold', untilMs },
    summary: `On hold until ${until} UTC`,
    tell: (n) => `Put ${itemsInWords(n)} on hold`,
  });
  return result;
}

async function notNow(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, id, version }: In<'notNow'>,
): Promise<DecisionResult> {
  const row = await theItem(context, id);
  const after = decide(stateOf(row), { kind: 'notNow' }, decidedBy(context), context.nowMs, deps.policies.sla);
  const up = after.kind === 'changed' && after.state.tier !== row.tier ? after.state.tier : null;
  const { result } = await decideOn(context, deps, {
    kind: 'group.not_now',
    statement,
    selection: oneItem(id, version),
    decision: { kind: 'notNow' },
    summary: up === null ? 'Not now' : `Not now, for the third time: sent up to ${tierInWords(up)}`,
    tell: () => (up === null ? 'Put back for later' : `Put back for the third time: ${tierInWords(up)} has it now`),
  });
  return result;
}

async function tag(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, tag: name, remove }: In<'tag'>,
): Promise<DecisionResult> {
  const word = name.toLowerCase();
  const { result } = await decideOn(context, deps, {
    kind: 'group.tag',
    statement,
    selection,
    decision: { kind: 'tag', tag: word, isRemoved: remove },
    summary: remove ? `Tag "${word}" removed` : `Tagged "${word}"`,
    tell: (n) => (remove ? `Took the tag "${word}" off ${itemsInWords(n)}` : `Tagged ${itemsInWords(n)} "${word}"`),
  });
  return result;
}

async function note(
  context: CommandContext,
  deps: DecisionDeps,
  { statement, selection, text }: In<'note'>,
): Promise<OutputOf<'decisions', 'note'>> {
  const { result, rows } = await decideOn(context, deps, {
    kind: 'note.add',
    statement,
    selection,
    decision: { kind: 'note' },
    summary: 'Note added',
    tell: (n) => (n === 1 ? 'Added a note' : `Added a note to ${itemsInWords(n)}`),
  });
  if (result.decisionId === null) return { ...result, note: null };
  context.touch('note');
  const authorId = decidedBy(context).id;
  const notes = await insertNotes(
    context.tx,
    rows.map((row) => row.id),
    { authorId, text, atMs: context.nowMs, decisionSeq: result.decisionId },
  );
  return { ...result, note: notes.length === 1 ? (notes[0] ?? null) : null };
}

function oneItem(id: number, version: number): Selection {
  return { kind: 'items', items: [{ id, version }] };
}

async function theItem({ tx }: CommandContext, id: number): Promise<DecidableRow> {
  const [row] = await loadDecidable(tx, [id]);
  if (row === undefined) throw new EngineError('not_found', 'This item does not exist.');
  return row;
}

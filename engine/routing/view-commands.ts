import type { DecisionResult } from '../../shared/model/decision.ts';
import { EngineError } from '../../shared/model/errors.ts';
import type { SavedView } from '../../shared/model/queue.ts';
import { type Command, command } from '../commands.ts';
import type { CommandContext, InputOf } from '../handlers.ts';
import { countViewsOf, deleteView, saveView, viewById } from '../store/views.ts';
import { checkStatement, decidedBy } from './decide.ts';

const VIEWS_MAX = 200;

export function viewCommands(): Readonly<Record<string, Command>> {
  return { 'queue.saveView': command(save), 'queue.deleteView': command(remove) };
}

async function save(context: CommandContext, input: InputOf<'queue', 'saveView'>): Promise<SavedView> {
  const { tx } = context;
  const { statement, ...view } = input;
  checkStatement(statement, 'view.save', null);
  const by = decidedBy(context);
  const known = view.id === null ? null : await mine(context, view.id);
  if (known === null && (await countViewsOf(tx, by.id)) >= VIEWS_MAX) {
    throw new EngineError('too_large', `You have ${VIEWS_MAX} views already. Delete one that you no longer use.`);
  }
  const saved = await saveView(tx, { ...view, ownerId: known?.ownerId ?? by.id });
  context.touch('view');
  const shared = saved.isShared ? ', for everybody' : '';
  await context.record({
    kind: 'view.save',
    statement,
    summary: `Saved the view "${saved.name}"${shared}`,
    subjects: [],
  });
  return saved;
}

async function remove(context: CommandContext, input: InputOf<'queue', 'deleteView'>): Promise<DecisionResult> {
  checkStatement(input.statement, 'view.delete', null);
  const view = await mine(context, input.id);
  await deleteView(context.tx, view.id);
  context.touch('view');
  const summary = `Deleted the view "${view.name}"`;
  await context.record({ kind: 'view.delete', statement: input.statement, summary, subjects: [] });
  // A view is no item: it is saved anew rather than undone.
  return { decisionId: null, changed: 1, skipped: [], summary, seq: 0 };
}

/** A view that this person may change: their own, or as a lead one that is shared. */
async function mine(context: CommandContext, id: number): Promise<SavedView> {
  const by = decidedBy(context);
  const view = await viewById(context.tx, id);
  if (view === null || (view.ownerId !== by.id && !view.isShared)) {
    throw new EngineError('not_found', 'This view does not exist. It may have been deleted.');
  }
  if (view.ownerId !== by.id && !by.isLead) {
    throw new EngineError('forbidden', 'Another person shares this view. Save it under a name of your own.');
  }
  return view;
}

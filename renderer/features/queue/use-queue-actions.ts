import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { DecisionResult } from '../../../shared/model/decision.ts';
import type { QueueFilter, QueueItem } from '../../../shared/model/queue.ts';
import type { Disposition, Tier } from '../../../shared/model/vocabulary.ts';
import type { EngineClient } from '../../client/client.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useToasts } from '../../state/toasts.ts';
import { useUndoStack } from '../../state/undo-stack.ts';
import { type Decide, useDecide } from '../../state/use-decide.ts';
import { type Prepared, prepareItems, prepareMatching } from './prepare.ts';
import { isSelected, useQueueState } from './queue-state.ts';
import { focusAfter } from './range.ts';
import { rememberReason } from './recent-reasons.ts';
import type { QueueList } from './use-queue-list.ts';

export interface QueueActions {
  /** Items that a decision now would be about; null is "everything that matches". */
  targets: () => readonly QueueItem[] | null;
  acknowledge: () => Promise<boolean>;
  /** Own it; null releases it to the pool. */
  assign: (personId: string | null) => Promise<boolean>;
  close: (disposition: Disposition, reason: string) => Promise<boolean>;
  reopen: (reason: string) => Promise<boolean>;
  escalate: (question: string, toTier: Tier | null) => Promise<boolean>;
  hold: (untilMs: number) => Promise<boolean>;
  notNow: () => Promise<boolean>;
  note: (text: string) => Promise<boolean>;
  tag: (tag: string) => Promise<boolean>;
  /** Puts the selected items together into the focused one, or into the first of them. */
  join: () => Promise<boolean>;
  undo: () => void;
  redo: () => void;
}

/** The contract takes as many beside the one that they are joined into. */
const JOINED_MAX = 200;

/** Runs one decision; `leaves` takes its rows away at once and puts them back if it is refused. */
type Run = (doing: string, leaves: boolean, command: (on: Prepared) => Promise<DecisionResult>) => Promise<boolean>;

/** Everything that can be decided in the queue, on the selection or else on the focused item. */
export function useQueueActions(list: QueueList, filter: QueueFilter, focused: QueueItem | null): QueueActions {
  const engine = useEngine();
  const decide = useDecide();
  useRowsThatComeBack(list);
  const newest = useRef({ list, focused, filter });
  useEffect(() => {
    newest.current = { list, focused, filter };
  });
  const targets = useCallback((): readonly QueueItem[] | null => {
    const state = useQueueState.getState();
    if (state.isAllMatching) return null;
    if (state.selected.size > 0) return newest.current.list.items.filter((item) => isSelected(state, item.id));
    return newest.current.focused === null ? [] : [newest.current.focused];
  }, []);
  return useMemo(() => {
    const run = makeRun(engine, decide, targets, () => newest.current);
    return {
      targets,
      ...actionsOn(engine, run, () => newest.current.filter),
      ...actionsOnOne(engine, run, targets),
      join: () => joinItems(engine, decide, targets, () => newest.current.list),
      notNow: () => passOn(engine, run, targets, () => newest.current.list),
      undo: () => void decide.undo(),
      redo: () => void decide.redo(),
    };
  }, [engine, decide, targets]);
}

/** An undo may come from a key or from a toast; either way its rows come back where they were. */
function useRowsThatComeBack(list: QueueList): void {
  const lastMove = useUndoStack((stack) => stack.lastMove);
  const handled = useRef(lastMove);
  useEffect(() => {
    if (lastMove === null || lastMove === handled.current) return;
    handled.current = lastMove;
    const first = lastMove.ids[0];
    if (lastMove.kind === 'undone' && first !== undefined) useQueueState.getState().focus(first);
    if (lastMove.kind === 'undone' && first !== undefined && lastMove.ids.every(list.knows)) list.show(lastMove.ids);
    else void list.refresh();
  }, [lastMove, list]);
}

function makeRun(
  engine: EngineClient,
  decide: Decide,
  targets: QueueActions['targets'],
  now: () => { list: QueueList; filter: QueueFilter },
): Run {
  return async (doing, leaves, command) => {
    const { list, filter } = now();
    const items = targets();
    const ids = (items ?? []).map((item) => item.id);
    const result = await decide.run(
      async () => {
        const { except } = useQueueState.getState();
        const on = items === null ? await prepareMatching(engine, filter, except) : prepareItems(items);
        if (on === null) return null;
        if (leaves && ids.length > 0) {
          const { focusId, focus } = useQueueState.getState();
          focus(focusAfter(list.items, focusId, new Set(ids)));
          list.hide(ids);
        }
        return command(on);
      },
      { doing, ids },
    );
    if (result === null) {
      list.show(ids);
      return false;
    }
    list.show(result.skipped.map((one) => one.id));
    useQueueState.getState().clearSelection();
    if (items === null) await now().list.refresh();
    return true;
  };
}

function actionsOn(engine: EngineClient, run: Run, filter: () => QueueFilter) {
  const { decisions } = engine;
  return {
    acknowledge: () =>
      run('Acknowledging', false, ({ selection, statement }) =>
        decisions.acknowledge({ selection, statement: statement('group.acknowledge') }),
      ),
    assign: (personId: string | null) =>
      run('Assigning', false, ({ selection, statement }) =>
        decisions.assign({
          selection,
          personId,
          statement: statement(personId === null ? 'group.release' : 'group.take'),
        }),
      ),
    close: (disposition: Disposition, reason: string) => {
      rememberReason(disposition, reason);
      return run('Closing', filter().state === 'open', ({ selection, statement }) =>
        decisions.dispose({ selection, disposition, reason, statement: statement('group.dispose', reason) }),
      );
    },
    reopen: (reason: string) =>
      run('Reopening', filter().state === 'closed', ({ selection, statement }) =>
        decisions.reopen({ selection, reason, statement: statement('group.reopen', reason) }),
      ),
    hold: (untilMs: number) =>
      run('Holding', false, ({ selection, statement }) =>
        decisions.hold({ selection, untilMs, statement: statement('group.hold') }),
      ),
    note: (text: string) =>
      run('Writing the note', false, ({ selection, statement }) =>
        decisions.note({ selection, text, statement: statement('note.add') }),
      ),
    tag: (tag: string) =>
      run('Tagging', false, ({ selection, statement }) =>
        decisions.tag({ selection, tag, remove: false, statement: statement('group.tag') }),
      ),
  };
}

function actionsOnOne(engine: EngineClient, run: Run, targets: QueueActions['targets']) {
  return {
    escalate: async (question: string, toTier: Tier | null) => {
      const item = onlyOne(targets());
      if (item === null) return false;
      const { id, version } = item;
      return run('Escalating', false, ({ statement }) =>
        engine.decisions.escalate({ id, version, toTier, question, statement: statement('group.escalate', question) }),
      );
    },
  };
}

async function passOn(
  engine: EngineClient,
  run: Run,
  targets: QueueActions['targets'],
  list: () => QueueList,
): Promise<boolean> {
  const item = onlyOne(targets());
  if (item === null) return false;
  const { id, version } = item;
  const isDone = await run('Passing it on', false, ({ statement }) =>
    engine.decisions.notNow({ id, version, statement: statement('group.not_now') }),
  );
  if (isDone) useQueueState.getState().focus(focusAfter(list().items, id, new Set([id])));
  return isDone;
}

/** The focused item takes the others in; without one among them the first does. */
async function joinItems(
  engine: EngineClient,
  decide: Decide,
  targets: QueueActions['targets'],
  list: () => QueueList,
): Promise<boolean> {
  const items = targets();
  if (items === null || items.length < 2 || items.length > JOINED_MAX + 1) {
    const text = `Select 2 to ${JOINED_MAX + 1} items to join them.`;
    useToasts
      .getState()
      .show({ kind: 'note', text, todo: 'x selects the focused item; the focused one keeps its title.' });
    return false;
  }
  const { focusId, focus, clearSelection } = useQueueState.getState();
  const into = items.find((item) => item.id === focusId) ?? items[0];
  if (into === undefined) return false;
  const others = items.filter((item) => item !== into);
  const ids = others.map(({ id }) => id);
  list().hide(ids);
  focus(into.id);
  const seen = ({ id, version }: QueueItem) => ({ id, version });
  const statement = makeStatement({ kind: 'group.join', subjects: [into, ...others].map(seen) });
  const result = await decide.run(
    () => engine.decisions.join({ statement, into: seen(into), items: others.map(seen) }),
    { doing: 'Joining', ids },
  );
  if (result === null) {
    list().show(ids);
    return false;
  }
  clearSelection();
  await list().refresh();
  return true;
}

function onlyOne(items: readonly QueueItem[] | null): QueueItem | null {
  if (items?.length === 1) return items[0] ?? null;
  if (items === null || items.length > 1) {
    const text = 'This is decided for one item at a time.';
    useToasts.getState().show({ kind: 'note', text, todo: 'Clear the selection with Esc and try again.' });
  }
  return null;
}

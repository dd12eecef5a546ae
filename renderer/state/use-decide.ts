import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DecisionResult } from '../../shared/model/decision.ts';
import type { EngineClient } from '../client/client.ts';
import { makeStatement } from '../client/statement.ts';
import { countOf } from '../ui/words.ts';
import { useEngine } from './engine.tsx';
import { wordsOf } from './error-words.ts';
import { STALE_AFTER } from './query-keys.ts';
import { useToasts } from './toasts.ts';
import { type DoneDecision, useUndoStack } from './undo-stack.ts';

interface DecideOptions {
  /** For the sentence of an error, before "failed": "Closing the alert". */
  doing: string;
  /** Items that it is about, so that undo can bring them back into view. */
  ids?: readonly number[];
  /** False for what undo does not take back, such as notes read by others. */
  isUndoable?: boolean;
  /** True when the screen itself shows what came of it at once, so that a message would only repeat it. */
  isShown?: boolean;
}

export interface Decide {
  /** Runs a command, tells its outcome with "Undo", and makes old what it changed. Null when it was refused, or when `command` found nothing to do. */
  run: <R extends DecisionResult>(command: () => Promise<R | null>, options: DecideOptions) => Promise<R | null>;
  undo: () => Promise<DoneDecision | null>;
  redo: () => Promise<DoneDecision | null>;
}

/** Everything that follows a decision, in one place: toast, undo, and fresh data. */
export function useDecide(): Decide {
  const engine = useEngine();
  const queryClient = useQueryClient();
  return useMemo(() => {
    const refresh = () => {
      for (const key of STALE_AFTER.group) void queryClient.invalidateQueries({ queryKey: [key] });
    };
    return makeDecide(engine, refresh);
  }, [engine, queryClient]);
}

function tellProblem(error: unknown, doing: string): void {
  const words = wordsOf(error, doing);
  useToasts.getState().show({ kind: 'problem', text: words.happened, todo: `${words.means} ${words.todo}` });
}

function tellDone(result: DecisionResult, action: { label: string; keys: string; run: () => void } | null): void {
  const first = result.skipped[0];
  const todo = first === undefined ? null : `${countOf(result.skipped.length, 'item')} left alone: ${first.reason}`;
  useToasts.getState().show({ kind: 'done', text: result.summary, todo, action });
}

function makeDecide(engine: EngineClient, refresh: () => void): Decide {
  const decide: Decide = {
    run: async (command, { doing, ids = [], isUndoable = true, isShown = false }) => {
      try {
        const result = await command();
        if (result === null) return null;
        const { decisionId } = result;
        if (isUndoable && decisionId !== null) {
          useUndoStack.getState().push({ decisionId, summary: result.summary, ids });
          tellDone(result, { label: 'Undo', keys: 'z', run: () => void undoOne(decisionId) });
        } else if (!isShown) tellDone(result, null);
        return result;
      } catch (error) {
        tellProblem(error, doing);
        return null;
      } finally {
        refresh();
      }
    },
    undo: async () => {
      const last = useUndoStack.getState().done.at(-1);
      if (last === undefined) {
        useToasts.getState().show({ kind: 'note', text: 'There is nothing of yours to undo in this session.' });
        return null;
      }
      return undoOne(last.decisionId);
    },
    redo: async () => {
      const last = useUndoStack.getState().undone.at(-1);
      if (last === undefined) {
        useToasts.getState().show({ kind: 'note', text: 'There is nothing to redo.' });
        return null;
      }
      return takeBack(last, 'decision.redo', 'Redoing it');
    },
  };

  async function undoOne(decisionId: number): Promise<DoneDecision | null> {
    const entry = useUndoStack.getState().done.find((one) => one.decisionId === decisionId);
    return entry === undefined ? null : takeBack(entry, 'decision.undo', 'Undoing it');
  }

  async function takeBack(
    entry: DoneDecision,
    kind: 'decision.undo' | 'decision.redo',
    doing: string,
  ): Promise<DoneDecision | null> {
    const stack = useUndoStack.getState();
    try {
      const statement = makeStatement({ kind });
      const result = await engine.decisions.undo({ statement, decisionId: entry.decisionId });
      const next = { decisionId: result.decisionId ?? -1, summary: entry.summary, ids: entry.ids };
      if (result.decisionId === null) stack.drop(entry.decisionId);
      else if (kind === 'decision.undo') stack.moveToUndone(entry.decisionId, next);
      else stack.moveToDone(entry.decisionId, next);
      const back =
        kind === 'decision.undo'
          ? { label: 'Redo', keys: 'Shift+Z', run: () => void decide.redo() }
          : { label: 'Undo', keys: 'z', run: () => void decide.undo() };
      // What cannot be redone is not offered.
      tellDone(result, result.decisionId === null ? null : back);
      return entry;
    } catch (error) {
      stack.drop(entry.decisionId);
      tellProblem(error, doing);
      return null;
    } finally {
      refresh();
    }
  }

  return decide;
}

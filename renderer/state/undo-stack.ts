import { create } from 'zustand';

/** One decision of this session that can be taken back or done again. */
export interface DoneDecision {
  decisionId: number;
  /** "Closed 14 alerts as false positive". */
  summary: string;
  /** Items that it was about, when they were named one by one. */
  ids: readonly number[];
}

interface UndoStore {
  done: readonly DoneDecision[];
  undone: readonly DoneDecision[];
  /** The newest undo or redo, for lists that took rows away. A new object each time. */
  lastMove: { kind: 'undone' | 'redone'; ids: readonly number[] } | null;
  /** A new decision: what was undone before can no longer be redone. */
  push: (decision: DoneDecision) => void;
  moveToUndone: (decisionId: number, undoDecision: DoneDecision) => void;
  moveToDone: (undoDecisionId: number, redoDecision: DoneDecision) => void;
  drop: (decisionId: number) => void;
  clear: () => void;
}

const KEPT_MAX = 100;

/** What `z` and `Shift+z` act on: the decisions that this person made since they sat down here. */
export const useUndoStack = create<UndoStore>()((set, get) => ({
  done: [],
  undone: [],
  lastMove: null,
  push: (decision) => set({ done: [...get().done.slice(-KEPT_MAX + 1), decision], undone: [] }),
  moveToUndone: (decisionId, undoDecision) =>
    set({
      done: get().done.filter((entry) => entry.decisionId !== decisionId),
      undone: [...get().undone, undoDecision],
      lastMove: { kind: 'undone', ids: undoDecision.ids },
    }),
  moveToDone: (undoDecisionId, redoDecision) =>
    set({
      undone: get().undone.filter((entry) => entry.decisionId !== undoDecisionId),
      done: [...get().done, redoDecision],
      lastMove: { kind: 'redone', ids: redoDecision.ids },
    }),
  drop: (decisionId) =>
    set({
      done: get().done.filter((entry) => entry.decisionId !== decisionId),
      undone: get().undone.filter((entry) => entry.decisionId !== decisionId),
    }),
  clear: () => set({ done: [], undone: [], lastMove: null }),
}));

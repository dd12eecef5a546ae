import { create } from 'zustand';

export type ActionForm = 'close' | 'escalate' | 'hold' | 'note' | 'tag' | 'reopen' | 'menu' | 'mute';

interface QueueState {
  /** The item that keys act on: by id, so that it stays when the list moves. */
  focusId: number | null;
  selected: ReadonlySet<number>;
  /** Everything that matches the filter is selected, but for `except`. */
  isAllMatching: boolean;
  except: ReadonlySet<number>;
  /** Where a range began. */
  anchorId: number | null;
  /** The small form that is open, and whether it hangs on the row or in the detail panel. */
  form: { kind: ActionForm; at: 'row' | 'panel' } | null;
  isAddingAlert: boolean;
  /** Why `Space` led to the focused item. */
  nextWhy: { id: number; why: string } | null;
  focus: (id: number | null) => void;
  toggle: (id: number) => void;
  setRange: (ids: readonly number[], anchorId: number) => void;
  selectAllMatching: () => void;
  clearSelection: () => void;
  openForm: (kind: ActionForm, at: 'row' | 'panel') => void;
  closeForm: () => void;
  setAddingAlert: (isAdding: boolean) => void;
  setNextWhy: (next: QueueState['nextWhy']) => void;
}

const NONE: ReadonlySet<number> = new Set();

function toggled(set: ReadonlySet<number>, id: number): Set<number> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** What this person points at in the queue. Nothing of it is on the engine. */
export const useQueueState = create<QueueState>()((set, get) => ({
  focusId: null,
  selected: NONE,
  isAllMatching: false,
  except: NONE,
  anchorId: null,
  form: null,
  isAddingAlert: false,
  nextWhy: null,
  focus: (focusId) => set({ focusId }),
  toggle: (id) => {
    if (get().isAllMatching) set({ except: toggled(get().except, id) });
    else set({ selected: toggled(get().selected, id), anchorId: id });
  },
  setRange: (ids, anchorId) => set({ selected: new Set(ids), anchorId, isAllMatching: false, except: NONE }),
  selectAllMatching: () => set({ isAllMatching: true, except: NONE, selected: NONE }),
  clearSelection: () => set({ selected: NONE, isAllMatching: false, except: NONE, anchorId: null }),
  openForm: (kind, at) => set({ form: { kind, at } }),
  closeForm: () => set({ form: null }),
  setAddingAlert: (isAddingAlert) => set({ isAddingAlert }),
  setNextWhy: (nextWhy) => set({ nextWhy }),
}));

/** True when this row takes part in what a bulk decision would be about. */
export function isSelected(state: Pick<QueueState, 'selected' | 'isAllMatching' | 'except'>, id: number): boolean {
  return state.isAllMatching ? !state.except.has(id) : state.selected.has(id);
}

import type { QueueItem } from '../../../shared/model/queue.ts';
import type { EngineClient } from '../../client/client.ts';
import { goTo } from '../../frame/route.ts';
import { useKeys } from '../../keys/use-keys.tsx';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useToasts } from '../../state/toasts.ts';
import { newRuleHash } from '../rules/rule-words.ts';
import { useQueueState } from './queue-state.ts';
import { rangeIds } from './range.ts';
import type { QueueActions } from './use-queue-actions.ts';
import type { QueueList } from './use-queue-list.ts';

interface Surroundings {
  list: QueueList;
  actions: QueueActions;
  onOpen: () => void;
  /** One step back: out of the detail, then out of the selection. */
  onBack: () => void;
}

/** The keys of the queue. Forms listen for themselves while they are open. */
export function useQueueKeys({ list, actions, onOpen, onBack }: Surroundings): void {
  const engine = useEngine();
  const state = useQueueState.getState;
  const move = (by: number) => moveFocus(list.items, by);
  const open = (kind: Parameters<ReturnType<typeof state>['openForm']>[0]) => () =>
    state().openForm(kind, isInDetail() ? 'panel' : 'row');
  useKeys({
    down: () => move(1),
    up: () => move(-1),
    pageDown: () => move(screenful()),
    pageUp: () => move(-screenful()),
    first: () => move(Number.NEGATIVE_INFINITY),
    last: () => move(Number.POSITIVE_INFINITY),
    extendDown: () => extend(list.items, 1),
    extendUp: () => extend(list.items, -1),
    open: onOpen,
    back: onBack,
    select: () => {
      const { focusId, toggle } = state();
      if (focusId !== null) toggle(focusId);
    },
    selectAll: () => state().selectAllMatching(),
    showNew: () => void list.refresh(),
    next: () => void goToNext(engine, onOpen),
    acknowledge: () => void actions.acknowledge(),
    close: open('close'),
    escalate: open('escalate'),
    hold: open('hold'),
    note: open('note'),
    tag: open('tag'),
    actions: open('menu'),
    makeRule: () => {
      const { focusId } = state();
      if (focusId !== null) goTo(newRuleHash(focusId));
    },
    notNow: () => void actions.notNow(),
    join: () => void actions.join(),
    undo: actions.undo,
    redo: actions.redo,
  });
}

/** True while the keyboard is in the detail panel: then forms hang there. */
export function isInDetail(): boolean {
  return document.activeElement?.closest('[data-part="detail"]') != null;
}

function screenful(): number {
  const height = document.getElementById('queue-list')?.clientHeight ?? 600;
  const row = document.querySelector<HTMLElement>('#queue-list [data-focused]')?.offsetHeight ?? 32;
  return Math.max(1, Math.floor(height / row) - 2);
}

function moveFocus(items: readonly QueueItem[], by: number): number | null {
  const { focusId, focus } = useQueueState.getState();
  if (items.length === 0) return null;
  const at = items.findIndex((item) => item.id === focusId);
  const next = at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by));
  const id = items[next]?.id ?? null;
  focus(id);
  return id;
}

function extend(items: readonly QueueItem[], by: 1 | -1): void {
  const { focusId, anchorId, setRange } = useQueueState.getState();
  const from = anchorId ?? focusId;
  const to = moveFocus(items, by);
  if (from !== null && to !== null) setRange(rangeIds(items, from, to), from);
}

async function goToNext(engine: EngineClient, onOpen: () => void): Promise<void> {
  try {
    const { item, why } = await engine.queue.next({});
    if (item === null) {
      useToasts.getState().show({ kind: 'note', text: why === '' ? 'Nothing is waiting for you now.' : why });
      return;
    }
    const state = useQueueState.getState();
    state.focus(item.id);
    state.setNextWhy({ id: item.id, why });
    onOpen();
  } catch (error) {
    const words = wordsOf(error, 'Finding the next item');
    useToasts.getState().show({ kind: 'problem', text: words.happened, todo: words.todo });
  }
}

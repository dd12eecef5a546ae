import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { formatId, parseId } from '../../../shared/model/ids.ts';
import type { QueueFilter, QueueSort } from '../../../shared/model/queue.ts';
import { goTo, parseHash, type Route, useRoute } from '../../frame/route.ts';
import { wordsOf } from '../../state/error-words.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { SkeletonRows } from '../../ui/skeleton-rows.tsx';
import { ActionForms } from './actions/action-forms.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { DetailZone } from './detail/detail-zone.tsx';
import { FacetZone } from './facet-zone.tsx';
import { NewAbove } from './new-above.tsx';
import { NewAlertForm } from './new-alert-form.tsx';
import classes from './queue.module.css';
import { QueueEmpty } from './queue-empty.tsx';
import { QueueList } from './queue-list.tsx';
import { filterOf, queueHash } from './queue-route.ts';
import { useQueueState } from './queue-state.ts';
import { Toolbar } from './toolbar.tsx';
import { useDetailPanel } from './use-detail-panel.ts';
import { useFocusedItem } from './use-focused-item.ts';
import { useQueueActions } from './use-queue-actions.ts';
import { useQueueKeys } from './use-queue-keys.ts';
import { useQueueList } from './use-queue-list.ts';

/** Facets, list, detail: the place where alerts are worked. */
export default function QueueScreen() {
  const route = useRoute();
  const address = `${route.params.get('f') ?? ''}|${route.params.get('sort') ?? ''}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: one filter object for one address, whatever else changes
  const { filter, sort } = useMemo(() => filterOf(route), [address]);
  const list = useQueueList(filter, sort);
  const focused = useFocusedItem(list);
  const actions = useQueueActions(list, filter, focused);
  const panel = useDetailPanel();
  const { isAddingAlert, setAddingAlert } = useQueueState();
  const onShow = useCallback((next: QueueFilter, nextSort: QueueSort) => {
    goTo(queueHash(next, nextSort));
  }, []);
  useFocusAnew(address);
  useItemInAddress(route, filter, sort);
  useFillWhenEmpty(list);
  useQueueKeys({ list, actions, onOpen: panel.open, onBack: panel.back });
  return (
    <div className={classes.zones}>
      <FacetZone filter={filter} onChange={(next) => onShow(next, sort)} />
      <div className={classes.listZone}>
        <Toolbar filter={filter} sort={sort} total={list.isCounted ? list.total : 'unknown'} onShow={onShow}>
          <BulkBar total={list.total} loaded={list.items.length} actions={actions} />
        </Toolbar>
        {isAddingAlert ? (
          <NewAlertForm
            onDone={() => setAddingAlert(false)}
            onCreated={(id) => {
              void list.refresh();
              useQueueState.getState().focus(id);
            }}
          />
        ) : null}
        <NewAbove n={list.newAbove} onShow={() => void list.refresh()} />
        {list.error !== null && list.items.length === 0 ? (
          <ErrorState error={wordsOf(list.error, 'Reading the queue')} onRetry={() => void list.refresh()} />
        ) : list.isLoading ? (
          <SkeletonRows rows={20} label="the queue" />
        ) : list.items.length === 0 ? (
          <QueueEmpty filter={filter} onShow={(next) => onShow(next, sort)} />
        ) : (
          <QueueList list={list} onOpen={panel.open} />
        )}
      </div>
      <DetailZone panel={panel} focused={focused} filter={filter} actions={actions} onShow={onShow} />
      <ActionForms actions={actions} focused={focused} total={list.total} />
    </div>
  );
}

/** Where nothing is shown nothing can jump: what is new comes in at once. */
function useFillWhenEmpty(list: ReturnType<typeof useQueueList>): void {
  const isWaiting = list.items.length === 0 && list.newAbove > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it comes to that
  useEffect(() => {
    if (isWaiting) void list.refresh();
  }, [isWaiting]);
}

/** Another list starts at its first row, unless its address names an item. */
function useFocusAnew(address: string): void {
  const before = useRef(address);
  useEffect(() => {
    if (before.current === address) return;
    before.current = address;
    useQueueState.getState().focus(null);
    useQueueState.getState().clearSelection();
  }, [address]);
}

/** The address names the focused item, so that a link leads to it; a link that is opened sets the focus. */
function useItemInAddress(drawn: Route, filter: QueueFilter, sort: QueueSort): void {
  const ref = drawn.rest[0] ?? null;
  const focusId = useQueueState((state) => state.focusId);
  const [settled] = useDebouncedValue(focusId, 250);
  useEffect(() => {
    const id = ref === null ? null : parseId('grp', ref);
    if (id !== null) useQueueState.getState().focus(id);
  }, [ref]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the focus has come to rest
  useEffect(() => {
    // A link that was just opened has moved the focus: where it rested before must not be written over the link.
    if (settled === null || settled !== useQueueState.getState().focusId) return;
    // Nor over an address that somebody is on their way to, of another screen or list: this one is drawn a moment longer.
    const now = parseHash(window.location.hash);
    if (now.screen !== drawn.screen || now.params.toString() !== drawn.params.toString()) return;
    goTo(queueHash(filter, sort, formatId('grp', settled)), 'replace');
  }, [settled]);
}

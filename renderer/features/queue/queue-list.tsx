import { useElementSize } from '@mantine/hooks';
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useViewSettings } from '../../state/view-settings.ts';
import { usePeople } from '../../state/workspace.ts';
import { isFocusNowhere } from '../../ui/use-caught-focus.ts';
import { gridTemplate, queueColumns, queueFeatures, visibleColumns } from './queue-columns.tsx';
import classes from './queue-list.module.css';
import { QueueRow } from './queue-row.tsx';
import { useQueueState } from './queue-state.ts';
import { rowElementId } from './row-element-id.ts';
import type { QueueList as List } from './use-queue-list.ts';

const ROW_PX = { dense: 32, comfortable: 44 } as const;
const NEAR_END = 60;

/** The virtualised list: of a hundred thousand rows only those on the screen exist. */
export function QueueList({ list, onOpen }: { list: List; onOpen: () => void }) {
  const density = useViewSettings((settings) => settings.density);
  const focusId = useQueueState((state) => state.focusId);
  const people = usePeople();
  const { ref: sizeRef, width } = useElementSize();
  const scroller = useRef<HTMLDivElement>(null);
  const { items, hasMore, loadMore, look } = list;
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX[density],
    overscan: 12,
    getItemKey: (index) => items[index]?.id ?? index,
  });
  const shown = virtualizer.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= items.length - NEAR_END) loadMore();
  }, [hasMore, last, items.length, loadMore]);
  const middle = Math.floor((first + last) / 2);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the view matters
  useEffect(() => look(middle), [middle]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new density means new heights
  useEffect(() => virtualizer.measure(), [density]);
  const focusAt = useMemo(() => items.findIndex((item) => item.id === focusId), [items, focusId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the focus may scroll the list
  useEffect(() => {
    if (focusAt >= 0) virtualizer.scrollToIndex(focusAt, { align: 'auto' });
  }, [focusId]);
  // Whoever comes to the queue starts at the list, unless they are already somewhere on the screen.
  useEffect(() => {
    if (isFocusNowhere()) document.getElementById('queue-list')?.focus({ preventScroll: true });
  }, []);
  const columns = useMemo(() => queueColumns(people), [people]);
  const columnVisibility = useMemo(() => visibleColumns(width), [width]);
  // Order and filters are the engine's, so the table is given just the rows that exist on the screen.
  const data = useMemo(() => items.slice(first, last + 1), [items, first, last]);
  const table = useTable({
    features: queueFeatures,
    columns,
    data,
    state: { columnVisibility },
    getRowId: (item) => String(item.id),
  });
  const rows = new Map(table.getRowModel().rows.map((row) => [row.original.id, row]));
  const template = gridTemplate(width);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a virtualised grid is no table: most of its rows do not exist
    <div
      className={classes.root}
      ref={sizeRef}
      role="grid"
      aria-label="Queue"
      aria-rowcount={list.total ?? -1}
      aria-multiselectable
      aria-activedescendant={focusAt >= 0 && focusId !== null ? rowElementId(focusId) : undefined}
      tabIndex={0}
      id="queue-list"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows of a virtualised grid are no table rows */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active row */}
      <div role="row" className={classes.head} style={{ gridTemplateColumns: template }} aria-rowindex={1}>
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
        <span role="columnheader" className="ew-visually-hidden">
          Selected
        </span>
        <span aria-hidden />
        {table.getVisibleLeafColumns().map(({ id, columnDef }) => (
          // biome-ignore lint/a11y/useSemanticElements: as above
          // biome-ignore lint/a11y/useFocusableInteractive: as above
          <span key={id} role="columnheader" className="ew-cut" data-column={id}>
            {id === 'severity' ? <span className="ew-visually-hidden">Severity</span> : String(columnDef.header)}
          </span>
        ))}
      </div>
      <div ref={scroller} className={classes.scroller} role="presentation">
        <div role="presentation" className={classes.space} style={{ height: virtualizer.getTotalSize() }}>
          {shown.map(({ index, start, size }) => {
            const item = items[index];
            const row = item === undefined ? undefined : rows.get(item.id);
            if (item === undefined || row === undefined) return null;
            return (
              <QueueRow
                key={item.id}
                item={item}
                index={index}
                cells={row.getVisibleCells()}
                render={table.FlexRender}
                top={start}
                height={size}
                template={template}
                isGone={list.gone.has(item.id)}
                items={items}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

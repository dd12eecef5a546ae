import type { Cell, ReactTable } from '@tanstack/react-table';
import type { MouseEvent } from 'react';
import type { QueueItem } from '../../../shared/model/queue.ts';
import type { queueFeatures } from './queue-columns.tsx';
import classes from './queue-list.module.css';
import { isSelected, useQueueState } from './queue-state.ts';
import { rangeIds } from './range.ts';
import { rowElementId } from './row-element-id.ts';

type Features = typeof queueFeatures;

interface Props {
  item: QueueItem;
  index: number;
  cells: readonly Cell<Features, QueueItem, unknown>[];
  render: ReactTable<Features, QueueItem>['FlexRender'];
  top: number;
  height: number;
  template: string;
  /** Decided elsewhere or moved since the list was read. */
  isGone: boolean;
  items: readonly QueueItem[];
  onOpen: () => void;
}

/** One row. The focus is the list's; the row shows it, and takes clicks. */
export function QueueRow({ item, index, cells, render: Render, top, height, template, isGone, items, onOpen }: Props) {
  const isFocused = useQueueState((state) => state.focusId === item.id);
  const isOn = useQueueState((state) => isSelected(state, item.id));
  const { focus, toggle, setRange } = useQueueState.getState();
  const click = (event: MouseEvent) => {
    const { anchorId, focusId } = useQueueState.getState();
    if (event.shiftKey) {
      const from = anchorId ?? focusId ?? item.id;
      setRange(rangeIds(items, from, item.id), from);
    } else if (event.ctrlKey || event.metaKey) toggle(item.id);
    focus(item.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows of a virtualised grid are no table rows
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list do the same
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
    <div
      role="row"
      id={rowElementId(item.id)}
      className={classes.row}
      aria-rowindex={index + 2}
      aria-selected={isOn}
      data-focused={isFocused}
      data-gone={isGone}
      title={
        isGone
          ? 'Changed elsewhere since this list was read. Show what is new to bring the list up to date.'
          : undefined
      }
      style={{ transform: `translateY(${top}px)`, height, gridTemplateColumns: template }}
      onClick={click}
      onDoubleClick={onOpen}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: as above */}
      <span role="gridcell">
        <input
          type="checkbox"
          className={classes.check}
          tabIndex={-1}
          checked={isOn}
          aria-label={`Select ${item.ref}`}
          onClick={(event) => event.stopPropagation()}
          onChange={() => toggle(item.id)}
        />
      </span>
      {cells.map((cell) => (
        // biome-ignore lint/a11y/useSemanticElements: as above
        // biome-ignore lint/a11y/useFocusableInteractive: as above
        <span key={cell.id} role="gridcell" className={classes.cell} data-column={cell.column.id}>
          <Render cell={cell} />
        </span>
      ))}
    </div>
  );
}

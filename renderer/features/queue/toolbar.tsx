import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { type QueueFilter, type QueueSort, queueSortSchema } from '../../../shared/model/queue.ts';
import { countOf } from '../../ui/words.ts';
import { FilterChips } from './filter-chips.tsx';
import { useQueueState } from './queue-state.ts';
import { SavedViews } from './saved-views.tsx';
import classes from './toolbar.module.css';

const SORTS: readonly { value: QueueSort; label: string }[] = [
  { value: 'priority', label: 'Work order' },
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'closedAt', label: 'Last closed first' },
];

interface Props {
  filter: QueueFilter;
  sort: QueueSort;
  total: number | null;
  onShow: (filter: QueueFilter, sort: QueueSort) => void;
  /** Stands in the second line while something is selected, so that no row moves. */
  children: ReactNode;
}

/** Views, what is asked for, order, and how many match. */
export function Toolbar({ filter, sort, total, onShow, children }: Props) {
  const isSelecting = useQueueState((state) => state.isAllMatching || state.selected.size > 0);
  const setAddingAlert = useQueueState((state) => state.setAddingAlert);
  return (
    <div className={classes.root}>
      <div className={classes.line}>
        <SavedViews filter={filter} sort={sort} onShow={onShow} />
        <span className={classes.push} />
        <Button variant="filled" onClick={() => setAddingAlert(true)}>
          Enter an alert
        </Button>
      </div>
      {isSelecting ? children : <Asked filter={filter} sort={sort} total={total} onShow={onShow} />}
    </div>
  );
}

/** Open or closed, what is asked for, and in which order. */
function Asked({ filter, sort, total, onShow }: Omit<Props, 'children'>) {
  const withState = (state: QueueFilter['state']) => {
    const nextSort = state === 'closed' ? 'closedAt' : sort === 'closedAt' ? 'priority' : sort;
    onShow({ ...filter, state, statuses: [] }, nextSort);
  };
  return (
    <div className={classes.line}>
      <SegmentedControl
        aria-label="Open or closed"
        value={filter.state}
        onChange={(value) => withState(value as QueueFilter['state'])}
        data={[
          { value: 'open', label: 'Open' },
          { value: 'closed', label: 'Closed' },
          { value: 'all', label: 'Both' },
        ]}
      />
      <FilterChips filter={filter} onChange={(next) => onShow(next, sort)} />
      <span className={classes.push} />
      <span className="ew-muted ew-small" role="status">
        {total === null ? 'more than 10,000 match' : `${countOf(total, 'item')} ${total === 1 ? 'matches' : 'match'}`}
      </span>
      <NativeSelect
        aria-label="Order"
        value={sort}
        data={SORTS.filter(({ value }) => value !== 'closedAt' || filter.state === 'closed')}
        onChange={(event) => onShow(filter, queueSortSchema.parse(event.currentTarget.value))}
      />
    </div>
  );
}

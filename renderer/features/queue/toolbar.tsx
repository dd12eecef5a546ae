import { Button, NativeSelect, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { type QueueFilter, type QueueSort, queueSortSchema } from '../../../shared/model/queue.ts';
import { countOf } from '../../ui/words.ts';
import { FilterChips } from './filter-chips.tsx';
import { carrySort, SORTS_OF } from './queue-route.ts';
import { useQueueState } from './queue-state.ts';
import { SavedViews } from './saved-views.tsx';
import classes from './toolbar.module.css';

const SORT_WORDS: Readonly<Record<QueueSort, string>> = {
  priority: 'Work order',
  newest: 'Newest first',
  oldest: 'Oldest first',
  closedAt: 'Last closed first',
};

interface Props {
  filter: QueueFilter;
  sort: QueueSort;
  /** Null when more than are counted, `unknown` before anything was read. */
  total: number | null | 'unknown';
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

function totalWords(total: Props['total']): string {
  if (total === 'unknown') return '';
  if (total === null) return 'more than 10,000 match';
  return `${countOf(total, 'item')} ${total === 1 ? 'matches' : 'match'}`;
}

/** Open or closed, what is asked for, and in which order. */
function Asked({ filter, sort, total, onShow }: Omit<Props, 'children'>) {
  const show = (next: QueueFilter) => onShow(next, carrySort(filter.state, next.state, sort));
  return (
    <div className={classes.line}>
      <SegmentedControl
        aria-label="Open or closed"
        value={filter.state}
        onChange={(value) => show({ ...filter, state: value as QueueFilter['state'], statuses: [] })}
        data={[
          { value: 'open', label: 'Open' },
          { value: 'closed', label: 'Closed' },
          { value: 'all', label: 'Both' },
        ]}
      />
      <FilterChips filter={filter} onChange={show} />
      <span className={classes.push} />
      <span className="ew-muted ew-small" role="status">
        {totalWords(total)}
      </span>
      <NativeSelect
        aria-label="Order"
        value={sort}
        data={SORTS_OF[filter.state].map((value) => ({ value, label: SORT_WORDS[value] }))}
        onChange={(event) => onShow(filter, queueSortSchema.parse(event.currentTarget.value))}
      />
    </div>
  );
}

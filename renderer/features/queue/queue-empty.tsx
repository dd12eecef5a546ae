import { Button } from '@mantine/core';
import { ANY_OPEN, type QueueFilter } from '../../../shared/model/queue.ts';
import { hashOf } from '../../frame/route.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Why there is nothing, and what would bring something. */
export function QueueEmpty({ filter, onShow }: { filter: QueueFilter; onShow: (filter: QueueFilter) => void }) {
  const isFiltered = JSON.stringify({ ...filter, state: 'open' }) !== JSON.stringify(ANY_OPEN);
  if (isFiltered) {
    return (
      <EmptyState
        title={filter.text === null ? 'No item has all of this' : 'Nothing says that'}
        action={<Button onClick={() => onShow({ ...ANY_OPEN, state: filter.state })}>Clear the filters</Button>}
      >
        {filter.text === null
          ? 'Every condition above has to hold. Take one away, or look at closed items too.'
          : 'Words are searched whole, in open and closed alerts. Try a shorter part, or an address or host alone.'}
      </EmptyState>
    );
  }
  if (filter.state === 'closed') {
    return (
      <EmptyState title="Nothing is closed yet">
        What people, rules or products close is kept and found here.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing is waiting"
      action={
        <Button component="a" href={hashOf('sources')}>
          Bring in alerts
        </Button>
      }
    >
      Alerts come here as soon as a source sends one, or a file is read. What rules closed is under Automation.
    </EmptyState>
  );
}

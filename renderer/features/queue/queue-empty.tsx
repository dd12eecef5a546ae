import { Button } from '@mantine/core';
import { ANY_OPEN, type QueueFilter } from '../../../shared/model/queue.ts';
import { hashOf } from '../../frame/route.ts';
import { useWorkspace } from '../../state/workspace.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { countOf } from '../../ui/words.ts';

/** Why there is nothing, and what would bring something. */
export function QueueEmpty({ filter, onShow }: { filter: QueueFilter; onShow: (filter: QueueFilter) => void }) {
  const lag = useWorkspace().data?.searchLag ?? 0;
  const isFiltered = JSON.stringify({ ...filter, state: 'open' }) !== JSON.stringify(ANY_OPEN);
  if (isFiltered) {
    return (
      <EmptyState
        title={filter.text === null ? 'No item has all of this' : 'Nothing says that'}
        action={<Button onClick={() => onShow({ ...ANY_OPEN, state: filter.state })}>Clear the filters</Button>}
      >
        {filter.text === null
          ? 'Every condition above has to hold. Take one away, or look at closed items too.'
          : 'Words, addresses, hosts, users and hashes are searched in open and closed alerts. Try fewer words.'}
        {filter.text === null || lag === 0
          ? null
          : ` ${countOf(lag, 'alert')} came in lately and cannot be searched yet.`}
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
      <p>
        Alerts come here when a file is read: choose one under Sources, drop it on this window, or on this machine run{' '}
        <code className="ew-mono">npm run -s evenwatch -- ingest FILE</code>. A source that is set up there brings them
        by itself. What rules closed is under Automation.
      </p>
    </EmptyState>
  );
}

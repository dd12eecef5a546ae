import { Button } from '@mantine/core';
import { ActionKey } from '../../keys/use-keys.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import classes from './queue.module.css';
import { useQueueState } from './queue-state.ts';
import type { QueueActions } from './use-queue-actions.ts';

/** What is selected and what can be done with it, in one line over the list. */
export function BulkBar({ total, loaded, actions }: { total: number | null; loaded: number; actions: QueueActions }) {
  const { selected, isAllMatching, except, selectAllMatching, clearSelection, openForm } = useQueueState();
  if (!isAllMatching && selected.size === 0) return null;
  const count = isAllMatching ? (total === null ? null : total - except.size) : selected.size;
  const what = count === null ? 'everything that matches' : countOf(count, 'item');
  const canTakeAll = !isAllMatching && total !== null && selected.size < total && selected.size >= Math.min(loaded, 2);
  return (
    <section className={classes.bulk} aria-label="Selection">
      <span role="status" className="ew-strong">
        {isAllMatching
          ? `All ${count === null ? '' : `${formatCount(count)} `}that match are selected`
          : `${countOf(selected.size, 'item')} selected`}
      </span>
      {canTakeAll ? (
        <Button variant="subtle" onClick={selectAllMatching} rightSection={<ActionKey action="selectAll" />}>
          Select all {formatCount(total)}
        </Button>
      ) : null}
      <span className={classes.push} />
      <Button onClick={() => void actions.acknowledge()} rightSection={<ActionKey action="acknowledge" />}>
        Acknowledge
      </Button>
      <Button
        className={classes.bulkWide}
        onClick={() => openForm('tag', 'row')}
        rightSection={<ActionKey action="tag" />}
      >
        Tag
      </Button>
      {isAllMatching || selected.size < 2 ? null : (
        <Button
          title="Into the focused item, or else the first of them, which keeps its title and owner"
          onClick={() => void actions.join()}
          rightSection={<ActionKey action="join" />}
        >
          Join
        </Button>
      )}
      <Button variant="filled" onClick={() => openForm('close', 'row')} rightSection={<ActionKey action="close" />}>
        Close {what}
      </Button>
      <Button variant="subtle" onClick={clearSelection} rightSection={<ActionKey action="back" />}>
        Clear
      </Button>
    </section>
  );
}

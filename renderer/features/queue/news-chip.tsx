import type { QueueItem } from '../../../shared/model/queue.ts';
import { showHidden } from '../../ui/hostile.ts';
import classes from './queue-list.module.css';

/** Says that something came in that nobody who works on it has looked at; the whole sentence is on it and in the detail. */
export function NewsChip({ item }: { item: Pick<QueueItem, 'news' | 'status'> }) {
  if (item.news === null) return null;
  return (
    <span className={classes.news} title={showHidden(item.news)}>
      {item.status === 'new' ? 'New again' : 'More severe'}
    </span>
  );
}

import type { QueueItem } from '../../../../shared/model/queue.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { countOf } from '../../../ui/words.ts';
import classes from './detail.module.css';

/** What came in since somebody looked: what is new in it, or that nothing is. */
export function News({ item }: { item: QueueItem }) {
  if (item.news !== null) {
    return (
      <p className={classes.news} role="status">
        <LineText text={item.news} limit={700} />
      </p>
    );
  }
  if (item.laterCount === 0) return null;
  return (
    <p className="ew-muted">
      {countOf(item.laterCount, 'more alert')} since it was closed. None brought a new hash, destination, command line
      or a higher severity; one that does opens it again.
    </p>
  );
}

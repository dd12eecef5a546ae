import { ActionKey } from '../../keys/use-keys.tsx';
import { formatCount } from '../../ui/words.ts';
import classes from './queue.module.css';

/** What came since the list was read waits here, so that no row moves under the hand. */
export function NewAbove({ n, onShow }: { n: number; onShow: () => void }) {
  return (
    <div role="status" className={n === 0 ? undefined : classes.newAbove}>
      {n === 0 ? null : (
        <button type="button" onClick={onShow}>
          {n >= 200 ? '200 or more' : formatCount(n)} new above <ActionKey action="showNew" />
        </button>
      )}
    </div>
  );
}

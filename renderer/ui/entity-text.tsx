import classes from './hostile.module.css';
import { capText, defang, showHidden, splitForMiddleCut } from './hostile.ts';
import { MarkedText } from './marked-text.tsx';

const SHOWN_MAX = 2000;

/**
 * An address, host, path or account in monospace, cut in the middle where there is no room, because the end of
 * a path says more than its middle. Hidden characters are marked and URLs defanged; the direction of the text
 * cannot reach what stands beside it.
 */
export function EntityText({ value, tailMax = 18 }: { value: string; tailMax?: number }) {
  const safe = defang(capText(value, SHOWN_MAX).text);
  const { head, tail } = splitForMiddleCut(safe, tailMax);
  return (
    <bdi className={classes.entity} title={showHidden(safe)}>
      <span className={classes.head}>
        <MarkedText text={head} />
      </span>
      {tail === '' ? null : (
        <span className={classes.tail}>
          <MarkedText text={tail} />
        </span>
      )}
    </bdi>
  );
}

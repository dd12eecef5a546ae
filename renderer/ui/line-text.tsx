import classes from './hostile.module.css';
import { capText, defang, showHidden, splitForMiddleCut } from './hostile.ts';
import { MarkedText } from './marked-text.tsx';

/**
 * One line of hostile words, such as a title. `cut` keeps it on one line: at its end, or in the middle where
 * the end matters, as in paths. Without `cut` it wraps, and what is beyond `limit` characters is counted, not drawn.
 */
export function LineText({
  text,
  cut = 'none',
  limit = 2000,
}: {
  text: string;
  cut?: 'none' | 'end' | 'auto';
  limit?: number;
}) {
  const capped = capText(text, limit);
  const safe = defang(capped.text);
  if (cut === 'none') {
    return (
      <bdi className={classes.wrap}>
        <MarkedText text={safe} />
        {capped.dropped > 0 ? (
          <span className="ew-muted"> (and {capped.dropped.toLocaleString('en-GB')} characters more)</span>
        ) : null}
      </bdi>
    );
  }
  const { head, tail } = cut === 'auto' ? splitForMiddleCut(safe) : { head: safe, tail: '' };
  return (
    <bdi className={classes.line} title={showHidden(capText(safe, 600).text)}>
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

import { useEffect, useState } from 'react';
import classes from './states.module.css';

/** Nothing moves before this: most answers are there by then, and a flash of grey says nothing. */
const QUIET_MS = 300;

/** Rows of the shape of what is coming, after 300 ms. Says "Loading …" to screen readers. */
export function SkeletonRows({ rows = 8, label, height }: { rows?: number; label: string; height?: number }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isShown) return null;
  return (
    <div role="status" aria-label={`Loading ${label}`}>
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all rows are the same
        <div key={at} className={classes.skeletonRow} style={height === undefined ? undefined : { height }}>
          <span className={classes.skeletonBar} style={{ width: 14 }} />
          <span className={classes.skeletonBar} style={{ width: 40 }} />
          <span className={classes.skeletonBar} style={{ width: `${30 + ((at * 37) % 40)}%` }} />
        </div>
      ))}
    </div>
  );
}

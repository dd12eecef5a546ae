import classes from './badges.module.css';
import { formatCount } from './words.ts';

/** A count that asks for something. Nothing is drawn for zero. `label` says of what: "open escalations for you". */
export function CountBadge({ n, label }: { n: number; label: string }) {
  if (n === 0) return null;
  return (
    <span className={classes.count} title={`${formatCount(n)} ${label}`}>
      {n > 999 ? '999+' : n}
      <span className="ew-visually-hidden"> {label}</span>
    </span>
  );
}

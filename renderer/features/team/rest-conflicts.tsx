import { formatDuration } from '../../ui/duration.ts';
import { LineText } from '../../ui/line-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { RestConflict } from './overview-types.ts';
import classes from './team.module.css';

/** Rests in the plan that are too short, while the plan can still be changed. */
export function RestConflicts({ conflicts, hasPlan }: { conflicts: readonly RestConflict[]; hasPlan: boolean }) {
  if (!hasPlan) {
    return <p className="ew-muted">No duty is planned from now on. A lead imports the rota under Sources.</p>;
  }
  if (conflicts.length === 0) return <p className="ew-muted">Every planned rest is 11 hours or longer.</p>;
  return (
    <ul className={classes.conflicts}>
      {conflicts.map((conflict) => (
        <li key={`${conflict.personId} ${conflict.startsAtMs}`}>
          <p>
            <LineText text={conflict.personName} />: {formatDuration(conflict.restMs)} of rest, limit{' '}
            {formatDuration(conflict.limitMs)}
          </p>
          <p className="ew-muted ew-small">
            Duty ends <TimeText atMs={conflict.endsAtMs} form="minute" />, the next starts{' '}
            <TimeText atMs={conflict.startsAtMs} form="minute" />. Move the later duty, or give it to someone who is
            rested.
          </p>
        </li>
      ))}
    </ul>
  );
}

import type { PriorityLevel } from '../../shared/model/vocabulary.ts';
import classes from './badges.module.css';

/** Our computed order: the level, and the points it came from (0 to 100). */
export function PriorityBadge({ points, level }: { points: number; level: PriorityLevel }) {
  const rounded = Math.round(points);
  return (
    <span className={classes.priority} data-level={level} title={`Priority ${level}, ${rounded} of 100 points`}>
      <span className={classes.level}>{level}</span>
      <span className={classes.points}>{rounded}</span>
    </span>
  );
}

import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import type { AssuredRule } from '../../../shared/model/assurance.ts';
import classes from './assurance.module.css';

const WIDTH = 120;
const HEIGHT = 28;
/** Below this all bounds are drawn at the foot: it is far less than any rule may have. */
const SMALLEST = 0.0005;

/** The bound over time against what the rule may have, on a logarithmic scale: from 100 % down. */
export function BoundPlot({ rule }: { rule: Pick<AssuredRule, 'history' | 'maxFalseCloseRate' | 'title'> }) {
  const { history, maxFalseCloseRate } = rule;
  const first = history[0];
  const last = history.at(-1);
  if (first === undefined || last === undefined || history.length < 2) return null;
  const span = Math.max(1, last.dayMs - first.dayMs);
  const y = (share: number) => {
    const depth = Math.log(Math.max(share, SMALLEST)) / Math.log(SMALLEST);
    return 1 + depth * (HEIGHT - 2);
  };
  const x = (dayMs: number) => ((dayMs - first.dayMs) / span) * (WIDTH - 2) + 1;
  const points = history.map((point) => `${x(point.dayMs).toFixed(1)},${y(point.bound).toFixed(1)}`).join(' ');
  const words = `Bound of ${rule.title}: from ${percent(first.bound)} to ${percent(last.bound)}, may be ${percent(maxFalseCloseRate)}`;
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={words}>
      <title>{words}</title>
      <line className={classes.limit} x1="0" x2={WIDTH} y1={y(maxFalseCloseRate)} y2={y(maxFalseCloseRate)} />
      <polyline className={classes.bound} points={points} />
    </svg>
  );
}

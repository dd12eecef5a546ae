import type { Priority, PriorityTerm } from '../../shared/model/priority.ts';
import classes from './waterfall.module.css';

const TERM_WORDS: Readonly<Record<PriorityTerm['factor'], string>> = {
  precision: 'How often it was right',
  asset: 'What it is about',
  exploit: 'Known exploitation',
  breachPrior: 'In known incidents',
  corroboration: 'Other signs',
};

const signed = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1, signDisplay: 'exceptZero' });

interface Step {
  label: string;
  from: number;
  to: number;
  figure: string;
  reason: string;
  isKnown: boolean;
}

/** The terms of a priority from its base to its points, each with its reason. Unknown terms are said to be unknown. */
export function Waterfall({ priority }: { priority: Priority }) {
  const steps = stepsOf(priority);
  return (
    <div className={classes.root}>
      <table className={classes.table}>
        <caption className="ew-visually-hidden">Terms of the priority, in points of 100</caption>
        <thead className="ew-visually-hidden">
          <tr>
            <th scope="col">Term</th>
            <th scope="col">Bar</th>
            <th scope="col">Points</th>
            <th scope="col">Reason</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.label} data-known={step.isKnown}>
              <th scope="row">{step.label}</th>
              <td className={classes.track}>
                <Bar step={step} />
              </td>
              <td className={classes.figure}>{step.figure}</td>
              <td className={classes.reason}>{step.reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {priority.adjustments.map((text) => (
        <p key={text} className="ew-small">
          {text}
        </p>
      ))}
    </div>
  );
}

function Bar({ step }: { step: Step }) {
  const low = clamp(Math.min(step.from, step.to));
  const high = clamp(Math.max(step.from, step.to));
  const isDown = step.to < step.from;
  return (
    <div className={classes.lane} aria-hidden>
      <div
        className={classes.bar}
        data-down={isDown}
        data-whole={step.from === 0}
        style={{ left: `${low}%`, width: `${Math.max(high - low, 0.6)}%` }}
      />
    </div>
  );
}

function stepsOf(priority: Priority): Step[] {
  const steps: Step[] = [
    {
      label: 'Where it starts',
      from: 0,
      to: priority.basePoints,
      figure: String(Math.round(priority.basePoints)),
      reason: 'An alert that is certainly true, on something of which nothing is known.',
      isKnown: true,
    },
  ];
  let at = priority.basePoints;
  for (const term of priority.terms) {
    steps.push({
      label: TERM_WORDS[term.factor],
      from: at,
      to: at + term.points,
      figure: term.known ? signed.format(term.points) : 'unknown',
      reason: term.reason,
      isKnown: term.known,
    });
    at += term.points;
  }
  steps.push({
    label: `Priority ${priority.level}`,
    from: 0,
    to: priority.points,
    figure: String(Math.round(priority.points)),
    reason: 'Points of 100. The queue is in this order.',
    isKnown: true,
  });
  return steps;
}

function clamp(points: number): number {
  return Math.min(100, Math.max(0, points));
}

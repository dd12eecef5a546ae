import type { Severity } from '../../shared/model/vocabulary.ts';
import classes from './severity-mark.module.css';
import { SEVERITY_WORDS } from './words.ts';

const SHAPES: Readonly<Record<Severity, React.ReactNode>> = {
  critical: <path d="M7 0.5 13.5 7 7 13.5 0.5 7Z" fill="currentColor" />,
  high: <path d="M7 1 13.4 12.6H0.6Z" fill="currentColor" />,
  medium: <rect x="1.8" y="1.8" width="10.4" height="10.4" rx="0.5" fill="currentColor" />,
  low: <circle cx="7" cy="7" r="5.4" fill="currentColor" />,
  informational: <circle cx="7" cy="7" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  unknown: (
    <circle cx="7" cy="7" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.6 2.5" />
  ),
};

/** What the source said, as shape and colour; the word is there for screen readers, and for eyes with `withWord`. */
export function SeverityMark({ severity, withWord = false }: { severity: Severity; withWord?: boolean }) {
  const word = SEVERITY_WORDS[severity];
  return (
    <span className={classes.root} data-severity={severity} title={withWord ? undefined : word}>
      <svg viewBox="0 0 14 14" width="14" height="14" className={classes.mark} aria-hidden>
        {SHAPES[severity]}
      </svg>
      <span className={withWord ? undefined : 'ew-visually-hidden'}>{word}</span>
    </span>
  );
}

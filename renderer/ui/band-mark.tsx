import type { Band } from '../../shared/model/strain.ts';
import classes from './badges.module.css';

const WORDS: Readonly<Record<Band, string>> = {
  green: 'Green',
  amber: 'Amber',
  red: 'Red',
  not_enough_data: 'Not enough data',
};

const MARKS: Readonly<Record<Band, React.ReactNode>> = {
  green: <path d="M2.5 6.5 5 9l4.5-6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  amber: <path d="M6 1.5v6M6 9.2v1.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  red: <path d="M2.4 2.4l7.2 7.2M9.6 2.4 2.4 9.6" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  not_enough_data: <path d="M2 6h8" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2 2" />,
};

/** A band of strain: word and mark, never a face or a number. The driver belongs beside it. */
export function BandMark({ band }: { band: Band }) {
  return (
    <span className={classes.band} data-band={band}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden>
        {MARKS[band]}
      </svg>
      {WORDS[band]}
    </span>
  );
}

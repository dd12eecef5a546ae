import type { BandForLead, RemarkSubject } from '../../../shared/model/strain.ts';
import { LineText } from '../../ui/line-text.tsx';
import { REMARK_WORDS } from '../../ui/people-words.ts';
import { TimeText } from '../../ui/time-text.tsx';
import classes from './rota-requests.module.css';

const ABOUT_WORDS: Readonly<Record<RemarkSubject, string>> = {
  band: 'the band',
  load_ratio: 'the load ratio',
  short_rest: 'short rest',
};

/** What the person says of their own band: it stands beside the word for as long as the word does. */
export function BandRemarks({ remarks }: { remarks: BandForLead['remarks'] }) {
  if (remarks.length === 0) return null;
  return (
    <ul className={classes.list}>
      {remarks.map((remark) => (
        <li key={`${remark.atMs} ${remark.about} ${remark.text}`} className={classes.request}>
          <LineText text={remark.text} />
          <p className="ew-muted ew-small">
            {REMARK_WORDS[remark.kind]} about {ABOUT_WORDS[remark.about]}, <TimeText atMs={remark.atMs} />
          </p>
        </li>
      ))}
    </ul>
  );
}

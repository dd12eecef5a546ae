import { Button } from '@mantine/core';
import type { OwnRemark, RemarkSubject } from '../../../shared/model/strain.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { LineText } from '../../ui/line-text.tsx';
import { REMARK_WORDS } from '../../ui/people-words.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { dutyInWords } from './duty-words.tsx';
import { RemarkForm } from './remark-form.tsx';
import classes from './remarks.module.css';

/** What I wrote about one thing, and a way to write more. It stands beside the band and changes no figure. */
export function Remarks({
  about,
  title,
  remarks,
  whoReads,
}: {
  about: RemarkSubject;
  /** What it is about, in the words of the screen, so that several forms can be told apart. */
  title: string;
  remarks: readonly OwnRemark[];
  whoReads: string;
}) {
  return (
    <>
      <RemarkList label={`What I wrote about ${title}`} remarks={remarks.filter((each) => each.about === about)} />
      <RemarkForm about={about} title={title} whoReads={whoReads} />
    </>
  );
}

export function RemarkList({ label, remarks }: { label: string; remarks: readonly OwnRemark[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={label}>
      {remarks.map((remark) => (
        <Remark key={remark.id} remark={remark} />
      ))}
    </ul>
  );
}

function Remark({ remark }: { remark: OwnRemark }) {
  const engine = useEngine();
  const decide = useDecide();
  const { id, duty, answer } = remark;
  const withdraw = () =>
    decide.run(() => engine.myWatch.withdrawRemark({ statement: makeStatement({ kind: 'remark.withdraw' }), id }), {
      doing: 'Withdrawing it',
      isUndoable: false,
    });
  return (
    <li className={classes.remark}>
      <LineText text={remark.text} />
      {duty === null ? null : <p className="ew-small">{dutyInWords(duty)}</p>}
      {answer === null ? null : (
        <p className="ew-small">
          Answer of <LineText text={answer.byName} />, <TimeText atMs={answer.atMs} />: <LineText text={answer.text} />
        </p>
      )}
      <div className={classes.foot}>
        <span className="ew-muted ew-small">
          {REMARK_WORDS[remark.kind]}, <TimeText atMs={remark.atMs} />
        </span>
        <Button variant="subtle" size="compact-xs" onClick={() => void withdraw()}>
          Withdraw
        </Button>
      </div>
    </li>
  );
}

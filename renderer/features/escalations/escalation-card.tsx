import { formatId } from '../../../shared/model/ids.ts';
import { ANY_OPEN, type Escalation } from '../../../shared/model/queue.ts';
import { usePeople } from '../../state/workspace.ts';
import { ClockChip } from '../../ui/clock-chip.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { TIER_WORDS } from '../../ui/words.ts';
import { queueHash } from '../queue/queue-route.ts';
import { EscalationActions } from './escalation-actions.tsx';
import classes from './escalations.module.css';

/** One question: who asked, what, of whom, until when, and who stands in. */
export function EscalationCard({ escalation, canAnswer }: { escalation: Escalation; canAnswer: boolean }) {
  const people = usePeople();
  const nameOf = (id: string) => <LineText text={people.get(id)?.name ?? id} />;
  const { acceptedBy, backupId, answeredBy } = escalation;
  const isOpen = escalation.status === 'open' || escalation.status === 'accepted';
  return (
    <article className={classes.card}>
      <header className={classes.head}>
        <SeverityMark severity={escalation.severity} />
        <a
          className={classes.title}
          href={queueHash({ ...ANY_OPEN, state: 'all' }, 'priority', formatId('grp', escalation.groupId))}
        >
          <LineText text={escalation.groupTitle} cut="end" />
        </a>
        <span className="ew-muted">
          {TIER_WORDS[escalation.fromTier]} to {TIER_WORDS[escalation.toTier].toLowerCase()}
        </span>
        {isOpen ? <ClockChip dueAtMs={escalation.dueAtMs} severity={null} /> : null}
      </header>
      <p className={classes.question}>
        <LineText text={escalation.question} />
      </p>
      <p className="ew-muted ew-small">
        Asked by {nameOf(escalation.askedBy)}, <TimeText atMs={escalation.askedAtMs} form="both" />.
        {acceptedBy === null ? ' Nobody has taken it yet.' : <> {nameOf(acceptedBy)} has it.</>}
        {backupId === null || backupId === acceptedBy ? null : <> Stands in: {nameOf(backupId)}.</>}
      </p>
      {escalation.answer === null ? null : (
        <p className={classes.answer}>
          <span className="ew-muted">
            {escalation.status === 'returned' ? 'Returned' : 'Answered'} by{' '}
            {answeredBy === null ? 'somebody' : nameOf(answeredBy)}:
          </span>{' '}
          <LineText text={escalation.answer} />
        </p>
      )}
      {canAnswer && isOpen ? <EscalationActions escalation={escalation} /> : null}
    </article>
  );
}

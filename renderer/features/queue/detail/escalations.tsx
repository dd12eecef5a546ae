import type { Escalation, GroupDetail } from '../../../../shared/model/queue.ts';
import { hashOf } from '../../../frame/route.ts';
import { usePeople } from '../../../state/workspace.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { TIER_WORDS } from '../../../ui/words.ts';
import classes from './detail.module.css';

const STATES: Readonly<Record<Escalation['status'], string>> = {
  open: 'waiting',
  accepted: 'being looked at',
  answered: 'answered',
  returned: 'returned',
  withdrawn: 'withdrawn',
};

/** Questions asked of another tier about this item, and their answers. */
export function Escalations({ detail }: { detail: GroupDetail }) {
  const people = usePeople();
  if (detail.escalations.length === 0) return null;
  const name = (id: string | null) => (id === null ? null : (people.get(id)?.name ?? id));
  return (
    <Section title="Questions to other tiers">
      <ul className={classes.notes}>
        {detail.escalations.map((one) => (
          <li key={one.id}>
            <p className="ew-muted ew-small">
              <bdi>{name(one.askedBy)}</bdi> to {TIER_WORDS[one.toTier].toLowerCase()},{' '}
              <TimeText atMs={one.askedAtMs} form="both" />: {STATES[one.status]}
              {one.acceptedBy === null ? null : (
                <>
                  {' '}
                  by <bdi>{name(one.acceptedBy)}</bdi>
                </>
              )}
            </p>
            <p>
              <LineText text={one.question} limit={4000} />
            </p>
            {one.answer === null ? null : (
              <p>
                <strong>Answer:</strong> <LineText text={one.answer} limit={8000} />
              </p>
            )}
          </li>
        ))}
      </ul>
      <a href={hashOf('escalations')} className={classes.link}>
        All escalations
      </a>
    </Section>
  );
}

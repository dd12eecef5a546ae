import type { GroupDetail } from '../../../../shared/model/queue.ts';
import { hashOf } from '../../../frame/route.ts';
import { EntityText } from '../../../ui/entity-text.tsx';
import { LineText } from '../../../ui/line-text.tsx';
import { Section } from '../../../ui/section.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { DISPOSITION_WORDS, formatCount, shareOf } from '../../../ui/words.ts';
import classes from './detail.module.css';

/** What earlier groups of the same source rule turned out to be, with n. */
export function Earlier({ detail }: { detail: GroupDetail }) {
  const { counts, n, sinceMs, recent } = detail.earlier;
  if (n === 0) {
    return (
      <Section title="Earlier ones like it">
        <p className="ew-muted">Nobody has closed one of this source rule before.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Earlier ones like it"
      note={
        <>
          {formatCount(n)} closed of the same source rule
          {sinceMs === null ? null : (
            <>
              {' '}
              since <TimeText atMs={sinceMs} />
            </>
          )}
        </>
      }
    >
      <ul className={classes.known}>
        {counts.map(({ disposition, n: count }) => (
          <li key={disposition}>
            {DISPOSITION_WORDS[disposition]} <span className="ew-strong">{formatCount(count)}</span>{' '}
            <span className="ew-muted">({shareOf(count, n)})</span>
          </li>
        ))}
      </ul>
      <ul className={classes.earlier}>
        {recent.map((one) => (
          <li key={one.id}>
            <a href={hashOf('queue', [one.ref])} className={classes.link}>
              {one.ref}
            </a>
            <span className="ew-cut">
              {DISPOSITION_WORDS[one.disposition]}, {one.closedBy.kind === 'rule' ? 'rule ' : ''}
              <bdi>{one.closedBy.name}</bdi>
              {one.reason === null ? null : (
                <>
                  : <LineText text={one.reason} limit={200} />
                </>
              )}
            </span>
            {one.entity.kind === 'none' ? <span /> : <EntityText value={one.entity.value} />}
            <span className="ew-muted">
              <TimeText atMs={one.closedAtMs} form="age" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

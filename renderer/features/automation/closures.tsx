import { Button } from '@mantine/core';
import { ANY_OPEN } from '../../../shared/model/queue.ts';
import type { FieldMatch } from '../../../shared/model/rule.ts';
import { wordsOf } from '../../state/error-words.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { EntityText } from '../../ui/entity-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf } from '../../ui/words.ts';
import { queueHash } from '../queue/queue-route.ts';
import classes from './automation.module.css';
import { useClosures } from './use-automation.ts';

/** What rules closed, newest first, each with the sentence that says why and the values that met the rule. */
export function Closures({ ruleId }: { ruleId: string | null }) {
  const closures = useClosures(ruleId);
  return (
    <QueryState
      data={closures.data}
      error={closures.error === null ? null : wordsOf(closures.error, 'Reading what rules closed')}
      label="what rules closed"
      onRetry={() => void closures.refetch()}
    >
      {(data) => {
        const rows = data.pages.flatMap((page) => page.closures);
        if (rows.length === 0) {
          return (
            <EmptyState
              title={ruleId === null ? 'No rule has closed anything here yet.' : 'It has closed nothing yet.'}
            >
              Rules that are provisional or certified close alerts as they arrive, and each closure is listed here with
              its reason.
            </EmptyState>
          );
        }
        return (
          <ol className={classes.closures}>
            {rows.map(({ item, why, matched, owner, ruleTitle, ruleVersion }) => (
              <li key={item.id} className={classes.closure}>
                <div className={classes.closureHead}>
                  <SeverityMark severity={item.severity} />
                  <a
                    className={classes.closureTitle}
                    href={queueHash({ ...ANY_OPEN, state: 'closed' }, 'closedAt', item.ref)}
                  >
                    <LineText text={item.title} cut="end" />
                  </a>
                  <EntityText value={item.entity.value} />
                  <span className="ew-muted">{countOf(item.count, 'alert')}</span>
                  {item.closedAtMs === null ? null : <TimeText atMs={item.closedAtMs} form="age" />}
                </div>
                <p className={classes.why}>
                  <LineText text={why} />
                </p>
                <details className={classes.how}>
                  <summary>
                    {ruleTitle}, version {ruleVersion}, answerable: {owner}
                  </summary>
                  <Matched matched={matched} />
                </details>
              </li>
            ))}
            {closures.hasNextPage ? (
              <li>
                <Button
                  variant="default"
                  loading={closures.isFetchingNextPage}
                  onClick={() => void closures.fetchNextPage()}
                >
                  Show older closures
                </Button>
              </li>
            ) : null}
          </ol>
        );
      }}
    </QueryState>
  );
}

function Matched({ matched }: { matched: readonly FieldMatch[] }) {
  if (matched.length === 0)
    return <p className="ew-muted ew-small">The matched values were not kept for this closure.</p>;
  return (
    <ul className={classes.matched}>
      {matched.map((match) => (
        <li key={`${match.selection} ${match.field} ${match.pattern} ${match.value}`}>
          <code className="ew-mono">{match.field}</code> is <EntityText value={match.value} />, which meets{' '}
          <code className="ew-mono">
            <LineText text={match.pattern} />
          </code>{' '}
          of <em>{match.selection}</em>
        </li>
      ))}
    </ul>
  );
}

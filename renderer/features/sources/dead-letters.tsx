import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { DeadLetter } from '../../../shared/model/ingest.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { HostileText } from '../../ui/hostile-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { Section } from '../../ui/section.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import classes from './sources.module.css';

const PAGE = 50;

/** Records that could not be read: where, why, and their text. */
export function DeadLetters() {
  const engine = useEngine();
  const letters = useInfiniteQuery({
    queryKey: keys.sources('dead-letters'),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => engine.sources.deadLetters({ cursor: pageParam, limit: PAGE }),
    getNextPageParam: (last) => last.nextCursor,
  });
  return (
    <QueryState
      data={letters.data}
      error={letters.error === null ? null : wordsOf(letters.error, 'Reading the dead letters')}
      label="what could not be read"
      onRetry={() => void letters.refetch()}
    >
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        if (items.length === 0) return <p className="ew-muted">Every record was read.</p>;
        return (
          <>
            <div className={classes.letters}>
              {items.map((letter) => (
                <Letter key={letter.id} letter={letter} />
              ))}
            </div>
            {letters.hasNextPage ? (
              <Button
                variant="default"
                loading={letters.isFetchingNextPage}
                onClick={() => void letters.fetchNextPage()}
              >
                Show older ones
              </Button>
            ) : null}
          </>
        );
      }}
    </QueryState>
  );
}

function Letter({ letter }: { letter: DeadLetter }) {
  const column = letter.column === null ? '' : `, column ${letter.column}`;
  const place = letter.line === null ? '' : `, line ${formatCount(letter.line)}${column}`;
  return (
    <Section
      title={letter.message.charAt(0).toUpperCase() + letter.message.slice(1)}
      note={
        <>
          <EntityText value={letter.origin} />
          {place}, <TimeText atMs={letter.atMs} form="age" /> ago, {formatCount(letter.bytes)} bytes
        </>
      }
      isFoldable
      startsOpen={false}
    >
      <HostileText text={letter.text} label="The record as it came" />
    </Section>
  );
}

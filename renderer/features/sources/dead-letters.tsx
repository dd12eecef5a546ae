import { Button, Select, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { DeadLetter } from '../../../shared/model/ingest.ts';
import { REJECT_REASONS } from '../../../shared/model/ingest.ts';
import type { MappingInForce } from '../../../shared/model/mapping.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useDecide } from '../../state/use-decide.ts';
import { useHasRole } from '../../state/workspace.ts';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import { Letter } from './dead-letter.tsx';
import { letGoWords, REASON_WORDS } from './letter-words.ts';
import type { LetterCount } from './live-sources.tsx';
import { changedMappings } from './mapping-words.ts';
import classes from './sources.module.css';

const PAGE = 50;

export interface LetterFilter {
  origin: string | null;
  reason: DeadLetter['reason'] | null;
  text: string | null;
  mayReadNow?: boolean;
}

export const EVERY_LETTER: LetterFilter = { origin: null, reason: null, text: null };

/** Records that could not be read: where, why, and their text; read again once what was wrong is mended. */
export function DeadLetters({
  filter,
  onFilter,
  formats,
}: {
  filter: LetterFilter;
  onFilter: (filter: LetterFilter) => void;
  formats: readonly { name: string; label: string }[];
}) {
  const engine = useEngine();
  const decide = useDecide();
  const isLead = useHasRole('lead');
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [format, setFormat] = useState('auto');
  const wanted = useDeferredValue(filter);
  const letters = useInfiniteQuery({
    queryKey: keys.sources('dead-letters', wanted),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => engine.sources.deadLetters({ filter: wanted, cursor: pageParam, limit: PAGE }),
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: (before) => before,
  });

  async function readAgain(ids: number[] | null, text: string | null = null, read = wanted): Promise<void> {
    await decide.run(
      () =>
        engine.sources.readAgain({
          statement: makeStatement({ kind: 'letters.read_again' }),
          ids,
          filter: read,
          format: read.mayReadNow === true ? 'auto' : format,
          text,
        }),
      { doing: 'Reading it again', isUndoable: false },
    );
    setChosen(new Set());
  }
  async function discard(ids: number[] | null): Promise<void> {
    await decide.run(
      () => engine.sources.discard({ statement: makeStatement({ kind: 'letters.discard' }), ids, filter: wanted }),
      { doing: 'Taking them off the list', isUndoable: false },
    );
    setChosen(new Set());
  }

  return (
    <QueryState
      data={letters.data}
      error={letters.error === null ? null : wordsOf(letters.error, 'Reading the dead letters')}
      label="what could not be read"
      onRetry={() => void letters.refetch()}
    >
      {(data) => {
        const items = data.pages.flatMap((page) => page.items);
        const [first] = data.pages;
        const counts = first?.counts ?? [];
        const total = first?.total ?? 0;
        const gone = letGoWords(
          (first?.letGo ?? []).filter(({ origin }) => filter.origin === null || origin === filter.origin),
        );
        if (counts.length === 0 && gone === null) return <p className="ew-muted">Every record was read.</p>;
        const ids = [...chosen];
        const what =
          ids.length > 0
            ? countOf(ids.length, 'record')
            : total === 1
              ? 'this record'
              : `all ${formatCount(total)} shown here`;
        return (
          <>
            {first?.mayReadNow == null ? null : (
              <MayReadNow
                {...first.mayReadNow}
                onReadAgain={() => readAgain(null, null, { ...EVERY_LETTER, mayReadNow: true })}
              />
            )}
            {gone === null ? null : <p className={`${classes.problem} ${classes.above}`}>{gone}.</p>}
            <LetterFilters filter={filter} onFilter={onFilter} counts={counts} />
            <div className={classes.filters}>
              <Select
                label="Read them as"
                data={[
                  { value: 'auto', label: 'By content' },
                  ...formats.map(({ name, label }) => ({ value: name, label })),
                ]}
                value={format}
                onChange={(value) => setFormat(value ?? 'auto')}
                allowDeselect={false}
                searchable
              />
              <Button disabled={total === 0} onClick={() => void readAgain(ids.length > 0 ? ids : null)}>
                Read {what} again
              </Button>
              {isLead ? (
                <Button disabled={ids.length === 0} onClick={() => void discard(ids)}>
                  Take {ids.length === 0 ? 'chosen records' : what} off the list
                </Button>
              ) : null}
            </div>
            {items.length === 0 ? <p className="ew-muted">Nothing matches. Widen the filter above.</p> : null}
            <div className={classes.letters}>
              {items.map((letter) => (
                <Letter
                  key={letter.id}
                  letter={letter}
                  isChosen={chosen.has(letter.id)}
                  onChoose={(isChosen) => {
                    const next = new Set(chosen);
                    if (isChosen) next.add(letter.id);
                    else next.delete(letter.id);
                    setChosen(next);
                  }}
                  onReadAgain={(text) => readAgain([letter.id], text)}
                />
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

/** After a mapping was mended: which of the letters it may make something of, and the way to try. */
function MayReadNow({
  count,
  mappings,
  onReadAgain,
}: {
  count: number;
  mappings: readonly MappingInForce[];
  onReadAgain: () => Promise<void>;
}) {
  const atMs = mappings[0]?.sinceMs ?? null;
  return (
    <div className={classes.mayRead}>
      <span>
        <LineText text={changedMappings(mappings)} />
        {atMs === null ? null : (
          <>
            {' '}
            <TimeText atMs={atMs} form="ago" />
          </>
        )}
        .{' '}
        {count === 1
          ? 'One record was last read before that.'
          : `${formatCount(count)} records were last read before that.`}
      </span>
      <Button variant="filled" onClick={() => void onReadAgain()}>
        {count === 1 ? 'Read it again' : `Read these ${formatCount(count)} again`}
      </Button>
    </div>
  );
}

function LetterFilters({
  filter,
  onFilter,
  counts,
}: {
  filter: LetterFilter;
  onFilter: (filter: LetterFilter) => void;
  counts: readonly LetterCount[];
}) {
  const sumBy = (matches: (count: LetterCount) => boolean) =>
    counts.filter(matches).reduce((sum, { count }) => sum + count, 0);
  const origins = [...new Set(counts.map(({ origin }) => origin))];
  const reasons = REJECT_REASONS.filter((reason) => counts.some((count) => count.reason === reason));
  return (
    <div className={classes.filters}>
      <Select
        label="From"
        placeholder="Every source"
        data={origins.map((origin) => ({
          value: origin,
          label: `${origin} (${formatCount(sumBy((count) => count.origin === origin))})`,
        }))}
        value={filter.origin}
        onChange={(origin) => onFilter({ ...filter, origin })}
        clearable
        searchable
      />
      <Select
        label="Because of"
        placeholder="Every reason"
        data={reasons.map((reason) => ({
          value: reason,
          label: `${REASON_WORDS[reason]} (${formatCount(sumBy((count) => count.reason === reason))})`,
        }))}
        value={filter.reason}
        onChange={(value) => onFilter({ ...filter, reason: reasons.find((reason) => reason === value) ?? null })}
        clearable
      />
      <TextInput
        label="With the text"
        placeholder="Any part of it"
        value={filter.text ?? ''}
        onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value || null })}
      />
    </div>
  );
}

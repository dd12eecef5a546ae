import type { DeadLetter } from '../../../shared/model/ingest.ts';
import { wordsOf } from '../../state/error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { StateMark, type StateTone } from '../../ui/state-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import { addressOf, KIND_WORDS, type LiveSource, STATE_MEANS, STATE_WORDS } from './source-words.ts';
import classes from './sources.module.css';
import { useLiveSources } from './use-sources.ts';

export type LetterCount = { origin: string; reason: DeadLetter['reason']; count: number };

/** One row a live source: whether it is well, what came, and what could not be read. */
export function LiveSources({
  selectedId,
  onSelect,
  letters,
  onLetters,
  empty,
}: {
  selectedId: number | null;
  onSelect: (id: number | null) => void;
  letters: readonly LetterCount[];
  /** Shows the dead letters of this source. */
  onLetters: (origin: string) => void;
  /** What to say, and what to do, when there is none. */
  empty: string;
}) {
  const sources = useLiveSources();
  const lettersOf = (name: string) =>
    letters.filter(({ origin }) => origin === name).reduce((sum, { count }) => sum + count, 0);
  const columns: Column<LiveSource>[] = [
    {
      key: 'name',
      header: 'Source',
      render: ({ source, health }) => (
        <>
          <button
            type="button"
            className={classes.sourceName}
            aria-expanded={source.id === selectedId}
            onClick={() => onSelect(source.id === selectedId ? null : source.id)}
          >
            <LineText text={source.name} />
          </button>
          <div className="ew-small">
            {KIND_WORDS[source.settings.kind]},{' '}
            <bdi className="ew-mono">{addressOf(source.settings, health.listensOn)}</bdi>
          </div>
          {health.problem === null ? null : <div className={classes.problem}>{health.problem}</div>}
        </>
      ),
    },
    { key: 'state', header: 'State', width: '110px', render: ({ health }) => <SourceStateMark health={health} /> },
    {
      key: 'last',
      header: 'Last alert',
      align: 'right',
      width: '110px',
      render: ({ health }) =>
        health.lastAlertAtMs === null ? (
          'none yet'
        ) : (
          <TimeText atMs={health.lastAlertAtMs} which="arrival" form="age" />
        ),
    },
    {
      key: 'hour',
      header: 'This hour',
      align: 'right',
      width: '90px',
      render: ({ health }) => formatCount(health.thisHour),
    },
    {
      key: 'lastHour',
      header: 'Last hour',
      align: 'right',
      width: '90px',
      importance: 2,
      render: ({ health }) => formatCount(health.lastHour),
    },
    {
      key: 'stored',
      header: 'Stored',
      align: 'right',
      width: '90px',
      importance: 2,
      render: ({ health }) => formatCount(health.counts.stored),
    },
    {
      key: 'dropped',
      header: 'Lost',
      align: 'right',
      width: '70px',
      importance: 3,
      render: ({ health }) => formatCount(health.dropped),
    },
    {
      key: 'letters',
      header: 'Not read',
      align: 'right',
      width: '90px',
      render: ({ source }) => {
        const count = lettersOf(source.name);
        if (count === 0) return '0';
        return (
          <button
            type="button"
            className={classes.sourceName}
            aria-label={`${formatCount(count)}: show what ${source.name} sent and could not be read`}
            onClick={() => onLetters(source.name)}
          >
            {formatCount(count)}
          </button>
        );
      },
    },
  ];
  return (
    <QueryState
      data={sources.data}
      error={sources.error === null ? null : wordsOf(sources.error, 'Reading the live sources')}
      label="the live sources"
      onRetry={() => void sources.refetch()}
    >
      {(data) => (
        <DataTable
          caption="Live sources and how they do"
          columns={columns}
          rows={data}
          rowKey={({ source }) => source.id}
          empty={empty}
        />
      )}
    </QueryState>
  );
}

const TONES: Readonly<Record<LiveSource['health']['state'], StateTone>> = {
  off: 'idle',
  starting: 'plain',
  waiting: 'plain',
  running: 'good',
  held: 'watch',
  failing: 'bad',
  silent: 'watch',
};

export function SourceStateMark({ health: { state } }: { health: LiveSource['health'] }) {
  return <StateMark word={STATE_WORDS[state]} tone={TONES[state]} means={STATE_MEANS[state]} />;
}

import { wordsOf } from '../../state/error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { formatCount, shareOf } from '../../ui/words.ts';
import { type NoisyRule, newRuleHash } from './rule-words.ts';
import { useNoise } from './use-rules.ts';

const COLUMNS: readonly Column<NoisyRule>[] = [
  {
    key: 'name',
    header: 'Rule of a product',
    render: (row) => (
      <>
        <LineText text={row.name} limit={200} />
        <div className="ew-muted ew-small">
          {row.product}, <LineText text={row.ruleId} limit={100} />
        </div>
      </>
    ),
  },
  { key: 'items', header: 'Items', align: 'right', width: '80px', render: (row) => formatCount(row.groups) },
  {
    key: 'minutes',
    header: 'Minutes of people',
    align: 'right',
    width: '100px',
    render: (row) => formatCount(Math.round(row.minutes)),
  },
  {
    key: 'tp',
    header: 'True positives',
    align: 'right',
    width: '130px',
    render: (row) => (row.decided === 0 ? 'none decided' : shareOf(row.truePositives, row.decided)),
  },
  {
    key: 'draft',
    header: 'What can be done',
    width: '170px',
    render: (row) => <a href={newRuleHash(row.exampleGroupId)}>Draft a rule from it</a>,
  },
];

/** What costs people most and finds least. */
export function NoisePanel({ sinceMs }: { sinceMs: number }) {
  const noise = useNoise(sinceMs);
  return (
    <QueryState
      data={noise.data}
      error={noise.error === null ? null : wordsOf(noise.error, 'Reading what is noisy')}
      label="the noise"
      onRetry={() => void noise.refetch()}
    >
      {(data) => (
        <DataTable
          caption="Rules of products that cost most minutes with fewest true positives"
          columns={COLUMNS}
          rows={data}
          rowKey={(row) => `${row.product} ${row.ruleId}`}
          empty="Nothing that people closed in this time was noise."
        />
      )}
    </QueryState>
  );
}

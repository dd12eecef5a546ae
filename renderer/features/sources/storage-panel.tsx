import { useQuery } from '@tanstack/react-query';
import type { StorageStatus } from '../../../shared/model/storage.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { formatCount } from '../../ui/words.ts';
import classes from './sources.module.css';
import { policyWords, roomWords, storageSentences } from './storage-words.ts';

type Row = StorageStatus['byMonth'][number];

const COLUMNS: readonly Column<Row>[] = [
  { key: 'month', header: 'Arrived in', render: (row) => row.month },
  { key: 'severity', header: 'Severity', render: (row) => <SeverityMark severity={row.severity} withWord /> },
  { key: 'records', header: 'Originals', align: 'right', render: (row) => formatCount(row.records) },
  { key: 'text', header: 'Text', align: 'right', importance: 2, render: (row) => roomWords(row.rawBytes) },
  { key: 'stored', header: 'On the disk', align: 'right', render: (row) => roomWords(row.storedBytes) },
];

/** What originals take, what the storage policy drops next, and what holds the rest. For leads. */
export function StoragePanel() {
  const engine = useEngine();
  const nowMs = useNow();
  const status = useQuery({ queryKey: keys.sources('storage'), queryFn: () => engine.workspace.storage({}) });
  return (
    <Panel title="How long originals are kept" note="A policy file says it. Decisions and alerts stay in any case.">
      <QueryState
        data={status.data}
        error={status.error === null ? null : wordsOf(status.error, 'Reading what is kept')}
        label="what is kept"
        onRetry={() => void status.refetch()}
      >
        {(data) => (
          <div className={classes.column}>
            <p>{policyWords(data.policy)}</p>
            <DataTable
              caption="Originals by month of arrival and severity"
              columns={COLUMNS}
              rows={data.byMonth}
              rowKey={(row) => `${row.month} ${row.severity}`}
              empty="No originals are kept yet."
            />
            <div className="ew-muted">
              {storageSentences(data, nowMs).map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
            </div>
          </div>
        )}
      </QueryState>
    </Panel>
  );
}

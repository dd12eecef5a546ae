import { Button } from '@mantine/core';
import type { InferContractRouterOutputs } from '@orpc/contract';
import { useState } from 'react';
import type { Contract } from '../../../shared/contract/index.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration } from '../../ui/duration.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import classes from './sources.module.css';

type Run = InferContractRouterOutputs<Contract>['sources']['summary']['runs'][number];

const COLUMNS: readonly Column<Run>[] = [
  { key: 'origin', header: 'From', render: (run) => <EntityText value={run.origin} /> },
  { key: 'at', header: 'Started', render: (run) => <TimeText atMs={run.startedAtMs} /> },
  { key: 'took', header: 'Took', align: 'right', render: (run) => tookWords(run.report.elapsedMs) },
  { key: 'read', header: 'Read', align: 'right', render: (run) => formatCount(run.report.read) },
  { key: 'queued', header: 'To the queue', align: 'right', render: (run) => formatCount(run.report.queued) },
  {
    key: 'closed',
    header: 'Closed by rules or source',
    align: 'right',
    render: (run) => formatCount(run.report.autoClosed),
  },
  { key: 'rejected', header: 'Rejected', align: 'right', render: (run) => formatCount(run.report.rejected) },
];

function tookWords(ms: number): string {
  return ms < 1000 ? 'under 1 s' : formatDuration(ms);
}

const SHOWN_FIRST = 10;

export function RunTable({ runs }: { runs: readonly Run[] }) {
  const [isWhole, setWhole] = useState(false);
  return (
    <>
      <DataTable
        caption="Files and uploads, newest first"
        columns={COLUMNS}
        rows={isWhole ? runs : runs.slice(0, SHOWN_FIRST)}
        rowKey={(run) => run.id}
        empty="None yet."
      />
      {isWhole || runs.length <= SHOWN_FIRST ? null : (
        <div className={classes.more}>
          <Button onClick={() => setWhole(true)}>Show all {runs.length}</Button>
        </div>
      )}
    </>
  );
}

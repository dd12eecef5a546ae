import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { formatDuration } from '../../ui/duration.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';

type Run = InferContractRouterOutputs<Contract>['sources']['summary']['runs'][number];

const COLUMNS: readonly Column<Run>[] = [
  { key: 'origin', header: 'From', render: (run) => <EntityText value={run.origin} /> },
  { key: 'at', header: 'Started', render: (run) => <TimeText atMs={run.startedAtMs} /> },
  { key: 'took', header: 'Took', align: 'right', render: (run) => formatDuration(run.report.elapsedMs) },
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

export function RunTable({ runs }: { runs: readonly Run[] }) {
  return (
    <DataTable
      caption="Files and uploads, newest first"
      columns={COLUMNS}
      rows={runs}
      rowKey={(run) => run.id}
      empty="None yet."
    />
  );
}

import type { InferContractRouterOutputs } from '@orpc/contract';
import type { Contract } from '../../../shared/contract/index.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';

type FormatRow = InferContractRouterOutputs<Contract>['sources']['summary']['byFormat'][number];
type CountKey = keyof FormatRow['counts'];

const COUNTS: readonly { key: CountKey; header: string; importance: 1 | 2 | 3 }[] = [
  { key: 'read', header: 'Read', importance: 1 },
  { key: 'stored', header: 'Stored', importance: 1 },
  { key: 'updated', header: 'Updated', importance: 2 },
  { key: 'duplicates', header: 'Duplicates', importance: 2 },
  { key: 'rejected', header: 'Rejected', importance: 1 },
  { key: 'skipped', header: 'Skipped', importance: 3 },
];

const COLUMNS: readonly Column<FormatRow>[] = [
  { key: 'label', header: 'Format', render: (row) => row.label },
  ...COUNTS.map(
    ({ key, header, importance }): Column<FormatRow> => ({
      key,
      header,
      importance,
      align: 'right',
      render: (row) => formatCount(row.counts[key]),
    }),
  ),
  {
    key: 'last',
    header: 'Last alert arrived',
    align: 'right',
    render: (row) =>
      row.lastAtMs === null ? 'none yet' : <TimeText atMs={row.lastAtMs} which="arrival" form="both" />,
  },
];

export function FormatTable({ formats }: { formats: readonly FormatRow[] }) {
  return (
    <DataTable
      caption="What was read, by format"
      columns={COLUMNS}
      rows={formats}
      rowKey={(row) => row.format}
      empty="Nothing was read yet. Choose a file above, or run: npm run -s evenwatch -- ingest FILE"
    />
  );
}

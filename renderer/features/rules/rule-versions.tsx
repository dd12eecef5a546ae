import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import { RuleStatusMark } from './rule-status.tsx';
import type { RuleDetail } from './rule-words.ts';
import classes from './rules.module.css';

type Version = RuleDetail['versions'][number];

function placeWords({ isInForce, isBeside, status }: Version): string {
  if (isInForce) return status === 'suspended' ? ', stopped' : ', in force';
  return isBeside ? ', beside it' : '';
}

export function RuleVersions({ detail, onVersion }: { detail: RuleDetail; onVersion: (version: number) => void }) {
  const columns: Column<Version>[] = [
    {
      key: 'version',
      header: 'Version',
      width: '90px',
      render: (row) => (
        <button
          type="button"
          className={classes.link}
          aria-pressed={row.version === detail.version}
          onClick={() => onVersion(row.version)}
        >
          {row.version}
          {placeWords(row)}
        </button>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: '110px',
      render: (row) => <RuleStatusMark status={row.status} />,
    },
    { key: 'why', header: 'Because', render: (row) => row.statusReason ?? '' },
    { key: 'author', header: 'Written by', width: '150px', render: (row) => row.author ?? 'a file' },
    {
      key: 'at',
      header: 'Since',
      width: '170px',
      importance: 2,
      render: (row) => <TimeText atMs={row.loadedAtMs} form="minute" />,
    },
    { key: 'hits', header: 'Alerts matched', align: 'right', width: '80px', render: (row) => formatCount(row.hits) },
    { key: 'closed', header: 'Alerts closed', align: 'right', width: '80px', render: (row) => formatCount(row.closed) },
  ];
  return (
    <DataTable
      caption="Versions of this rule, newest first"
      columns={columns}
      rows={detail.versions}
      rowKey={(row) => row.version}
    />
  );
}

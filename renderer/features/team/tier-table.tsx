import { ANY_OPEN } from '../../../shared/model/queue.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount, TIER_WORDS } from '../../ui/words.ts';
import { queueHash } from '../queue/queue-route.ts';
import type { TierFacts } from './overview-types.ts';
import classes from './team.module.css';

const COLUMNS: readonly Column<TierFacts>[] = [
  {
    key: 'tier',
    header: 'Tier',
    render: (row) => <a href={queueHash({ ...ANY_OPEN, tiers: [row.tier] })}>{TIER_WORDS[row.tier]}</a>,
  },
  { key: 'backlog', header: 'Open', align: 'right', render: (row) => formatCount(row.backlog) },
  { key: 'unowned', header: 'Without owner', align: 'right', render: (row) => formatCount(row.unowned) },
  {
    key: 'oldest',
    header: 'Oldest',
    align: 'right',
    render: (row) =>
      row.oldestReceivedAtMs === null ? 'none' : <TimeText atMs={row.oldestReceivedAtMs} which="arrival" form="age" />,
  },
  { key: 'in', header: 'In, last hour', align: 'right', render: (row) => formatCount(row.inLastHour) },
  { key: 'out', header: 'Out, last hour', align: 'right', render: (row) => formatCount(row.outLastHour) },
  {
    key: 'due',
    header: 'Clocks due',
    align: 'right',
    render: (row) => <Clock n={row.clocksAtRisk} state="due" />,
  },
  {
    key: 'breached',
    header: 'Breached',
    align: 'right',
    render: (row) => <Clock n={row.breached} state="breached" />,
  },
  { key: 'duty', header: 'On duty', align: 'right', render: (row) => formatCount(row.onDuty) },
];

function Clock({ n, state }: { n: number; state: 'due' | 'breached' }) {
  return n === 0 ? '0' : <span className={classes[state]}>{formatCount(n)}</span>;
}

export function TierTable({ tiers }: { tiers: readonly TierFacts[] }) {
  return <DataTable caption="Open work by tier" columns={COLUMNS} rows={tiers} rowKey={(row) => row.tier} />;
}

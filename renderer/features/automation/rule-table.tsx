import type { RuleSummary } from '../../../shared/model/rule.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import { actionWords } from './action-words.ts';
import classes from './automation.module.css';

const STATUS_WORDS: Readonly<Record<RuleSummary['status'], string>> = {
  draft: 'Draft',
  shadow: 'Shadow',
  provisional: 'Provisional',
  certified: 'Certified',
  suspended: 'Suspended',
  expired: 'Expired',
};

const STATUS_MEANS: Readonly<Record<RuleSummary['status'], string>> = {
  draft: 'It does not run.',
  shadow: 'It says what it would do and does nothing.',
  provisional: 'It acts, approved by a second person, within a daily limit; it is not proven yet.',
  certified: 'It acts, and its bound on false closes holds.',
  suspended: 'It stopped acting.',
  expired: 'Its date has passed: it does nothing until somebody renews it.',
};

/** One row a rule, in the order of titles. `onSelect` shows what it closed. */
export function RuleTable({
  rules,
  selectedId,
  onSelect,
}: {
  rules: readonly RuleSummary[];
  selectedId: string | null;
  onSelect: (id: string | null) => void;
}) {
  const columns: Column<RuleSummary>[] = [
    {
      key: 'title',
      header: 'Rule',
      render: (rule) => (
        <>
          <button
            type="button"
            className={classes.ruleName}
            aria-pressed={rule.id === selectedId}
            onClick={() => onSelect(rule.id === selectedId ? null : rule.id)}
          >
            {rule.title}
          </button>
          <div className="ew-muted ew-small">{rule.actions.map(actionWords).join('; ')}</div>
        </>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: '110px',
      render: (rule) => (
        <span className={classes.status} data-status={rule.status} title={STATUS_MEANS[rule.status]}>
          {STATUS_WORDS[rule.status]}
        </span>
      ),
    },
    { key: 'owner', header: 'Answerable', width: '120px', render: (rule) => rule.owner, importance: 2 },
    {
      key: 'expires',
      header: 'Expires',
      width: '100px',
      render: (rule) => rule.expires ?? 'never closes',
      importance: 3,
    },
    { key: 'hits', header: 'Matched', align: 'right', width: '80px', render: (rule) => formatCount(rule.hits) },
    { key: 'closed', header: 'Closed', align: 'right', width: '80px', render: (rule) => formatCount(rule.closed) },
    {
      key: 'would',
      header: 'Would have closed',
      align: 'right',
      width: '90px',
      render: (rule) => formatCount(rule.wouldHaveClosed),
      importance: 2,
    },
    {
      key: 'withheld',
      header: 'Held back by guards',
      align: 'right',
      width: '90px',
      render: (rule) => formatCount(rule.withheld),
      importance: 3,
    },
    {
      key: 'last',
      header: 'Last match',
      align: 'right',
      width: '90px',
      render: (rule) => (rule.lastHitAtMs === null ? 'none yet' : <TimeText atMs={rule.lastHitAtMs} form="age" />),
      importance: 3,
    },
  ];
  return (
    <DataTable
      caption="Rules and what they did"
      columns={columns}
      rows={rules}
      rowKey={(rule) => rule.id}
      empty="There are no rules yet. Put rule files into the workspace's rules folder; they are read at the next start."
    />
  );
}

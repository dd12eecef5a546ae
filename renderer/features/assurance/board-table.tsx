import type { ReactNode } from 'react';
import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import type { AssuredRule } from '../../../shared/model/assurance.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { StateMark } from '../../ui/state-mark.tsx';
import { formatCount } from '../../ui/words.ts';
import { ruleHash } from '../rules/rule-words.ts';
import classes from './assurance.module.css';
import { boundWords, stateWords } from './assurance-words.ts';
import { BoundPlot } from './bound-plot.tsx';

/** One line a rule that closes: what is known of how often it is wrong. */
export function BoardTable({
  rules,
  selectedId,
  onSelect,
  detail,
}: {
  rules: readonly AssuredRule[];
  selectedId: string | null;
  onSelect: (id: string | null) => void;
  /** What stands under the selected line. */
  detail: (rule: AssuredRule) => ReactNode;
}) {
  const columns: Column<AssuredRule>[] = [
    {
      key: 'title',
      header: 'Rule',
      render: (rule) => (
        <>
          <a href={ruleHash(rule.ruleId)}>
            <LineText text={rule.title} />
          </a>
          <div className="ew-muted ew-small">
            Version {rule.version}, answerable: {rule.owner}
            {rule.family === null ? '' : `, family ${rule.family}`}
          </div>
          {rule.suspension === null || rule.reasons[0] === undefined ? null : (
            <div className={classes.reason}>{rule.reasons[0]}</div>
          )}
        </>
      ),
    },
    {
      key: 'state',
      header: 'State',
      width: '150px',
      render: (rule) => <StateMark {...stateWords(rule)} />,
    },
    {
      key: 'closed',
      header: 'Items closed',
      align: 'right',
      width: '60px',
      render: (rule) => formatCount(rule.closed),
    },
    { key: 'audited', header: 'Audited', align: 'right', width: '64px', render: (rule) => formatCount(rule.audited) },
    { key: 'misses', header: 'Misses', align: 'right', width: '60px', render: (rule) => formatCount(rule.misses) },
    {
      key: 'bound',
      header: 'Wrong at most',
      align: 'right',
      width: '146px',
      render: (rule) => (
        <>
          {boundWords(rule)}
          <div className="ew-muted ew-small">may be {percent(rule.maxFalseCloseRate)}</div>
        </>
      ),
    },
    {
      key: 'plot',
      header: 'Over time',
      width: '140px',
      importance: 2,
      render: (rule) => <BoundPlot rule={rule} />,
    },
    {
      key: 'days',
      header: 'Days left',
      align: 'right',
      width: '60px',
      importance: 2,
      render: (rule) => (rule.daysLeft === null ? 'no end' : formatCount(rule.daysLeft)),
    },
    {
      key: 'more',
      header: 'More',
      width: '50px',
      render: (rule) => (
        <button
          type="button"
          className={classes.link}
          aria-expanded={rule.ruleId === selectedId}
          aria-label={`${rule.ruleId === selectedId ? 'Less' : 'More'}: what is known of ${rule.title}`}
          onClick={() => onSelect(rule.ruleId === selectedId ? null : rule.ruleId)}
        >
          {rule.ruleId === selectedId ? 'Less' : 'More'}
        </button>
      ),
    },
  ];
  return (
    <DataTable
      caption="Rules that close, and how well they are proven"
      columns={columns}
      rows={rules}
      rowKey={(rule) => rule.ruleId}
      detail={(rule) => (rule.ruleId === selectedId ? detail(rule) : null)}
      empty="No rule that closes is in force. Once one is, its closures are drawn for audit here."
    />
  );
}

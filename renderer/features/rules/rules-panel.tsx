import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import { wordsOf } from '../../state/error-words.ts';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount } from '../../ui/words.ts';
import type { Board } from '../assurance/assurance-words.ts';
import { useBoard } from '../assurance/use-board.ts';
import { actionWords } from '../automation/action-words.ts';
import { RuleStatusMark } from './rule-status.tsx';
import { expiresWords, proposalHash, type RuleLine, ruleHash } from './rule-words.ts';
import classes from './rules.module.css';
import { useRules } from './use-rules.ts';

/** Every rule in the order of titles: its status, who answers for it, and what it took off people. */
export function RulesPanel() {
  const nowMs = useNow();
  const rules = useRules();
  const board = useBoard();
  const columns: Column<RuleLine>[] = [
    {
      key: 'title',
      header: 'Rule',
      render: (rule) => (
        <>
          <a href={ruleHash(rule.id)}>
            <LineText text={rule.title} />
          </a>
          <div className="ew-muted ew-small">{rule.actions.map(actionWords).join('; ')}</div>
          {rule.openProposalId === null ? null : (
            <div className="ew-small">
              <a href={proposalHash(rule.openProposalId)}>A proposal waits for an answer</a>
            </div>
          )}
          {rule.newer === null ? null : (
            <div className="ew-small">
              Version {rule.newer.version}, {rule.newer.status}, is newer than version {rule.version}, which is in
              force.
            </div>
          )}
        </>
      ),
    },
    {
      key: 'status',
      header: 'Status',
      width: '100px',
      render: (rule) => <RuleStatusMark status={rule.status} />,
    },
    { key: 'owner', header: 'Answerable', width: '112px', importance: 2, render: (rule) => rule.owner },
    {
      key: 'expires',
      header: 'Ends',
      width: '92px',
      importance: 3,
      render: (rule) => <span title={rule.expires ?? undefined}>{expiresWords(rule.expires, nowMs)}</span>,
    },
    {
      key: 'week',
      header: 'Alerts closed',
      align: 'right',
      width: '88px',
      render: (rule) => formatCount(rule.closedThisWeek),
    },
    {
      key: 'minutes',
      header: 'Minutes saved',
      align: 'right',
      width: '92px',
      importance: 2,
      render: (rule) => formatCount(Math.round(rule.minutesThisWeek)),
    },
    {
      key: 'bound',
      header: 'Bound on false closes',
      align: 'right',
      width: '168px',
      render: (rule) => <Bound board={board.data} rule={rule} />,
    },
    {
      key: 'last',
      header: 'Last match',
      align: 'right',
      width: '84px',
      importance: 3,
      render: (rule) => (rule.lastHitAtMs === null ? 'none yet' : <TimeText atMs={rule.lastHitAtMs} form="ago" />),
    },
  ];
  return (
    <QueryState
      data={rules.data}
      error={rules.error === null ? null : wordsOf(rules.error, 'Reading the rules')}
      label="the rules"
      onRetry={() => void rules.refetch()}
    >
      {(data) => (
        <div className={classes.panel}>
          <DataTable
            caption="Rules, what they did and how well they are proven"
            columns={columns}
            rows={data.rules}
            rowKey={(rule) => rule.id}
            empty="There are no rules yet. Write one, make one from an alert in the queue with r, or put rule files into the workspace’s rules folder."
          />
        </div>
      )}
    </QueryState>
  );
}

/** The bound, what it rests on, and what it may be. */
function Bound({ board, rule }: { board: Board | undefined; rule: RuleLine }) {
  const line = board?.rules.find(({ ruleId }) => ruleId === rule.id);
  if (line === undefined) {
    const isClosing = rule.actions.some((action) => 'close' in action || 'suppress' in action);
    return <span className="ew-muted">{isClosing ? 'not in force' : 'does not close'}</span>;
  }
  return (
    <>
      {line.audited === 0 ? 'nothing audited yet' : `at most ${percent(line.bound)}`}
      <div className="ew-muted ew-small">
        {line.audited === 0 ? null : <span className="ew-whole">{formatCount(line.audited)} audited, </span>}
        <span className="ew-whole">may be {percent(line.maxFalseCloseRate)}</span>
      </div>
    </>
  );
}

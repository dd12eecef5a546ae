import { wordsOf } from '../../state/error-words.ts';
import { HostileText } from '../../ui/hostile-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import classes from './automation.module.css';
import { useRuleDocument } from './use-automation.ts';

/** One rule: why it is safe, and its text as it was written. */
export function RuleDetail({ id }: { id: string }) {
  const rule = useRuleDocument(id);
  return (
    <QueryState
      data={rule.data}
      error={rule.error === null ? null : wordsOf(rule.error, 'Reading the rule')}
      label="the rule"
      onRetry={() => void rule.refetch()}
    >
      {({ summary, document }) => (
        <Panel title={summary.title} note={`Version ${summary.version}, answerable: ${summary.owner}`}>
          <p className={classes.rationale}>{summary.rationale}</p>
          {summary.problems.length === 0 ? null : (
            <ul className={classes.problems}>
              {summary.problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          )}
          <HostileText text={document} label="The rule as it was written" />
        </Panel>
      )}
    </QueryState>
  );
}

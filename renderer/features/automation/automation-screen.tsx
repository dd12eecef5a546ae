import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { wordsOf } from '../../state/error-words.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Figures, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount, shareOf } from '../../ui/words.ts';
import { Closures } from './closures.tsx';
import { ClosuresChart } from './closures-chart.tsx';
import { PauseSwitch } from './pause-switch.tsx';
import { RuleDetail } from './rule-detail.tsx';
import { RuleTable } from './rule-table.tsx';
import { useAutomationSummary } from './use-automation.ts';

/** What rules closed and why, and which rule is answerable for it. */
export default function AutomationScreen() {
  const nowMs = useNow();
  const [days, setDays] = useState(14);
  const [ruleId, setRuleId] = useState<string | null>(null);
  const summary = useAutomationSummary(days, nowMs);
  return (
    <QueryState
      data={summary.data}
      error={summary.error === null ? null : wordsOf(summary.error, 'Reading what automation did')}
      label="what automation did"
      onRetry={() => void summary.refetch()}
    >
      {(data) => (
        <Page
          note={
            <>
              Since <TimeText atMs={data.sinceMs} form="minute" />, as of <TimeText atMs={data.asOfMs} form="minute" />.
              {data.paused ? <PausedWords by={data.pausedBy} /> : null}
            </>
          }
          action={
            <>
              <SegmentedControl
                aria-label="Window"
                value={String(days)}
                onChange={(value) => setDays(Number(value))}
                data={[
                  { value: '1', label: '24 hours' },
                  { value: '7', label: '7 days' },
                  { value: '14', label: '14 days' },
                ]}
              />
              <PauseSwitch paused={data.paused} />
            </>
          }
        >
          <Figures
            figures={[
              {
                label: 'Alerts received',
                value: formatCount(data.received),
                of: `in the last ${days === 1 ? '24 hours' : `${days} days`}`,
              },
              {
                label: 'Closed by rules',
                value: formatCount(data.closedByRules),
                of: shareOf(data.closedByRules, data.received),
              },
              {
                label: 'Closed at source',
                value: formatCount(data.closedAtSource),
                of: shareOf(data.closedAtSource, data.received),
              },
              { label: 'To the queue', value: formatCount(data.queued), of: shareOf(data.queued, data.received) },
              {
                label: 'Held back by guards',
                value: formatCount(data.withheldByGuards),
                of: 'matches that a guard stopped',
              },
            ]}
          />
          <Panel title="By day">
            <ClosuresChart days={data.days} />
          </Panel>
          <Panel
            title="Rules"
            note="Counts since each version was loaded. Choose one to see its text and what it closed."
          >
            <RuleTable rules={data.rules} selectedId={ruleId} onSelect={setRuleId} />
          </Panel>
          {ruleId === null ? null : <RuleDetail id={ruleId} />}
          <Panel
            title={ruleId === null ? 'What rules closed, and why' : 'What this rule closed, and why'}
            note="Newest first. Each can be reopened from the queue."
          >
            <Closures ruleId={ruleId} />
          </Panel>
        </Page>
      )}
    </QueryState>
  );
}

function PausedWords({ by }: { by: string | null }) {
  return (
    <strong>
      {' '}
      Paused
      {by === null ? null : (
        <>
          {' '}
          by <LineText text={by} />
        </>
      )}
      : rules only say what they would do.
    </strong>
  );
}

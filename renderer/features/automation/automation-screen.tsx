import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useRoute } from '../../frame/route.ts';
import { wordsOf } from '../../state/error-words.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Figures, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useNow } from '../../ui/time-context.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { formatCount, shareOf } from '../../ui/words.ts';
import { CorrectionsPanel } from '../rules/corrections-panel.tsx';
import { MutesPanel } from '../rules/mutes-panel.tsx';
import { NewRule } from '../rules/new-rule.tsx';
import { NoisePanel } from '../rules/noise-panel.tsx';
import { ProposalScreen } from '../rules/proposal-screen.tsx';
import { ProposalsPanel } from '../rules/proposals-panel.tsx';
import { RuleScreen } from '../rules/rule-screen.tsx';
import { newRuleHash } from '../rules/rule-words.ts';
import { RulesPanel } from '../rules/rules-panel.tsx';
import { Closures } from './closures.tsx';
import { ClosuresChart } from './closures-chart.tsx';
import { PauseSwitch } from './pause-switch.tsx';
import { useAutomationSummary } from './use-automation.ts';

/** Rules: what they closed and why, each by itself, and what is proposed. */
export default function AutomationScreen() {
  const { rest, params } = useRoute();
  const [what, id = ''] = rest;
  if (what === 'rule') return <RuleScreen key={id} id={id} />;
  if (what === 'proposal') return <ProposalScreen key={id} id={Number(id)} />;
  if (what === 'new') {
    const from = Number(params.get('from'));
    return <NewRule key={from} fromGroupId={Number.isSafeInteger(from) && from > 0 ? from : null} />;
  }
  return <Overview />;
}

function Overview() {
  const nowMs = useNow();
  const [days, setDays] = useState(14);
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
                label: 'Held back',
                value: formatCount(data.withheldByGuards),
                of: 'matches, by guards or a daily limit',
              },
            ]}
          />
          <Panel title="By day">
            <ClosuresChart days={data.days} />
          </Panel>
          <Panel
            title="Rules"
            note="The version in force, or the newest. Alerts closed and minutes saved are of the last seven days."
            action={<a href={newRuleHash()}>Write a rule</a>}
          >
            <RulesPanel />
          </Panel>
          <MutesPanel />
          <CorrectionsPanel />
          <Panel title="Proposals" note="Open for comment by everybody, approved by a second person.">
            <ProposalsPanel />
          </Panel>
          <Panel
            title="Noise"
            note="Rules of products that cost most minutes with fewest true positives, by what people closed in this time."
          >
            <NoisePanel sinceMs={data.sinceMs} />
          </Panel>
          <Panel title="What rules closed, and why" note="Newest first. Each can be reopened from the queue.">
            <Closures ruleId={null} />
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

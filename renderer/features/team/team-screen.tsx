import { useQuery } from '@tanstack/react-query';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useHasRole } from '../../state/workspace.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Columns, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { BandsPanel } from './bands-panel.tsx';
import { FlowChart } from './flow-chart.tsx';
import { PeopleTable } from './people-table.tsx';
import { RestConflicts } from './rest-conflicts.tsx';
import { RotaRequests } from './rota-requests.tsx';
import { TierTable } from './tier-table.tsx';

const LIVE_MS = 30_000;

/** Operational facts for a lead: live from the first minute, and nobody's history. */
export default function TeamScreen() {
  const engine = useEngine();
  const isLead = useHasRole('lead');
  const overview = useQuery({
    queryKey: keys.team('overview'),
    queryFn: () => engine.team.overview({}),
    refetchInterval: LIVE_MS,
    enabled: isLead,
  });
  if (!isLead) {
    return (
      <Page>
        <EmptyState title="The team’s load is shown to leads">
          Your own load and rest are under My watch. You see them first, and only you see the numbers.
        </EmptyState>
      </Page>
    );
  }
  return (
    <QueryState
      data={overview.data}
      error={overview.error === null ? null : wordsOf(overview.error, 'Reading the team')}
      label="the team"
      onRetry={() => void overview.refetch()}
    >
      {(data) => (
        <Page
          note={
            <>
              As of <TimeText atMs={data.asOfMs} />, read anew every 30 s
            </>
          }
        >
          <Panel title="The work, by tier" note="Open items now; in and out over the last hour.">
            <TierTable tiers={data.tiers} />
          </Panel>
          <Columns>
            <Panel title="In and out">
              <FlowChart flow={data.flow} />
            </Panel>
            <Panel title="Rest in the planned rota" note="From now on. The limit is 11 hours between two duties.">
              <RestConflicts
                conflicts={data.restConflicts}
                hasPlan={data.people.some(({ nextDutyAtMs }) => nextDutyAtMs !== null)}
              />
            </Panel>
          </Columns>
          <Panel title="Who holds what" note="In roster order. A limit belongs to the work and is no target.">
            <PeopleTable people={data.people} />
          </Panel>
          <RotaRequests requests={data.rotaRequests} />
          <BandsPanel bands={data.bands} whyNone={data.whyNoBands} gate={data.gate} people={data.people} />
        </Page>
      )}
    </QueryState>
  );
}

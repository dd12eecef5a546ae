import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Escalation } from '../../../shared/model/queue.ts';
import { ActionKey } from '../../keys/use-keys.tsx';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { useMe } from '../../state/workspace.ts';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { countOf, formatCount } from '../../ui/words.ts';
import { EscalationCard } from './escalation-card.tsx';
import classes from './escalations.module.css';

/** Questions that one tier asked of another: to mine first, then those of other tiers, then what was answered. */
export default function EscalationsScreen() {
  const engine = useEngine();
  const me = useMe();
  const [state, setState] = useState<'open' | 'all'>('open');
  const escalations = useQuery({
    queryKey: keys.escalations(state),
    queryFn: () => engine.escalations.list({ state, tier: null }),
  });
  return (
    <QueryState
      data={escalations.data}
      error={escalations.error === null ? null : wordsOf(escalations.error, 'Reading escalations')}
      label="escalations"
      onRetry={() => void escalations.refetch()}
    >
      {(data) => {
        const mine = data.filter((one) => isOpen(one) && one.toTier === me?.tier);
        const others = data.filter((one) => isOpen(one) && one.toTier !== me?.tier);
        const done = data.filter((one) => !isOpen(one));
        return (
          <Page
            note={`${countOf(mine.length, 'open question')} to your tier, ${formatCount(others.length)} to other tiers`}
            action={
              <SegmentedControl
                aria-label="Which escalations"
                value={state}
                onChange={(value) => setState(value === 'all' ? 'all' : 'open')}
                data={[
                  { value: 'open', label: 'Open' },
                  { value: 'all', label: 'With answered' },
                ]}
              />
            }
          >
            <Mine escalations={mine} />
            {others.length === 0 ? null : (
              <Panel title="To other tiers">
                <List escalations={others} />
              </Panel>
            )}
            {done.length === 0 ? null : (
              <Panel title="Answered and returned" note="Newest first">
                <List escalations={done} />
              </Panel>
            )}
          </Page>
        );
      }}
    </QueryState>
  );
}

/** What waits for my tier. Whoever answered one goes on with the next, or reads that none is left. */
function Mine({ escalations }: { escalations: readonly Escalation[] }) {
  const area = useRef<HTMLDivElement>(null);
  useCaughtFocus(area, escalations.length);
  return (
    <Panel title="To my tier">
      <div ref={area} tabIndex={-1}>
        {escalations.length === 0 ? (
          <p className="ew-muted">
            Nobody waits for an answer from your tier. A question comes here with its item and a clock. To ask one,
            press <ActionKey action="escalate" /> <span className="ew-visually-hidden">the key for “Escalate”</span> on
            an item of the queue.
          </p>
        ) : (
          <List escalations={escalations} canAnswer />
        )}
      </div>
    </Panel>
  );
}

function isOpen(escalation: Escalation): boolean {
  return escalation.status === 'open' || escalation.status === 'accepted';
}

function List({ escalations, canAnswer = false }: { escalations: readonly Escalation[]; canAnswer?: boolean }) {
  return (
    <ol className={classes.list}>
      {escalations.map((escalation) => (
        <li key={escalation.id}>
          <EscalationCard escalation={escalation} canAnswer={canAnswer} />
        </li>
      ))}
    </ol>
  );
}

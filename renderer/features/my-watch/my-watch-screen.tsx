import { useQuery } from '@tanstack/react-query';
import type { StrainCondition } from '../../../shared/model/strain.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { BandMark } from '../../ui/band-mark.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Columns, Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { Duties } from './duties.tsx';
import classes from './my-watch.module.css';

const EVIDENCE_WORDS: Readonly<Record<StrainCondition['evidence'], string>> = {
  law: 'law',
  cohort: 'cohort studies',
  practitioner: 'practitioner experience',
  computed: 'computed',
  default: 'a default that can be adjusted',
};

/** My own load and rest. I see it first, with every number; nobody else can ask for it. */
export default function MyWatchScreen() {
  const engine = useEngine();
  const watch = useQuery({ queryKey: keys.myWatch(), queryFn: () => engine.myWatch.get({}) });
  return (
    <QueryState
      data={watch.data}
      error={watch.error === null ? null : wordsOf(watch.error, 'Reading your watch')}
      label="your watch"
      onRetry={() => void watch.refetch()}
    >
      {(data) => (
        <Page
          note={
            <>
              <LineText text={data.person.name} />, holding {data.holding} of {data.limit} items. {data.disclaimer}
            </>
          }
        >
          <Columns>
            {data.conditions.map((condition) => (
              <Condition key={condition.key} condition={condition} />
            ))}
          </Columns>
          <Columns>
            <Panel title="My duties" note="Past four weeks and what is planned.">
              <Duties duties={data.duties} nowMs={data.asOfMs} />
            </Panel>
            <Panel title="Who looked at my band">
              <p>
                {data.visibleToLeads
                  ? 'Leads see the word of the band, its driver and what change of the work would help, 24 hours after you at the earliest. They never see these numbers.'
                  : 'Closed to leads. Only you see what is on this page.'}
              </p>
              {data.accessLog.length === 0 ? (
                <p className="ew-muted">Nobody has looked.</p>
              ) : (
                <ul className={classes.log}>
                  {data.accessLog.map((entry) => (
                    <li key={`${entry.atMs} ${entry.viewerName}`}>
                      <TimeText atMs={entry.atMs} /> <LineText text={entry.viewerName} />
                    </li>
                  ))}
                </ul>
              )}
            </Panel>
          </Columns>
        </Page>
      )}
    </QueryState>
  );
}

function Condition({ condition }: { condition: StrainCondition }) {
  return (
    <Panel
      title={condition.title}
      note={`Last ${condition.windowDays} days`}
      action={<BandMark band={condition.band} />}
    >
      <p className={classes.driver}>{condition.driver}</p>
      {condition.action === null ? null : <p className={classes.help}>What would help: {condition.action}</p>}
      <dl className={classes.inputs}>
        {condition.inputs.map((input) => (
          <div key={input.label}>
            <dt>{input.label}</dt>
            <dd>{input.value}</dd>
          </div>
        ))}
      </dl>
      <p className="ew-muted ew-small">
        <code className="ew-mono">{condition.formula}</code>
      </p>
      <p className="ew-muted ew-small">
        {condition.limits}. Source: {condition.source} ({EVIDENCE_WORDS[condition.evidence]}).
      </p>
    </Panel>
  );
}

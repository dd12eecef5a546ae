import { useQuery } from '@tanstack/react-query';
import type { StrainCondition } from '../../../shared/model/strain.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { keys } from '../../state/query-keys.ts';
import { BandMark } from '../../ui/band-mark.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf } from '../../ui/words.ts';
import { Duties } from './duties.tsx';
import classes from './my-watch.module.css';

const EVIDENCE_WORDS: Readonly<Record<StrainCondition['evidence'], string>> = {
  law: 'Law',
  cohort: 'Cohort studies',
  practitioner: 'Experience of practitioners',
  computed: 'Computed from a model of queues',
  default: 'A default, adjustable',
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
              You hold {countOf(data.holding, 'item')}; your limit is {data.limit}. As of{' '}
              <TimeText atMs={data.asOfMs} />.
            </>
          }
        >
          <div className={classes.sides}>
            <div className={classes.side}>
              {data.conditions.map((condition) => (
                <Condition key={condition.key} condition={condition} />
              ))}
              <p className="ew-muted ew-small">{data.disclaimer}</p>
              <Panel title="Who looked at my band">
                <p>
                  {data.visibleToLeads
                    ? 'Leads see the word of the band, its driver and what change of the work would help, 24 hours after you at the earliest. They never see these numbers.'
                    : 'Closed to leads. Only you see what is on this page.'}
                </p>
                <AccessLog entries={data.accessLog} />
              </Panel>
            </div>
            <Panel title="My duties" note="The last four weeks and what is planned, the latest first.">
              <Duties duties={data.duties} nowMs={data.asOfMs} />
            </Panel>
          </div>
        </Page>
      )}
    </QueryState>
  );
}

function AccessLog({ entries }: { entries: readonly { atMs: number; viewerName: string }[] }) {
  if (entries.length === 0) return <p className="ew-muted">Nobody has looked.</p>;
  return (
    <ul className={classes.log}>
      {entries.map((entry) => (
        <li key={`${entry.atMs} ${entry.viewerName}`}>
          <TimeText atMs={entry.atMs} /> <LineText text={entry.viewerName} />
        </li>
      ))}
    </ul>
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
      <dl className={classes.basis}>
        <dt>Formula</dt>
        <dd>
          <code className="ew-mono">{condition.formula}</code>
        </dd>
        <dt>Limits</dt>
        <dd>{condition.limits}</dd>
        <dt>Source</dt>
        <dd>{condition.source}</dd>
        <dt>Evidence</dt>
        <dd>{EVIDENCE_WORDS[condition.evidence]}</dd>
      </dl>
    </Panel>
  );
}

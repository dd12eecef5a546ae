import { useQuery } from '@tanstack/react-query';
import type { OwnRemark, StrainCondition } from '../../../shared/model/strain.ts';
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
import { ForLeadsPanel, whoReads } from './for-leads-panel.tsx';
import classes from './my-watch.module.css';
import { OwnDataPanel } from './own-data-panel.tsx';
import { PausePanel } from './pause-panel.tsx';
import { Remarks } from './remarks.tsx';
import { RotaCorrection } from './rota-correction.tsx';

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
                <Condition key={condition.key} condition={condition} remarks={data.remarks} whoReads={whoReads(data)} />
              ))}
              <p className="ew-muted ew-small">{data.disclaimer}</p>
              <ForLeadsPanel watch={data} />
              <Panel title="Who looked at my band">
                <p>
                  {data.visibleToLeads
                    ? `Each look of a lead is written down here before anything is shown to them, and kept for ${data.keptDays.accessLog} days.`
                    : 'Closed to leads. Only you see what is on this page.'}
                </p>
                <AccessLog entries={data.accessLog} />
              </Panel>
            </div>
            <div className={classes.side}>
              <Panel title="My duties" note="The last four weeks and what is planned, the latest first.">
                <Duties duties={data.duties} nowMs={data.asOfMs} />
                <RotaCorrection duties={data.duties} remarks={data.remarks} />
              </Panel>
              <PausePanel pausedSinceMs={data.pausedSinceMs} />
              <OwnDataPanel />
            </div>
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

function Condition({
  condition,
  remarks,
  whoReads: readers,
}: {
  condition: StrainCondition;
  remarks: readonly OwnRemark[];
  whoReads: string;
}) {
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
        <dt>Not counted</dt>
        <dd>{condition.notCounted}</dd>
        <dt>Limits</dt>
        <dd>{condition.limits}</dd>
        <dt>Source</dt>
        <dd>{condition.source}</dd>
        <dt>Evidence</dt>
        <dd>{EVIDENCE_WORDS[condition.evidence]}</dd>
      </dl>
      <Remarks about={condition.key} title={condition.title.toLowerCase()} remarks={remarks} whoReads={readers} />
    </Panel>
  );
}

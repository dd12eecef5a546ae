import { Button, Progress, Select, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import { formatId } from '../../../shared/model/ids.ts';
import { BACKTEST_ANSWERS } from '../../../shared/model/rule-life.ts';
import { makeStatement } from '../../client/statement.ts';
import { hashOf } from '../../frame/route.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useDecide } from '../../state/use-decide.ts';
import { CHART, ChartFrame } from '../../ui/chart-frame.tsx';
import { formatInstant } from '../../ui/duration.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { LineText } from '../../ui/line-text.tsx';
import { Figures } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryState } from '../../ui/query-state.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { isFocusNowhere } from '../../ui/use-caught-focus.ts';
import { countOf, DISPOSITION_WORDS, formatCount, shareOf } from '../../ui/words.ts';
import { matchedWords } from './matched-words.ts';
import { type Backtest, ruleHash } from './rule-words.ts';
import classes from './rules.module.css';
import { useBacktest } from './use-rules.ts';

/** A version tried on all that is stored: asked for here, watched, and read. */
export function BacktestPanel({ id, version, canRun }: { id: string; version: number; canRun: boolean }) {
  const engine = useEngine();
  const decide = useDecide();
  const backtest = useBacktest(id, version);
  const run = () =>
    decide.run(() => engine.rules.backtest({ statement: makeStatement({ kind: 'rule.backtest' }), id, version }), {
      doing: 'Trying it on history',
      isUndoable: false,
      isShown: true,
    });
  const cancel = (backtestId: number) =>
    decide.run(() => engine.rules.cancelBacktest({ statement: makeStatement({ kind: 'rule.backtest' }), backtestId }), {
      doing: 'Cancelling it',
      isUndoable: false,
      isShown: true,
    });
  return (
    <QueryState
      data={backtest.data}
      error={backtest.error === null ? null : wordsOf(backtest.error, 'Reading the backtest')}
      label="the backtest"
      onRetry={() => void backtest.refetch()}
    >
      {(data) => {
        const isUnderWay = data?.state === 'waiting' || data?.state === 'running';
        return (
          <Panel
            title={`Version ${version} on history`}
            note="Everything that is stored, with what people said of it."
            action={
              !canRun ? null : isUnderWay ? (
                <Button onClick={() => void cancel(data.id)}>Cancel</Button>
              ) : (
                <Button onClick={() => void run()}>{data === null ? 'Try it on history' : 'Try it again'}</Button>
              )
            }
          >
            {data === null ? (
              <p className="ew-muted">Not tried yet. A rule is proposed with what it would have done.</p>
            ) : isUnderWay ? (
              <div role="status" className={classes.panel}>
                <p>
                  {data.state === 'waiting'
                    ? 'It waits for its turn.'
                    : `${Math.round(100 * data.progress)} % is read.`}
                </p>
                <Progress value={100 * data.progress} aria-label="How far it was read" />
              </div>
            ) : (
              <BacktestOutcome backtest={data} canAnswer={canRun} />
            )}
          </Panel>
        );
      }}
    </QueryState>
  );
}

function secondsWords(ms: number): string {
  if (ms < 100) return 'less than 0.1 s';
  return `${(ms / 1000).toLocaleString('en-GB', { maximumFractionDigits: 1 })} s`;
}

/** What a backtest came to. */
export function BacktestOutcome({ backtest, canAnswer }: { backtest: Backtest; canAnswer: boolean }) {
  const { report } = backtest;
  if (report === null) {
    return <p className={classes.alarm}>{backtest.problem ?? `It was ${backtest.state}. Try it again.`}</p>;
  }
  return (
    <div className={classes.panel}>
      <p className="ew-muted">
        {countOf(report.alerts, 'alert')} in {countOf(report.groups, 'item')}, from{' '}
        <TimeText atMs={report.fromMs} form="minute" /> to <TimeText atMs={report.toMs} form="minute" />, read in{' '}
        {secondsWords(report.elapsedMs)}.
      </p>
      <Figures
        figures={[
          {
            label: 'Would have closed',
            value: countOf(report.wouldCloseGroups, 'item'),
            of: `with ${countOf(report.wouldCloseAlerts, 'alert')}: ${shareOf(report.wouldCloseAlerts, report.alerts)}`,
          },
          {
            label: 'True positives among them',
            value: formatCount(
              report.dispositions.find(({ disposition }) => disposition === 'true_positive')?.groups ?? 0,
            ),
            of: `of ${formatCount(report.wouldCloseGroups - report.notDecided)} that people decided`,
          },
          {
            label: 'Minutes saved',
            value: formatCount(Math.round(report.minutesSaved)),
            of: 'at the usual time for each class',
          },
          {
            label: 'Held back by guards',
            value: countOf(
              report.withheld.reduce((sum, { groups }) => sum + groups, 0),
              'item',
            ),
            of: 'that people see all the same',
          },
        ]}
      />
      {report.blocks.map((block) => (
        <p key={block} className={classes.alarm} role="alert">
          {block}
        </p>
      ))}
      <Hits backtest={backtest} canAnswer={canAnswer} />
      <Weeks weeks={report.weeks} />
      {report.overlap.length === 0 ? null : (
        <div>
          <p className="ew-strong">Rules in force that match the same items</p>
          <ul>
            {report.overlap.map((other) => (
              <li key={other.ruleId}>
                <a href={ruleHash(other.ruleId)}>
                  <LineText text={other.title} />
                </a>
                , {countOf(other.groups, 'item')}
                {other.contradicts ? ': it does the contrary there' : ''}
              </li>
            ))}
          </ul>
        </div>
      )}
      {report.unknown.length === 0 ? null : (
        <p className="ew-muted">
          On {report.unknown.map(({ field, alerts }) => `${countOf(alerts, 'alert')} nobody knew ${field}`).join(', ')}:
          there it does nothing.
        </p>
      )}
    </div>
  );
}

const ANSWER_WORDS: Readonly<Record<(typeof BACKTEST_ANSWERS)[number], string>> = {
  label_wrong: 'It was no true positive',
  rule_changed: 'A condition was added that leaves it out',
  accepted: 'It may be closed, and why',
};

/** Each true positive that the rule would have closed: approval waits for an answer to every one. */
function Hits({ backtest, canAnswer }: { backtest: Backtest; canAnswer: boolean }) {
  const list = useRef<HTMLUListElement>(null);
  const head = useRef<HTMLParagraphElement>(null);
  const left = useRef(backtest.unanswered);
  // Whoever answered for one has lost the field under their hands: they go on with the next, or from the count.
  useEffect(() => {
    const hasFallen = backtest.unanswered < left.current;
    left.current = backtest.unanswered;
    if (!hasFallen || !isFocusNowhere()) return;
    (list.current?.querySelector<HTMLElement>('form input[data-reason]') ?? head.current)?.focus();
  }, [backtest.unanswered]);
  if (backtest.hits.length === 0) return null;
  return (
    <div>
      <p ref={head} tabIndex={-1} className="ew-strong">
        {countOf(backtest.hits.length, 'true positive')} that it would have closed, {formatCount(backtest.unanswered)}{' '}
        not answered yet
      </p>
      <ul ref={list} className={classes.hits}>
        {backtest.hits.map((hit) => (
          <li key={hit.groupId} className={classes.hit}>
            <SeverityMark severity={hit.severity} />
            <div>
              <a href={hashOf('queue', [formatId('grp', hit.groupId)], new URLSearchParams({ f: '{"state":"all"}' }))}>
                <LineText text={hit.title} />
              </a>{' '}
              <EntityText value={hit.entity} />
              <div className="ew-small ew-muted">
                {DISPOSITION_WORDS[hit.disposition]}, <TimeText atMs={hit.observedAtMs} which="event" form="both" />.{' '}
                <LineText text={matchedWords(hit.matched)} limit={600} />
              </div>
              {hit.answer === null ? (
                canAnswer ? (
                  <AnswerForm backtestId={backtest.id} groupId={hit.groupId} />
                ) : (
                  <p className={classes.alarm}>Not answered yet.</p>
                )
              ) : (
                <p className="ew-small">
                  {ANSWER_WORDS[hit.answer]}: {hit.answerReason} ({hit.answeredBy})
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function AnswerForm({ backtestId, groupId }: { backtestId: number; groupId: number }) {
  const engine = useEngine();
  const decide = useDecide();
  const [answer, setAnswer] = useState<(typeof BACKTEST_ANSWERS)[number]>('label_wrong');
  const [reason, setReason] = useState('');
  const send = () =>
    decide.run(
      () =>
        engine.rules.answerHit({
          statement: makeStatement({ kind: 'rule.answer', reason }),
          backtestId,
          groupId,
          answer,
          reason,
        }),
      { doing: 'Answering for it', isUndoable: false },
    );
  return (
    <form
      className={classes.answer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Select
        aria-label="Answer"
        data={BACKTEST_ANSWERS.map((value) => ({ value, label: ANSWER_WORDS[value] }))}
        value={answer}
        onChange={(value) => setAnswer(BACKTEST_ANSWERS.find((one) => one === value) ?? 'label_wrong')}
        allowDeselect={false}
      />
      <TextInput
        aria-label="Why"
        data-reason
        placeholder="Why, in a sentence"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button type="submit" disabled={reason.trim().length < 3}>
        Answer
      </Button>
    </form>
  );
}

type Week = NonNullable<Backtest['report']>['weeks'][number];

function Weeks({ weeks }: { weeks: readonly Week[] }) {
  if (weeks.length < 2 || weeks.every(({ wouldCloseGroups }) => wouldCloseGroups === 0)) return null;
  const rows = weeks.map((week) => ({ ...week, label: formatInstant(week.weekMs, 'utc').slice(0, 10) }));
  return (
    <ChartFrame
      title="Items a week that it would have closed"
      note="by the week in which they happened"
      rows={rows}
      rowKey={(row) => row.weekMs}
      columns={[
        { key: 'week', header: 'Week of', render: (row) => row.label },
        { key: 'alerts', header: 'Alerts', align: 'right', render: (row) => formatCount(row.alerts) },
        { key: 'closed', header: 'Would close', align: 'right', render: (row) => formatCount(row.wouldCloseGroups) },
        { key: 'tp', header: 'True positives', align: 'right', render: (row) => formatCount(row.truePositives) },
      ]}
    >
      <ResponsiveContainer width="100%" height={156}>
        <BarChart accessibilityLayer={false} data={rows} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <CartesianGrid {...CHART.grid} />
          <XAxis dataKey="label" {...CHART.axis} tickLine={false} height={20} />
          <YAxis {...CHART.axis} tickLine={false} axisLine={false} width={44} allowDecimals={false} />
          <Bar dataKey="wouldCloseGroups" name="Would close" fill={CHART.first} isAnimationActive={false} />
        </BarChart>
      </ResponsiveContainer>
    </ChartFrame>
  );
}

import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { AUDIT_VERDICTS, type AuditVerdict, type MaskedAudit } from '../../../shared/model/assurance.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { wordsOf } from '../../state/error-words.ts';
import { useDecide } from '../../state/use-decide.ts';
import { EntityText } from '../../ui/entity-text.tsx';
import { ErrorState, type ErrorWords } from '../../ui/error-state.tsx';
import { focusOnMount } from '../../ui/focus-on-mount.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useCaughtFocus } from '../../ui/use-caught-focus.ts';
import { countOf } from '../../ui/words.ts';
import classes from './assurance.module.css';
import { VERDICT_WORDS } from './assurance-words.ts';

/** Nobody may look the original up, so that a field stands here whole unless it is a text of pages. */
const FIELD_MAX = 2_000;

/** The audit queue, one item at a time: who or what closed it is not to be seen, and nothing is to be done about it. */
export function AuditDesk({ waiting }: { waiting: number }) {
  const engine = useEngine();
  const [audit, setAudit] = useState<MaskedAudit | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const [failure, setFailure] = useState<ErrorWords | null>(null);
  const take = async () => {
    setFailure(null);
    try {
      const next = await engine.assurance.take({ statement: makeStatement({ kind: 'audit.take' }) });
      setAudit(next.audit);
      setLeft(next.waiting);
    } catch (error) {
      setFailure(wordsOf(error, 'Taking the next audit'));
    }
  };
  const takeNext = useRef<HTMLButtonElement>(null);
  // Whoever leaves an audit goes on from the button that gives the next one.
  useCaughtFocus(takeNext, audit === null);
  const count = left ?? waiting;
  return (
    <Panel
      title="Audit"
      note="Closed alerts, drawn blind: by rules, by people, and some that are known to be bad."
      action={
        audit === null ? (
          <Button ref={takeNext} variant="filled" disabled={count === 0 && left !== null} onClick={() => void take()}>
            Take the next audit
          </Button>
        ) : null
      }
    >
      {failure === null ? null : <ErrorState error={failure} />}
      {audit === null ? (
        <p className="ew-muted">
          {left !== null && count === 0
            ? 'None is left for you today.'
            : `${countOf(count, 'audit')} wait${count === 1 ? 's' : ''}. Each takes a minute or two and counts into the team’s budget.`}
        </p>
      ) : (
        <AuditCard key={audit.id} audit={audit} onDone={() => void take()} onLeave={() => setAudit(null)} />
      )}
    </Panel>
  );
}

function AuditCard({ audit, onDone, onLeave }: { audit: MaskedAudit; onDone: () => void; onLeave: () => void }) {
  const engine = useEngine();
  const decide = useDecide();
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [evidence, setEvidence] = useState('');
  const needsEvidence = verdict === 'true_positive' && evidence.trim().length < 3;
  const send = async () => {
    if (verdict === null) return;
    const done = await decide.run(
      () =>
        engine.assurance.answer({
          statement: makeStatement({ kind: 'audit.answer', reason: evidence === '' ? null : evidence }),
          id: audit.id,
          verdict,
          evidence,
        }),
      { doing: 'Answering the audit' },
    );
    if (done !== null) onDone();
  };
  return (
    <div ref={focusOnMount} tabIndex={-1} className={classes.card}>
      <p className={classes.note}>{audit.note}</p>
      <p className={classes.cardHead}>
        <SeverityMark severity={audit.severity} withWord />
        <span className="ew-strong">
          <LineText text={audit.title} />
        </span>
        <EntityText value={audit.entity.value} />
      </p>
      <p className="ew-muted">
        {audit.product}, {countOf(audit.count, 'alert')},{' '}
        {audit.firstObservedAtMs === audit.lastObservedAtMs ? (
          <TimeText atMs={audit.firstObservedAtMs} which="event" />
        ) : (
          <>
            from <TimeText atMs={audit.firstObservedAtMs} which="event" /> to{' '}
            <TimeText atMs={audit.lastObservedAtMs} which="event" />
          </>
        )}
        . Read it by <TimeText atMs={audit.dueAtMs} form="both" />.
      </p>
      {audit.alerts.map((alert) => (
        <div key={`${alert.observedAtMs} ${alert.description}`} className={classes.alert}>
          <p>
            <TimeText atMs={alert.observedAtMs} which="event" /> <LineText text={alert.description} />
          </p>
          <dl className={classes.fields}>
            {alert.fields.map((field) => (
              <div key={field.name}>
                <dt className="ew-mono">{field.name}</dt>
                <dd className="ew-mono">
                  <LineText text={field.value} limit={FIELD_MAX} />
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      <fieldset className={classes.verdicts}>
        <legend>What is it, by what stands here?</legend>
        {AUDIT_VERDICTS.map((each) => (
          <label key={each} className={classes.verdict}>
            <input
              type="radio"
              name={`audit-${audit.id}`}
              checked={verdict === each}
              onChange={() => setVerdict(each)}
            />
            {VERDICT_WORDS[each]}
          </label>
        ))}
      </fieldset>
      <Textarea
        label={verdict === 'true_positive' ? 'What shows it' : 'What shows it (optional)'}
        autosize
        minRows={2}
        value={evidence}
        onChange={(event) => setEvidence(event.currentTarget.value)}
      />
      <div className={classes.buttons}>
        <Button variant="filled" disabled={verdict === null || needsEvidence} onClick={() => void send()}>
          Answer this audit
        </Button>
        <Button onClick={onLeave}>Leave it for now</Button>
        {verdict === null ? (
          <span className="ew-muted ew-small">Say first what it is.</span>
        ) : needsEvidence ? (
          <span className="ew-muted ew-small">Write first what shows it.</span>
        ) : null}
        {verdict === 'true_positive' ? <span>It is opened again and goes to tier 2 as a question.</span> : null}
      </div>
    </div>
  );
}

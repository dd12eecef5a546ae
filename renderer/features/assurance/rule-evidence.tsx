import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { percent } from '../../../shared/domain/assurance/say-rate.ts';
import type { AssuredRule } from '../../../shared/model/assurance.ts';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { useHasRole } from '../../state/workspace.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { countOf, formatCount } from '../../ui/words.ts';
import classes from './assurance.module.css';

const NOTHING_CLOSED = 'Not known: it has closed nothing.';

/** Everything that is known of one rule: both error rates with their intervals, why it is where it is, and what is missing. */
export function RuleEvidence({ rule }: { rule: AssuredRule }) {
  const { rates, suspension } = rule;
  return (
    <section className={classes.evidence} aria-label={rule.title}>
      <dl className={classes.facts}>
        <dt>Of what it closed, truly bad</dt>
        <dd>{rule.closed === 0 ? NOTHING_CLOSED : rates.falseCloseRate.sentence}</dd>
        <dt>Of what was truly bad, closed by it</dt>
        <dd>{rule.closed === 0 ? NOTHING_CLOSED : rates.missShare.sentence}</dd>
        {rule.closed === 0 ? null : (
          <>
            <dt>How many are drawn</dt>
            <dd>
              {percent(rule.auditRate)} of its usual closures: {rule.auditRateWhy}.
            </dd>
          </>
        )}
        {rule.reasons.length === 0 ? null : (
          <>
            <dt>Why it is where it is</dt>
            <dd>{rule.reasons.join(' ')}</dd>
          </>
        )}
        {rule.missing.length === 0 ? null : (
          <>
            <dt>What is missing for a certificate</dt>
            <dd>{rule.missing.join(' ')}</dd>
          </>
        )}
        {rule.driftSinceMs === null ? null : (
          <>
            <dt>Drift</dt>
            <dd>
              What it closes has changed since <TimeText atMs={rule.driftSinceMs} form="both" />.
            </dd>
          </>
        )}
        {rule.volume?.hasAlarmed === true ? (
          <>
            <dt>Volume</dt>
            <dd>
              It closes at twice its usual pace of {formatCount(rule.volume.usualPerHour)} an hour, for{' '}
              {countOf(rule.volume.hours, 'hour')}.
            </dd>
          </>
        ) : null}
        {suspension === null ? null : (
          <>
            <dt>Stopped</dt>
            <dd>
              <TimeText atMs={suspension.atMs} form="both" />: {suspension.reason}{' '}
              {countOf(suspension.reopened, 'closure')}{' '}
              {suspension.isReopening ? 'so far went back to people, and it goes on.' : 'went back to people.'}
            </dd>
          </>
        )}
      </dl>
      {suspension !== null && (rule.state === 'suspended' || rule.state === 'shadow') ? <Rearm rule={rule} /> : null}
    </section>
  );
}

/** A stopped rule closes again only when a named person says so, on evidence from after the stop. */
function Rearm({ rule }: { rule: AssuredRule }) {
  const engine = useEngine();
  const decide = useDecide();
  const isLead = useHasRole('lead');
  const [reason, setReason] = useState('');
  const { fresh } = rule;
  const send = () =>
    decide.run(
      () =>
        engine.assurance.rearm({
          statement: makeStatement({ kind: 'assurance.rearm', reason }),
          ruleId: rule.ruleId,
          reason,
        }),
      { doing: 'Letting it close again', isUndoable: false },
    );
  return (
    <div className={classes.rearm}>
      <p>
        {fresh === null
          ? 'Nothing is known of it since it was stopped.'
          : `Since it was stopped people decided ${countOf(fresh.audited, 'alert')} that it would have closed, ${countOf(fresh.misses, 'true positive')} among them.`}
      </p>
      {isLead ? (
        <>
          <Textarea
            label="Why may it close again?"
            autosize
            minRows={2}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Button disabled={reason.trim().length < 3} onClick={() => void send()}>
            Let it close again, on trial
          </Button>
        </>
      ) : (
        <p className="ew-muted">A lead who does not own it can let it close again, on fresh evidence.</p>
      )}
    </div>
  );
}

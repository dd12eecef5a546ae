import { Button, NativeSelect, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { GroupDetail } from '../../../../shared/model/queue.ts';
import type { SeverityCorrection } from '../../../../shared/model/severity-correction.ts';
import { SEVERITIES, type Severity, severityRank } from '../../../../shared/model/vocabulary.ts';
import { makeStatement } from '../../../client/statement.ts';
import { hashOf } from '../../../frame/route.ts';
import { useEngine } from '../../../state/engine.tsx';
import { useDecide } from '../../../state/use-decide.ts';
import { focusOnMount } from '../../../ui/focus-on-mount.ts';
import { LineText } from '../../../ui/line-text.tsx';
import { TimeText } from '../../../ui/time-text.tsx';
import { useCaughtFocus } from '../../../ui/use-caught-focus.ts';
import { SEVERITY_WORDS } from '../../../ui/words.ts';
import classes from './detail.module.css';

/** What the product claims where people corrected it: until when, why, and by whom. Nothing where nothing is corrected. */
export function ClaimedSeverity({ detail }: { detail: GroupDetail }) {
  // What acted as the newest alerts came in is what the item shows; earlier ones are in the ledger.
  const [correction] = detail.severityCorrections;
  if (correction === undefined) return null;
  return (
    <p className={classes.claimed}>
      <Words correction={correction} /> <a href={hashOf('automation')}>Corrected severities</a>
    </p>
  );
}

function Words({ correction }: { correction: SeverityCorrection }) {
  const { claimed, corrected, state, expiresAtMs, endedAtMs, reason, proposedBy, decidedBy } = correction;
  const isOver = state === 'ended';
  return (
    <>
      <strong>
        Claimed {SEVERITY_WORDS[claimed].toLowerCase()}, corrected to {SEVERITY_WORDS[corrected].toLowerCase()} until{' '}
        <TimeText atMs={isOver ? (endedAtMs ?? expiresAtMs) : expiresAtMs} form="minute" />
      </strong>
      {isOver ? ' (over since)' : ''}: “
      <LineText text={reason} limit={400} />
      ”. Proposed by <bdi>{proposedBy}</bdi>, approved by <bdi>{decidedBy ?? 'nobody'}</bdi>.
    </>
  );
}

const WORDS = SEVERITIES.toReversed().map((severity) => ({ value: severity, label: SEVERITY_WORDS[severity] }));
const DAYS = ['7', '30', '90'].map((value) => ({ value, label: `${value} days` }));

/** Asks that what this item's source rule claims be taken for another severity. A second person has to approve. */
export function ProposeSeverity({ detail }: { detail: GroupDetail }) {
  const engine = useEngine();
  const decide = useDecide();
  const { item } = detail;
  const claim = detail.alerts.at(-1)?.claimedSeverity ?? item.severity;
  const [isOpen, setOpen] = useState(false);
  const open = useRef<HTMLButtonElement>(null);
  useCaughtFocus(open, isOpen);
  const [claimed, setClaimed] = useState<Severity>(claim);
  const [corrected, setCorrected] = useState<Severity>(claim === 'critical' ? 'high' : 'medium');
  const [days, setDays] = useState('30');
  const [reason, setReason] = useState('');
  if (!isOpen) {
    return (
      <p>
        <button ref={open} type="button" className={classes.link} onClick={() => setOpen(true)}>
          Propose another severity for what this source rule claims
        </button>
      </p>
    );
  }
  const allowed = WORDS.filter(
    ({ value }) =>
      value !== 'unknown' &&
      value !== claimed &&
      (claimed !== 'critical' || severityRank(value) >= severityRank('high')),
  );
  const chosen = allowed.some(({ value }) => value === corrected) ? corrected : (allowed[0]?.value ?? 'high');
  const send = async () => {
    const statement = makeStatement({ kind: 'severity.propose', reason });
    const input = { statement, groupId: item.id, claimed, corrected: chosen, days: Number(days), reason };
    const done = await decide.run(() => engine.rules.proposeCorrection(input), {
      doing: 'Proposing another severity',
      isUndoable: false,
    });
    if (done !== null) setOpen(false);
  };
  return (
    <form
      className={classes.propose}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // Back to the item, and not from the item to the list.
        event.preventDefault();
        setOpen(false);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className={classes.proposeRow}>
        <NativeSelect
          ref={focusOnMount}
          label="When it claims"
          data={WORDS}
          value={claimed}
          onChange={(event) => setClaimed(event.currentTarget.value as Severity)}
        />
        <NativeSelect
          label="Take it for"
          data={allowed}
          value={chosen}
          onChange={(event) => setCorrected(event.currentTarget.value as Severity)}
        />
        <NativeSelect
          label="For how long"
          data={DAYS}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
        />
      </div>
      <Textarea
        label="Why"
        description="For this rule of this product alone, in alerts that come in once a second person has approved it. The claim stays in sight."
        autosize
        minRows={2}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <div className={classes.proposeRow}>
        <Button type="submit" disabled={reason.trim().length < 3}>
          Propose it
        </Button>
        <Button variant="subtle" onClick={() => setOpen(false)}>
          Leave it
        </Button>
      </div>
    </form>
  );
}

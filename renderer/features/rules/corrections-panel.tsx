import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { makeStatement } from '../../client/statement.ts';
import { useEngine } from '../../state/engine.tsx';
import { useDecide } from '../../state/use-decide.ts';
import { LineText } from '../../ui/line-text.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SeverityMark } from '../../ui/severity-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Correction } from './rule-words.ts';
import classes from './rules.module.css';
import { useCorrections } from './use-rules.ts';

/** Claims of products' rules that count as something else, or are to. Not there when there are none. */
export function CorrectionsPanel() {
  const corrections = useCorrections();
  if (corrections.data === undefined || corrections.data.length === 0) return null;
  return (
    <Panel
      title="Corrected severities"
      note="By two people, with an end. What the product claimed stays with each alert. Propose one from an item of the queue."
    >
      <ul className={classes.hits}>
        {corrections.data.map((correction) => (
          <CorrectionLine key={correction.id} correction={correction} />
        ))}
      </ul>
    </Panel>
  );
}

function CorrectionLine({ correction }: { correction: Correction }) {
  const { product, claimed, corrected, reason } = correction;
  return (
    <li className={classes.panel}>
      <div>
        <div className={classes.change}>
          <span className="ew-strong">
            <LineText text={correction.sourceRuleName} limit={120} />
          </span>
          <span className="ew-muted">of {product}, claimed</span>
          <SeverityMark severity={claimed} withWord />
          <span className="ew-muted">counts as</span>
          <SeverityMark severity={corrected} withWord />
        </div>
        <div className="ew-small">
          {correction.proposedBy}: <LineText text={reason} limit={600} />
        </div>
        <div className="ew-muted ew-small">
          <Standing correction={correction} />
        </div>
      </div>
      {correction.state === 'open' || correction.state === 'approved' ? (
        <Buttons key={correction.state} correction={correction} />
      ) : null}
    </li>
  );
}

function Standing({ correction }: { correction: Correction }) {
  const { state, decidedBy, decidedReason, expiresAtMs, endedAtMs, endedBy, endedReason } = correction;
  if (state === 'open') {
    return (
      <>
        Waits for a second person; would end <TimeText atMs={expiresAtMs} form="both" />. {correction.block}
      </>
    );
  }
  if (state === 'rejected') {
    return (
      <>
        Sent back by {decidedBy}: <LineText text={decidedReason ?? ''} />
      </>
    );
  }
  if (state === 'approved') {
    return (
      <>
        Approved by {decidedBy}, ends <TimeText atMs={expiresAtMs} form="both" />. For alerts that came in since.
      </>
    );
  }
  return (
    <>
      {state === 'withdrawn' ? 'Withdrawn' : 'Over'} <TimeText atMs={endedAtMs ?? expiresAtMs} form="both" />
      {endedBy === null ? '' : ` by ${endedBy}`}: <LineText text={endedReason ?? ''} />
    </>
  );
}

function Buttons({ correction }: { correction: Correction }) {
  const engine = useEngine();
  const decide = useDecide();
  const [reason, setReason] = useState('');
  const { id: correctionId, state, block, isMine, sourceRuleName } = correction;
  const isOpen = state === 'open';
  const answer = (verdict: 'approve' | 'reject') =>
    decide.run(
      () =>
        engine.rules.decideCorrection({
          statement: makeStatement({ kind: 'severity.decide', reason }),
          correctionId,
          verdict,
          reason,
        }),
      { doing: verdict === 'approve' ? 'Approving it' : 'Sending it back', isUndoable: false },
    );
  const end = () =>
    decide.run(
      () =>
        engine.rules.endCorrection({
          statement: makeStatement({ kind: 'severity.end', reason }),
          correctionId,
          reason,
        }),
      { doing: 'Taking it back', isUndoable: false },
    );
  if (isOpen && block !== null && !isMine) return null;
  const isShort = reason.trim().length < 3;
  return (
    <div className={classes.buttons}>
      <TextInput
        aria-label={`Why, for ${sourceRuleName}`}
        placeholder="Why"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {isOpen && block === null ? (
        <>
          <Button disabled={isShort} onClick={() => void answer('approve')}>
            Approve it
          </Button>
          <Button disabled={isShort} onClick={() => void answer('reject')}>
            Send it back
          </Button>
        </>
      ) : null}
      {isOpen && !isMine ? null : (
        <Button disabled={isShort} onClick={() => void end()}>
          Take it back
        </Button>
      )}
    </div>
  );
}
